"""Passwords that no keyring keeps: asked for after a pass that lacked one, an account after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from regrets.tui.bridge import SYNC

if TYPE_CHECKING:
    from regrets.domain.events import SyncFinished
    from regrets.tui.screens.inbox import InboxScreen


class Passwords:
    """`look(account)` starts a pass over one account."""

    def __init__(self, inbox: InboxScreen, look: Callable[[str], None]) -> None:
        self._inbox, self._look = inbox, look
        self._lacking: list[str] = []
        self._typed: set[str] = set()  # accounts whose password was typed in this run, and not refused so far

    def finished(self, passes: list[SyncFinished], *, ask: bool) -> None:
        """After a pass: a typed password that was refused is forgotten. `ask`: what is lacking is asked for."""
        for one in passes:
            if one.refused and one.account in self._typed:
                self._typed.discard(one.account)
                self._type(one.account, "")
        if ask:
            self._lacking += [one.account for one in passes if one.no_password and one.account not in self._lacking]
            self._ask_next()

    def _ask_next(self) -> None:
        if self._lacking:
            account = self._lacking.pop(0)
            shown = partial(self._show, account)
            self._inbox.bridge.ask(SYNC, lambda desk: desk.login_of(account), shown, self._inbox.alarm)

    def _show(self, account: str, login: str) -> None:
        from regrets.tui.screens.password import PasswordScreen

        self._inbox.lay_over(PasswordScreen(self._inbox.keymap, account, login), partial(self._given, account))

    def _given(self, account: str, password: str | None) -> None:
        if password:
            self._typed.add(account)
            self._type(account, password)
            self._look(account)
        else:
            self._ask_next()

    def _type(self, account: str, password: str) -> None:
        bridge = self._inbox.bridge
        bridge.ask(SYNC, lambda desk: desk.type_password(account, password), lambda _: None, self._inbox.alarm)
