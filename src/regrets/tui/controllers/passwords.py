"""Passwords that no keyring keeps: asked for after a pass that lacked one, an account after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from regrets.tui.bridge import SYNC

if TYPE_CHECKING:
    from regrets.domain.events import SyncFinished
    from regrets.domain.text import SafeText
    from regrets.tui.screens.inbox import InboxScreen


class Passwords:
    """`look(account)` starts a pass over one account."""

    def __init__(self, inbox: InboxScreen, look: Callable[[str], None]) -> None:
        self._inbox, self._look = inbox, look
        self._lacking: list[str] = []
        self._asking = False
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

    def tick(self) -> None:
        """Every second: what waits to be asked, where nobody types anything else."""
        self._ask_next()

    def _ask_next(self) -> None:
        if self._lacking and not self._asking and self._is_free():
            account = self._lacking.pop(0)
            shown = partial(self._show, account)
            self._asking = True
            self._inbox.bridge.ask(SYNC, lambda desk: desk.login_of(account), shown, self._failed)

    def _is_free(self) -> bool:
        """Only the list has the cursor: what is typed into a letter must not become a password."""
        focused = self._inbox.focused
        at_the_list = self._inbox.app.screen is self._inbox and (focused is None or focused.id == "list")
        return at_the_list and not self._inbox.keys.typing

    def _failed(self, error: SafeText) -> None:
        self._asking = False
        self._inbox.alarm(error)

    def _show(self, account: str, login: str) -> None:
        from regrets.tui.screens.password import PasswordScreen

        if not self._is_free():
            self._asking = False
            self._lacking.insert(0, account)
            return
        self._inbox.keys.forget_typed()
        self._inbox.lay_over(PasswordScreen(self._inbox.keymap, account, login), partial(self._given, account))

    def _given(self, account: str, password: str | None) -> None:
        self._asking = False
        if password:
            self._typed.add(account)
            self._type(account, password)
            self._look(account)
        else:
            self._ask_next()

    def _type(self, account: str, password: str) -> None:
        bridge = self._inbox.bridge
        bridge.ask(SYNC, lambda desk: desk.type_password(account, password), lambda _: None, self._inbox.alarm)
