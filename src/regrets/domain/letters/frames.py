"""What stands around a letter's text: greeting, closing and their punctuation, one file a language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from regrets.domain.errors import LetterError
from regrets.domain.letters.library import Source, available_languages, base


@dataclass(frozen=True, slots=True)
class Manner:
    """Greeting and closing of one way of address. In `named`, {first} and {full} stand for the name; '' never
    names anybody. `stern` ones are for letters that end a contact."""

    greeting: str
    named: str
    closing: str
    stern_greeting: str
    stern_closing: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One language's frame. `lower_after_comma`: the text goes on in lower case after a comma."""

    language: str
    name: str
    lower_after_comma: bool
    formal_by_default: bool  # how one writes to somebody of whom nothing is known
    closing_comma: bool  # for the lint
    prepositions: tuple[str, ...]  # words after which no slot may stand, for the lint
    before_date: tuple[str, ...]  # of these, those after which {{ date }} stands in the right case
    pass_on: str  # asks a forwarder to pass the answer on; {organizer} stands for the organiser's name
    pass_on_unnamed: str
    only_this: str  # says that an answer is about one meeting of a series; {when} stands for it
    formal: Manner
    informal: Manner


@lru_cache(maxsize=32)
def frame(language: str) -> Frame | None:
    """The frame of a language with built-in letters, else None."""
    if language not in available_languages():
        return None
    file = resources.files("regrets") / "letters" / language / "frame.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    formal = data["formal"]
    return Frame(
        language=language,
        name=data["name"],
        lower_after_comma=data["lower_after_comma"],
        formal_by_default=data["formal_by_default"],
        closing_comma=data["closing_comma"],
        prepositions=tuple(data.get("prepositions", ())),
        before_date=tuple(data.get("before_date", ())),
        pass_on=data.get("pass_on", ""),
        pass_on_unnamed=data.get("pass_on_unnamed", ""),
        only_this=data.get("only_this", ""),
        formal=Manner(**formal),
        informal=Manner(**(formal | data.get("informal", {}))),
    )


def formal_by_default(language: str, fallback: str = "en") -> bool:
    """Whether business mail is formal unless something else is known (nb and fi: no). A language without letters
    is written in `fallback`, which then decides."""
    around = frame(base(language)) or frame(base(fallback))
    return around.formal_by_default if around else True


def lines(source: Source, *, formal: bool, first: str, full: str, salutation: str) -> tuple[str, str]:
    """(greeting, closing) for a letter. A stored salutation stands as it is, save where no warmth is due."""
    around = frame(source.language)
    if around is None and not (source.text("greeting") and source.text("closing")):
        raise LetterError(
            f"{source.name}: there is no greeting for the language {source.language!r}.",
            'Put greeting = "…" and closing = "…" into its head.',
        )
    if around is None:
        return source.text("greeting"), source.text("closing")
    manner = around.formal if formal else around.informal
    if source.text("manner") == "stern":
        greeting, closing = manner.stern_greeting, manner.stern_closing
    else:
        greeting, closing = manner.greeting, manner.closing
        named = source.text("named") or manner.named
        if first and named:
            greeting = named.replace("{first}", first).replace("{full}", full)
        greeting = salutation or greeting
    return source.text("greeting") or greeting, source.text("closing") or closing


def pass_on(source: Source, organizer: str) -> str:
    """The sentence that asks whoever forwarded an invitation to pass the answer on: it reaches nobody else."""
    around = frame(source.language)
    if around is None:
        return ""
    return around.pass_on.replace("{organizer}", organizer) if organizer else around.pass_on_unnamed


def only_this(source: Source, when: str) -> str:
    """The sentence that says which meeting of a series is meant."""
    around = frame(source.language)
    return around.only_this.replace("{when}", when) if around and when else ""


def continue_after(greeting: str, text: str, language: str) -> str:
    """The text with its first letter as the greeting's last sign wants it."""
    around = frame(language)
    if around and around.lower_after_comma and greeting.rstrip().endswith(","):
        return text[:1].lower() + text[1:]
    return text
