"""Lengths of time as people say them: a closed set, written out in the form that each place in a sentence wants.

Other lengths are figures with a unit that doesn't inflect ("45 min"), as `formats.duration` has them.
"""

from __future__ import annotations

from regrets.domain.letters import formats
from regrets.domain.letters.library import base

# As what is enough, or as what is set aside, where one form serves both.
_SAID = {
    "en": {30: "half an hour"},
    "nb": {30: "en halvtime", 60: "en time", 90: "halvannen time", 120: "to timer", 180: "tre timer"},
    "tr": {30: "yarım saat", 60: "bir saat", 90: "bir buçuk saat", 120: "iki saat", 180: "üç saat"},
    "lv": {30: "pusstundu", 60: "vienu stundu", 90: "pusotru stundu", 120: "divas stundas", 180: "trīs stundas"},
    "sl": {30: "pol ure", 60: "ena ura", 90: "ura in pol", 120: "dve uri", 180: "tri ure"},
    "fi": {30: "puoli tuntia", 60: "tunti", 90: "puolitoista tuntia", 120: "kaksi tuntia", 180: "kolme tuntia"},
}
# As what is set aside, where that is another form.
_SET_ASIDE = {"sl": {60: "eno uro", 90: "uro in pol"}, "fi": {60: "tunnin"}}


def enough(minutes: int, language: str) -> str:
    """As the subject: "Riittäisikö *tunti*?"; '' for 0. (In Latvian both places want the accusative.)"""
    return _SAID.get(base(language), {}).get(minutes) or formats.duration(minutes, language)


def set_aside(minutes: int, language: str) -> str:
    """As what is given or taken: "Olen varannut aikaa *tunnin*"; '' for 0."""
    return _SET_ASIDE.get(base(language), {}).get(minutes) or enough(minutes, language)
