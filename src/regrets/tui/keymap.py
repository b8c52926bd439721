"""From the registry of actions and the user's [keys] to bindings, with every fault told at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, KEY_TO_UNICODE_NAME, Keys, format_key

from regrets.domain.actions import ACTIONS, BY_ID, Action
from regrets.domain.text import NOTHING, SafeText, joined, own, safe_line

_MODIFIERS = {"ctrl", "shift", "alt", "super", "meta", "hyper"}
_NAMED = {key.value for key in Keys} | {f"f{number}" for number in range(1, 25)} | {"space", "newline"}


class Keymap(NamedTuple):
    """The keys of every action after the user's own wishes."""

    keys: Mapping[str, tuple[str, ...]]

    def of(self, action_id: str) -> tuple[str, ...]:
        """Textual key names; empty where another action took them."""
        return self.keys.get(action_id, ())

    def shown(self, action_id: str) -> SafeText:
        """The first key as people write it: `/`, `^s`, `esc`; '' without a key."""
        return display(self.of(action_id)[0]) if self.of(action_id) else NOTHING

    def all_shown(self, action_id: str) -> SafeText:
        """All keys as people write them."""
        return joined(own(" "), map(display, self.of(action_id)))

    def bindings(self, *places: str, first: Sequence[str] = ()) -> list[Binding]:
        """Bindings of the actions of some places; every one calls `action_perform(id)`. `first`: actions that come
        before the keys of the field with the cursor."""
        return [
            Binding(
                ",".join(self.of(action.id)),
                f"perform('{action.id}')",
                action.title,
                id=action.id,
                priority=action.id in first,
            )
            for action in ACTIONS
            if action.place in places and self.of(action.id)
        ]

    def install(
        self, node: DOMNode, *places: str, also: tuple[str, str] = ("", ""), first: Sequence[str] = ()
    ) -> None:
        """Gives a screen or widget the bindings of some places, beside its own; `also`: (an action, its double),
        where the first one's keys do what the second does; `first` as in `bindings`."""
        bindings = self.bindings(*places, first=first)
        taken = {key for binding in bindings for key in binding.key.split(",")}
        doubles = [Binding(key, f"perform('{also[1]}')") for key in self.of(also[0]) if key not in taken]
        node._bindings = BindingsMap.merge([BindingsMap([*bindings, *doubles]), node._bindings])


def display(key: str) -> SafeText:
    """One key as people write it."""
    *modifiers, last = key.split("+")
    shown = {"pagedown": "PgDn", "pageup": "PgUp", "enter": "enter", "home": "Home", "end": "End"}.get(last)
    return safe_line(
        "".join("^" if name == "ctrl" else f"{name}+" for name in modifiers) + (shown or format_key(last))
    )


def resolve(wishes: Mapping[str, str]) -> tuple[Keymap, list[str]]:
    """The keymap, and one sentence for each wish that can't be met (its action keeps the default)."""
    faults: list[str] = []
    wanted: dict[str, tuple[str, ...]] = {}
    for action_id, text in wishes.items():
        if action_id not in BY_ID:
            faults.append(_unknown(action_id))
            continue
        keys = [normalise(part) for part in text.split(",")]
        bad = [part for part, key in zip(text.split(","), keys, strict=True) if key is None]
        if bad:
            faults.append(f"[keys] {action_id}: {bad[0].strip()!r} is no key")
            continue
        wanted[action_id] = tuple(key for key in keys if key)
    faults += _clashes(wanted)
    return Keymap({action.id: _granted(action, wanted) for action in ACTIONS}), faults


def normalise(text: str) -> str | None:
    """A key as Textual names it, e.g. `/` -> `slash`, `Ctrl+X` -> `ctrl+x`; None for what is no key."""
    text = text.strip()
    *modifiers, last = [text] if len(text) == 1 else text.split("+")
    modifiers = [modifier.lower() for modifier in modifiers]
    if not set(modifiers) <= _MODIFIERS or not last:
        return None
    name = last if len(last) == 1 and "ctrl" not in modifiers else last.lower()
    if len(name) == 1:
        name = _named(name) if name.isprintable() and not name.isspace() else ""
    elif name not in _NAMED and not _is_character_name(name):
        name = ""
    return "+".join([*modifiers, name]) if name else None


def _named(character: str) -> str:
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def _is_character_name(name: str) -> bool:
    if name in KEY_NAME_REPLACEMENTS.values() or name in KEY_TO_UNICODE_NAME:
        return True
    try:
        unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return False
    return True


def _together(one: Action, other: Action) -> bool:
    return one.place == other.place or "anywhere" in (one.place, other.place)


def _granted(action: Action, wanted: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The action's keys less those that a wish for another action has taken (the first wish wins)."""
    ids = list(wanted)
    rivals = ids[: ids.index(action.id)] if action.id in wanted else ids
    taken = {key for rival in rivals if _together(action, BY_ID[rival]) for key in wanted[rival]}
    keys = wanted.get(action.id, tuple(action.keys.split(",")))
    return tuple(key for key in keys if key not in taken)


def _clashes(wanted: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Keys that two actions of one place now share: told, because one of them loses its key."""
    found = []
    for action_id, keys in wanted.items():
        for other in ACTIONS:
            theirs = wanted.get(other.id, tuple(other.keys.split(",")))
            mine_first = other.id not in wanted or list(wanted).index(action_id) < list(wanted).index(other.id)
            if other.id == action_id or not mine_first or not _together(BY_ID[action_id], other):
                continue
            found += [
                f"[keys] {display(key)} is now {action_id}, no longer {other.id}" for key in keys if key in theirs
            ]
    return found


def _unknown(action_id: str) -> str:
    import difflib

    near = difflib.get_close_matches(action_id, BY_ID, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"[keys] there is no action {action_id!r}{hint}"
