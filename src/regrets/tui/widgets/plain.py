"""The one text widget: literal content, no markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from regrets.domain.text import NOTHING

if TYPE_CHECKING:
    from regrets.domain.text import SafeText
    from regrets.tui.content import SafeContent


class Plain(Static):
    """A Static with markup off, which takes nothing but what has passed the gate."""

    def __init__(self, content: SafeContent | SafeText = NOTHING, *, id: str | None = None) -> None:
        super().__init__(content, markup=False, id=id)

    def update(  # type: ignore[override]  # a Static takes any text
        self, content: SafeContent | SafeText = NOTHING, *, layout: bool = True
    ) -> None:
        """Replaces the text. Measures anew even where the former text was measured after this was asked for:
        Textual 8.2 keeps that height, because a pending layout doesn't count as another one."""
        self._box_model_cache.clear()
        super().update(content, layout=layout)
