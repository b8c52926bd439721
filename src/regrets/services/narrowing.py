"""Which mail it is at which the line breaks each time.

A line that breaks may be a bad one, or a server may stumble over one mail. What broke twice and brought nothing is
asked for in smaller and smaller pieces. A mail at which three connections broke before anything came is the suspect.
It is at fault where two more connections bring another mail first and break at this one then.
"""

from __future__ import annotations

from collections.abc import Sequence

_FIRST, _AFTER_ANOTHER = 3, 2  # breaks at one mail
_PIECES = 8  # of what broke: the good ones share a connection, the bad one costs one


class Narrowing:
    """Of one folder in one pass. `done`: UIDs that were looked at; `at_fault`: those of them at which the line
    breaks; `steps` grows with what the breaks have shown."""

    def __init__(self) -> None:
        self.done: set[int] = set()
        self.at_fault: set[int] = set()
        self.steps = 0
        self.suspect: int | None = None
        self._among: set[int] = set()
        self._most = self._breaks = 0
        self._bad_line = False

    def left(self, uids: Sequence[int]) -> list[int]:
        """Those that were not looked at."""
        return [uid for uid in uids if uid not in self.done]

    def next_piece(self, uids: Sequence[int]) -> list[int]:
        """What of ascending UIDs is asked for next: all that is left, or a part of that at which the line broke."""
        left = self.left(uids)
        among = [uid for uid in left if uid in self._among]
        return among[-self._most :] or left  # -0: all of them

    def broke(self, piece: Sequence[int], *, brought: bool, first: bool) -> int | None:
        """The line broke while these were asked for, of which it `brought` some or none; `first`: nothing had come
        over it before. The mail that is at fault, which is looked at then; None where that is not sure."""
        left = self.left(piece)
        if not left or self._bad_line:
            return None
        if left == [self.suspect]:
            return self._after_another(left[0])
        again = not brought and self._among.issuperset(left)
        narrower = len(left) < len(self._among)
        self._among = set(left)
        self._breaks = first + (self._breaks if again and not narrower else 0)
        self._most = -(-len(left) // _PIECES) if again else 0
        self.steps += again and (narrower or len(left) > 1)
        if len(left) == 1 and self._breaks == _FIRST:
            self.suspect, self._breaks = left[0], 0
            self.steps += 1
        return None

    def _after_another(self, uid: int) -> int | None:
        self._breaks += 1
        self.steps += 1
        if self._breaks < _AFTER_ANOTHER:
            return None
        self.suspect = None
        self.done.add(uid)
        self.at_fault.add(uid)
        return uid

    def acquit(self) -> None:
        """The line is a bad one, or brings the suspect as well: nobody is suspected any more in this pass."""
        self.suspect, self._most, self._bad_line = None, 0, True
