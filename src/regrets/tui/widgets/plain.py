"""The one text widget: literal content, no markup."""

from __future__ import annotations

from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Static


class Plain(Static):
    """A Static with markup off; what is shown is Content."""

    def __init__(self, content: Content | str = "", *, id: str | None = None) -> None:
        super().__init__(content, markup=False, id=id)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Replaces the text. Measures anew even where the former text was measured after this was asked for:
        Textual 8.2 keeps that height, because a pending layout doesn't count as another one."""
        self._box_model_cache.clear()
        super().update(content, layout=layout)
