"""What of the user's resources and referrals fits what an invitation asks for."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources

from regrets.domain.settings import Me

MOST_LISTED = 3


def fitting_referrals(me: Me, wanted: str) -> tuple[str, ...]:
    """Referrals whose trade (the part after the last comma) the invitation mentions, else those of my own trade (what
    I don't offer is none), else those that name no trade: a printer is no help to somebody who wants a lawyer."""
    asked_for = [line for line in me.referrals if shares_word(_trade(line), wanted)]
    mine = [
        line
        for line in me.referrals
        if shares_word(_trade(line), " ".join(me.services))
        and not shares_word(_trade(line), " ".join(me.not_offered))
    ]
    if fitting := asked_for or mine:
        return tuple(fitting[:MOST_LISTED])
    return tuple(line for line in me.referrals if "," not in line)[:MOST_LISTED]


def fitting_resources(me: Me, wanted: str) -> tuple[str, ...]:
    """Resources that share a word with the invitation, then the general ones.

    One that speaks of a single one of my services, or of something that I don't offer, helps nobody who asks for
    something else.
    """
    fitting = [line for line in me.resources if shares_word(_title(line), wanted)]
    general = [line for line in me.resources if line not in fitting and _general(_title(line), me)]
    return tuple((fitting + general)[:MOST_LISTED])


def _general(title: str, me: Me) -> bool:
    named = [shares_word(title, service) for service in me.services]
    return any(named) == all(named) and not any(shares_word(title, other) for other in me.not_offered)


def _trade(referral: str) -> str:
    return referral.rpartition(",")[2]


def _title(resource: str) -> str:
    """Without its address, whose words are often no topic."""
    return re.split(r"https?://|www\.", resource)[0]


def shares_word(text: str, wanted: str) -> bool:
    """By the first five letters, so that inflected forms meet too; short ones where they are capitals ("SEO")."""
    return bool(_stems(text) & _stems(wanted))


@lru_cache(maxsize=1)
def _little_words() -> frozenset[str]:
    """Words such as "your" and "with", of all languages: two texts that share one have no topic in common."""
    file = resources.files("regrets") / "letters" / "little_words.toml"
    rows = tomllib.loads(file.read_text(encoding="utf-8"))
    return frozenset(word for words in rows.values() for word in words.split())


def _stems(text: str) -> set[str]:
    long = (word[:5] for word in re.findall(r"\w{4,}", text.casefold()) if word not in _little_words())
    return {*long, *re.findall(r"\b[A-Z]{2,3}\b", text)}
