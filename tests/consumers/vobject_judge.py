"""What vobject, the parser of Radicale, makes of an answer.

usage: python vobject_judge.py REQUEST.ics ANSWER.ics [REQUEST.ics ANSWER.ics ...]
One line for each pair, `key=value` with tabs between; `fault=` once for everything that it would refuse;
`abstains=` where it can't read the request itself.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import vobject

Facts = list[tuple[str, str]]


def judge(request: str, answer: str) -> Facts:
    """Everything that it reads, and refuses, of one answer."""
    facts: Facts = [("judge", "vobject")]
    try:
        asked = vobject.readOne(Path(request).read_text(encoding="utf-8"))
        assert asked.vevent_list
    except Exception as error:
        return [*facts, ("abstains", f"{type(error).__name__}: {error}")]
    try:
        found = vobject.readOne(Path(answer).read_bytes().decode("utf-8"))
        found.validate(raiseException=True)
        facts += read(asked, found)
    except Exception as error:
        facts.append(("fault", f"unreadable {type(error).__name__}: {error}"))
    return facts


def read(asked: Any, found: Any) -> Facts:
    """The answer against the organiser's own copy."""
    method = value(found, "method")
    facts = [("method", method)]
    if method not in ("REPLY", "COUNTER", "REQUEST"):
        facts.append(("fault", f"method {method}"))
    if len(found.contents.get("vevent", [])) != 1:
        return [*facts, ("fault", "not exactly one event")]
    event, events = found.vevent, asked.vevent_list
    if value(event, "uid") != value(events[0], "uid"):
        facts.append(("fault", f"uid {value(event, 'uid')}"))
    organizer = value(event, "organizer")
    if not organizer or organizer.casefold() != value(events[0], "organizer").casefold():
        facts.append(("fault", f"organizer {organizer}"))
    people = event.contents.get("attendee", [])
    for name, key in (("DELEGATED-TO", "delegate"), ("DELEGATED-FROM", "delegator")):
        facts += [(key, uri.removeprefix("mailto:")) for each in people for uri in each.params.get(name, [])]
    if method == "REQUEST":  # as it is passed on to a delegate
        people = [each for each in people if "DELEGATED-TO" in each.params]
    if len(people) != 1:
        return [*facts, ("fault", f"{len(people)} attendees")]
    invited = {each.value.casefold() for other in events for each in other.contents.get("attendee", [])}
    if people[0].value.casefold() not in invited:
        facts.append(("fault", f"attendee {people[0].value}"))
    partstat = "".join(people[0].params.get("PARTSTAT", []))
    facts.append(("partstat", partstat))
    if partstat not in ("ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"):
        facts.append(("fault", f"partstat {partstat}"))
    facts.append(("sequence", value(event, "sequence")))
    for key, name in (("start", "dtstart"), ("end", "dtend"), ("occurrence", "recurrence-id")):
        if name in event.contents:
            facts.append((key, moment(event.contents[name][0].value)))
    return facts


def value(component: Any, name: str) -> str:
    """The text of the first property of that name; '' where there is none."""
    lines = component.contents.get(name, [])
    return str(lines[0].value) if lines else ""


def moment(time: Any) -> str:
    """A date, or seconds since 1970."""
    return str(int(time.timestamp())) if hasattr(time, "hour") else str(time)


def main(names: list[str]) -> None:
    """One line a pair."""
    for request, answer in zip(names[::2], names[1::2], strict=True):
        print("\t".join(f"{key}={' '.join(text.split())}" for key, text in judge(request, answer)))


if __name__ == "__main__":
    main(sys.argv[1:])
