"""What the person who wrote an invitation wants, judged from the words alone, each thing when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from regrets.domain.strategy.cues.agenda import listed_points, questions, wanted_minutes
from regrets.domain.strategy.cues.lexicon import all_lexicons, lexicons
from regrets.domain.strategy.cues.patterns import joined
from regrets.domain.strategy.cues.repeats import piece_by_piece
from regrets.domain.strategy.cues.wishes import asks_for, names, trades_of

_BROKEN_LINE = re.compile(r"(?<=[^\n]{40}[\w,])\n(?=[^\W\d_A-ZÀ-ÞČŠŽĀĒĪŪĢĶĻŅİŞĞ])")
_AGENDA_WORDS = 3


class Reading:
    """A text read with the cues of its language. `text` is what the person wrote, `subject` the SUMMARY."""

    def __init__(self, subject: str, text: str, language: str | None) -> None:
        self.subject = subject
        self.text = text
        self.language = language
        self._lexicons = lexicons(language)
        self._all = joined(f"{subject}\n{unwrapped(text)}")

    def found(self, name: str) -> tuple[str, ...]:
        """What a cue finds in subject and text, as folded words."""
        return tuple(hit for lexicon in self._lexicons for hit in lexicon.cue(name).find(self._all))

    def says(self, name: str) -> bool:
        """Whether a cue finds anything."""
        return any(lexicon.cue(name)(self._all) for lexicon in self._lexicons)

    @cached_property
    def abusive(self) -> bool:
        """Insults, threats, harassment."""
        return self.says("abuse")

    @cached_property
    def third_person(self) -> bool:
        """Help for somebody who has not asked; who takes part, or whose business it is too, has asked.

        That somebody "would join" changes nothing where they don't know of it.
        """
        if not self.says("third"):
            return False
        if self.says("secret"):
            return True
        return not self.says("joins") and (self.says("unasked") or self.says("for_them"))

    @cached_property
    def guarantee(self) -> bool:
        """A promise or liability for an outcome is demanded."""
        return self.says("guarantee")

    @cached_property
    def unpaid(self) -> bool:
        """Work without pay."""
        return self.says("unpaid")

    @cached_property
    def unrealistic(self) -> bool:
        """Plainly unrealistic."""
        return self.says("unrealistic")

    @cached_property
    def asks_status(self) -> bool:
        """Only asks whether something arrived, is on track or will be on time."""
        return self.says("status") and not self.serious and not self.decides and self.points == 0

    @cached_property
    def about_the_work(self) -> bool:
        """About how the user does the work."""
        return self.says("work") or any(piece_by_piece(self._all, lexicon) for lexicon in self._lexicons)

    @cached_property
    def pitches(self) -> bool:
        """Wants to sell, recruit or introduce something."""
        return self.says("pitch")

    @cached_property
    def serious(self) -> bool:
        """Contract, law, complaint, incident, money in dispute, dismissal, a decision."""
        return self.says("serious")

    @cached_property
    def informs(self) -> bool:
        """It only informs."""
        return self.says("informs")

    @cached_property
    def decides(self) -> bool:
        """Names a thing to be decided or worked through."""
        return self.says("decide")

    @cached_property
    def points(self) -> int:
        """Points of a list in it; 0 where there is none."""
        return listed_points(self.text, self._lexicons)

    @cached_property
    def agenda(self) -> bool:
        """A list of two or more points, or a sentence that names a thing to be decided or worked through."""
        return self.points >= 2 or self.decides

    @cached_property
    def topics(self) -> int:
        """How many topics it names; 0 where none."""
        asked = questions(self.text, self._lexicons)
        if self.points < 3 and self.says("one_thing"):
            return 1
        if self.points or asked:
            return max(self.points, asked)
        return 1 if len(self.text.split()) + len(self.subject.split()) >= _AGENDA_WORDS else 0

    @cached_property
    def wanted_minutes(self) -> int:
        """The minutes that the writer says it takes; 0 where nothing is said."""
        return wanted_minutes(self.text, self._lexicons)

    @cached_property
    def reopens(self) -> bool:
        """Goes back to something, without a new fault or a new piece of work."""
        return self.says("reopen") and not self.says("new_work")

    @cached_property
    def at_their_place(self) -> bool:
        """The text itself says that one meets at the writer's."""
        return self.says("our_place") and not self.says("online")

    def offered_not(self, phrases: Iterable[str]) -> str:
        """The first of [me].not_offered that the text asks for, also in other words; '' where none."""
        subject, text = joined(self.subject), joined(unwrapped(self.text))
        return next((phrase for phrase in phrases if asks_for(phrase, subject, text, self._lexicons)), "")

    def settled(self, phrases: Iterable[str]) -> str:
        """The first of the client's `helped_with` that the text is about; '' where none."""
        words = frozenset(self._all.split())
        return next(
            (
                phrase
                for phrase in phrases
                if names(phrase, words, 0.5) or any(self.says(f"trade:{trade.name}") for trade in trades_of(phrase))
            ),
            "",
        )


def unwrapped(text: str) -> str:
    """The text with lines joined that a mail program has broken: a full one, and a next that begins small."""
    return _BROKEN_LINE.sub(" ", text)


def location_cue(name: str, location: str) -> bool:
    """Whether a LOCATION says so in any language ("online", "unplaced", "your_place")."""
    plain = joined(location)
    return any(lexicon.cue(name)(plain) for lexicon in all_lexicons())
