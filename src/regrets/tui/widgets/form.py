"""A form: a label and its fields on each line, a choice of few words, and buttons of one line."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from regrets.domain.text import NOTHING, SafeText, own
from regrets.tui.content import SafeContent, assemble, styled
from regrets.tui.keymap import Keymap
from regrets.tui.widgets.plain import Plain
from regrets.tui.words import Glyphs


class Field(Input):
    """One line of plain text."""

    def __init__(self, *, id: str, digits: bool = False) -> None:
        super().__init__(id=id, compact=True, restrict=r"[0-9]{0,5}" if digits else None, max_length=320)
        self.cursor_blink = False


class FormLine(Horizontal):
    """`label` before its fields; `-wrong` marks it, `-here` where the cursor is (Textual 8.2 paints a label by
    `:focus-within` and doesn't paint it again when the focus has left)."""

    def __init__(self, label: SafeText, *fields: Widget) -> None:
        super().__init__()
        self._label, self._fields = label, fields

    def compose(self) -> ComposeResult:
        """The label and the fields."""
        yield Plain(styled(self._label))
        yield from self._fields

    def on_descendant_focus(self) -> None:
        """The cursor has come."""
        self.add_class("-here")

    def on_descendant_blur(self) -> None:
        """It has gone."""
        self.remove_class("-here")


class FormBox(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Follows the cursor; the keys of other scrolling boxes belong to the page here."""


class Pressable(Widget, can_focus=True):
    """Pressed by click, or by the keys of `form_press`.

    Not as a binding: Textual looks those up from where the cursor is by then, and one who types ahead has moved on.
    """

    def __init__(self, keymap: Keymap, *, id: str) -> None:
        super().__init__(id=id)
        self._keys = keymap.of("form_press")

    def press(self) -> None:
        """What it does."""
        raise NotImplementedError

    def on_key(self, event: events.Key) -> None:
        """Its keys."""
        if event.key in self._keys:
            event.stop()
            self.press()

    def on_click(self) -> None:
        """As the key."""
        self.press()


class Choice(Pressable):
    """One of a few words, changed by key or click."""

    class Changed(Message):
        """The user took another one."""

        def __init__(self, choice: Choice) -> None:
            self.choice = choice
            super().__init__()

    def __init__(self, keymap: Keymap, values: Sequence[tuple[str, SafeText]], glyphs: Glyphs, *, id: str) -> None:
        """`values`: (value, as it is shown)."""
        super().__init__(keymap, id=id)
        self._values, self._glyphs = dict(values), glyphs
        self.value = values[0][0]
        self.taken = False  # by the user's own wish

    def choose(self, value: str) -> None:
        """Shows one of the values."""
        self.value = value
        self.refresh()

    def press(self) -> None:
        """The next one, by the user's wish."""
        self.taken, values = True, list(self._values)
        self.choose(values[(values.index(self.value) + 1) % len(values)])
        self.post_message(self.Changed(self))

    def render(self) -> SafeContent:
        """The word, between signs that there are others."""
        word = styled(self._values[self.value])
        style = "$quiet" if not self.has_focus else ""
        before, after = own("{} ", self._glyphs.before), own(" {}", self._glyphs.after)
        return assemble((before, style), word, (after, style))


class PushLine(Pressable):
    """A button of one line, as wide as its label."""

    class Pushed(Message):
        """By key or click."""

        def __init__(self, button: PushLine) -> None:
            self.button = button
            super().__init__()

    def __init__(self, keymap: Keymap, *, id: str) -> None:
        super().__init__(keymap, id=id)
        self._label = NOTHING

    def press(self) -> None:
        """Says so."""
        self.post_message(self.Pushed(self))

    def label(self, text: SafeText) -> None:
        """'' hides it."""
        if text != self._label:
            self._label, self.display = text, bool(text)
            self.refresh(layout=True)

    def render(self) -> SafeContent:
        """The label."""
        return styled(self._label)
