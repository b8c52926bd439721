"""Subjects of answers, as calendar programs write them in each language."""

from __future__ import annotations

import re

from regrets.domain.model import Effect, Invitation, Method, PartStat

_WORDS: dict[str, tuple[str, str, str, str, str]] = {  # accepted, declined, tentative, proposed, handed over
    "en": ("Accepted", "Declined", "Tentative", "New time proposed", "Delegated"),
    "nb": ("Godtatt", "Avslått", "Foreløpig", "Nytt tidspunkt foreslått", "Delegert"),
    "sl": ("Sprejeto", "Zavrnjeno", "Pogojno sprejeto", "Predlagan nov termin", "Preneseno"),
    "tr": ("Kabul edildi", "Reddedildi", "Belirsiz", "Yeni zaman önerildi", "Devredildi"),
    "lv": ("Pieņemts", "Noraidīts", "Provizoriski", "Ierosināts jauns laiks", "Deleģēts"),
    "fi": ("Hyväksytty", "Hylätty", "Alustava", "Ehdotettu uusi aika", "Delegoitu"),
}
_ANSWERED = re.compile(r"\s*(re|sv|vs|aw|odg|ynt|atb)\s*:", re.IGNORECASE)


def subject_for(invitation: Invitation, effect: Effect, language: str = "en") -> str:
    """`Declined: Quarterly review`; for a plain mail `Re:` and the mail's own subject. The title is as received:
    `build_message` cleans it. An unknown language is answered in English."""
    if effect.method is None:
        subject = " ".join((invitation.mail.subject or invitation.summary).split())
        return subject if _ANSWERED.match(subject) else f"Re: {subject}".rstrip()
    accepted, declined, tentative, proposed, delegated = _WORDS.get(language, _WORDS["en"])
    by_partstat = {PartStat.ACCEPTED: accepted, PartStat.DECLINED: declined, PartStat.DELEGATED: delegated}
    word = proposed if effect.method is Method.COUNTER else tentative
    if effect.method is Method.REPLY and effect.partstat is not None:
        word = by_partstat.get(effect.partstat, tentative)
    title = " ".join((invitation.summary or invitation.mail.subject).split())
    return f"{word}: {title}" if title else word
