"""The setup screen: guesses, tries, says what is wrong beside the form, and keeps exactly what was tried."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from regrets.domain.errors import SecretError
from regrets.domain.settings import Account, Login, Server
from regrets.services.doctor import Check
from regrets.services.setting_up import HOW_BACK, Outcome
from regrets.tui.controllers.trying import State
from regrets.tui.preferences import Preferences
from regrets.tui.setup import SetupApp
from regrets.tui.widgets.form import Choice, PushLine
from tests.tui.support import assert_golden, play

REFUSED = Check(
    "work: IMAP",
    False,
    "imap.studio.example:993 refused the login of ana@studio.example: [AUTHENTICATIONFAILED] Wrong",
    "Check user and password, then run `regrets setup` for studio.example.",
)
SMTP_REFUSED = Check(
    "work: SMTP",
    False,
    "The server refused user or password: 535 5.7.8 no. Run `regrets setup` to give them anew.",
    "Check smtp and login of studio.example in config.toml.",
)
PAYLOAD = "\x1b]0;PWNED\x07 \x1b[2J [@click=app.quit]PWNED[/] \u202e"


class FakeAccounts:
    """Lets `password` in; keeps in memory, with or without a keyring."""

    def __init__(self, password: str = "right", keyring: bool = True) -> None:
        self.password, self.keyring = password, keyring
        self.gate: threading.Event | None = None  # an attempt waits for it
        self.said = "signed in at imap.studio.example; INBOX: 3 mails"
        self.tried: list[tuple[Account, str | None]] = []
        self.saved: list[tuple[Account, str, str | None]] = []
        self.used: list[str] = []

    def test_account(self, account: Account, password: str | None) -> Iterator[Check]:
        self.tried.append((account, password))
        if self.gate:
            self.gate.wait(10)
        good = password in (None, self.password)
        yield Check("work: secret", True, "found")
        yield Check("work: IMAP", True, self.said) if good else REFUSED
        yield Check("work: SMTP", True, "signed in; nothing was sent") if good else SMTP_REFUSED

    def save_account(self, account: Account, your_name: str, password: str | None) -> str:
        if password and not self.keyring:
            raise SecretError(
                "No keyring that keeps passwords safely was found (none).",
                'Use login = { auth = "command", command = [...] } in config.toml, or install a keyring.',
            )
        self.saved.append((account, your_name, password))
        return "Account kept."

    def use_password(self, account: Account, password: str) -> None:
        self.used.append(password)


class Running:
    def __init__(self, app: SetupApp, pilot: Pilot[Outcome]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def state(self) -> State:
        return self.app.setup.trying.state

    @property
    def screen(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    def value(self, name: str) -> str:
        return self.app.setup.query_one(f"#{name}", Input).value

    def security(self, kind: str) -> str:
        return self.app.setup.query_one(f"#{kind}_security", Choice).value

    async def type(self, name: str, text: str) -> None:
        field = self.app.setup.query_one(f"#{name}", Input)
        field.focus()
        await self.pilot.pause()
        field.value, field.cursor_position = text, len(text)
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, state: State) -> None:
        for _ in range(400):
            if self.state is state:
                await self.pilot.pause()
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"never {state}:\n{self.screen}")

    async def shows(self, *texts: str) -> None:
        for _ in range(400):
            if all(text in self.screen for text in texts):
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"never showed {texts}:\n{self.screen}")

    async def ended(self) -> Outcome:
        for _ in range(400):
            if self.app.return_value is not None:
                return self.app.return_value
            await self.pilot.pause(0.01)
        raise AssertionError(f"it did not end:\n{self.screen}")


@asynccontextmanager
async def setting_up(
    accounts: FakeAccounts, size: tuple[int, int] = (80, 24), **preferences: Any
) -> AsyncIterator[Running]:
    app = SetupApp(accounts, Preferences(**{"theme": "regrets-dark", **preferences}))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Running(app, pilot)
        app.lanes.stop.set()
    app.lanes.finish(1.0)
    assert app.lanes.unexpected == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 15)])
def test_it_looks_as_stored(size: tuple[int, int]) -> None:
    async def scenario() -> None:
        async with setting_up(FakeAccounts(), size) as running:
            name = f"{size[0]}x{size[1]}"
            assert_golden(f"setup-{name}", running.screen)
            await running.type("address", "ana@gmail.com")
            assert_golden(f"setup-guessed-{name}", running.screen)
            await running.type("address", "ana@studio.example")
            await running.type("your_name", "Ana Novak")
            await running.type("password", "wrong")
            await running.press("enter")
            await running.until(State.FAILED)
            assert_golden(f"setup-refused-{name}", running.screen)

    play(scenario())


def test_a_wrong_password_is_told_and_mended_and_what_was_tried_is_kept() -> None:
    async def scenario() -> None:
        accounts = FakeAccounts()
        async with setting_up(accounts) as running:
            await running.type("address", "ana@studio.example")
            await running.press("enter")
            await running.press(*"Ana Novak")
            await running.type("password", "wrong")
            await running.press("ctrl+s")
            await running.until(State.FAILED)
            assert "✓ Password  as typed" in running.screen
            assert "✗ IMAP" in running.screen
            assert "Check user and password." in " ".join(running.screen.split())
            assert "regrets setup" not in running.screen
            assert "config.toml" not in running.screen
            assert accounts.saved == []
            assert running.value("password") == "wrong"  # the form stays
            await running.type("password", "right")
            assert running.state is State.FRESH
            await running.press("enter")
            assert await running.ended() == Outcome("kept", "Account kept.")
        account = Account(
            "studio.example",
            "ana@studio.example",
            Server("imap.studio.example", 993),
            Server("smtp.studio.example", 465),
            Login("ana@studio.example"),
        )
        assert accounts.saved == [(account, "Ana Novak", "right")]
        assert accounts.tried[-1] == (account, "right")

    play(scenario())


def test_guesses_follow_the_address_but_leave_alone_what_was_typed() -> None:
    async def scenario() -> None:
        async with setting_up(FakeAccounts()) as running:
            await running.type("address", "ana@gmai")
            assert running.value("imap_host") == ""  # not yet a whole address
            await running.press(*"l.com")
            assert running.value("imap_host") == "imap.gmail.com"
            assert "app password" in running.screen
            await running.type("smtp_host", "relay.example")
            await running.type("address", "ana@icloud.com")
            assert running.value("imap_host") == "imap.mail.me.com"
            assert running.value("smtp_host") == "relay.example"
            assert (running.value("smtp_port"), running.security("smtp")) == ("587", "starttls")
            assert "iCloud takes" in running.screen

    play(scenario())


def test_port_and_encryption_go_together() -> None:
    async def scenario() -> None:
        async with setting_up(FakeAccounts()) as running:
            await running.type("address", "ana@studio.example")
            running.app.setup.query_one("#smtp_security").focus()
            await running.press("space")
            assert (running.value("smtp_port"), running.security("smtp")) == ("587", "starttls")
            await running.type("imap_port", "143")
            assert running.security("imap") == "starttls"
            await running.type("imap_port", "1143")
            assert running.security("imap") == "starttls"
            running.app.setup.query_one("#imap_security").focus()
            await running.press("space", "space", "space")
            assert (running.value("imap_port"), running.security("imap")) == ("1143", "starttls")
            await running.type("imap_port", "993")
            assert running.security("imap") == "starttls"  # it was chosen

    play(scenario())


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("address", "ana", "ana is no e-mail address."),
        ("imap_host", "https://imap.x", "is no name of a server. Give one such as imap.studio.example."),
        ("smtp_port", "70000", "70000 is no port. SMTP is usually at 465."),
        ("password", "", "The password is missing."),
        ("password_command", "pass 'show", "The command can't be read (No closing quotation)."),
        ("password_command", "pass show", "Both a password and a command are given."),
    ],
)
def test_a_wrong_answer_is_told_and_gets_the_cursor(field: str, typed: str, said: str) -> None:
    async def scenario() -> None:
        accounts = FakeAccounts()
        async with setting_up(accounts, (120, 40)) as running:
            await running.type("address", "ana@studio.example")
            await running.type("password", "right")
            await running.type(field, typed)
            await running.press("ctrl+s")
            assert said in running.screen
            wanted = "password" if said.startswith("Both") else field
            assert running.app.focused is running.app.setup.query_one(f"#{wanted}")
            assert accounts.tried == []
            await running.press("backspace" if field == "smtp_port" else "x")
            assert said not in running.screen  # it is about what stood there

    play(scenario())


def test_only_the_error_of_the_field_that_is_typed_into_goes() -> None:
    async def scenario() -> None:
        accounts = FakeAccounts()
        async with setting_up(accounts, (120, 40)) as running:
            await running.type("address", "ana@studio.example")
            await running.type("password", "wrong")
            await running.press("enter")
            await running.until(State.FAILED)
            await running.type("your_name", "Ana")
            assert "✗ IMAP" in running.screen
            await running.type("imap_host", "mail.studio.example")
            assert "✗ IMAP" not in running.screen
            assert "✗ SMTP" in running.screen
            assert "before your change" in running.screen
            assert "Try it and open the inbox" in running.screen
            await running.type("smtp_port", "70000")
            await running.press("f2")
            assert "70000 is no port" in running.screen
            await running.type("your_name", "Ana Novak")
            assert "70000 is no port" in running.screen
            await running.type("password", "right")
            assert "✗" not in running.screen
            assert "70000 is no port" in running.screen
            await running.type("smtp_port", "465")
            assert "70000 is no port" not in running.screen
            await running.press("ctrl+s")
            assert (await running.ended()).end == "kept"

    play(scenario())


@pytest.mark.parametrize("width", [40, 46, 58, 60, 70, 72])
def test_servers_can_be_read_and_buttons_pressed_in_a_narrow_window(width: int) -> None:
    async def scenario() -> None:
        async with setting_up(FakeAccounts(), (width, 20)) as running:
            await running.type("address", "ana@studio.example")
            running.app.setup.query_one("#smtp_port").focus()
            await running.shows("imap.studio.example", "smtp.studio.example", "993")
            running.app.setup.query_one("#second").focus()
            await running.shows("Try it and open the inbox", "Keep it untried")

    play(scenario())


def test_the_keys_of_the_page_scroll_what_was_found() -> None:
    async def scenario() -> None:
        async with setting_up(FakeAccounts(), (40, 16)) as running:
            await running.type("address", "ana@gmail.com")
            await running.type("password", "wrong")
            await running.press("enter")
            await running.until(State.FAILED)
            assert "SMTP" not in running.screen.rpartition("Signing in")[2]
            await running.press(*["pagedown"] * 9)
            assert "Check them" in running.screen.rpartition("Signing in")[2]
            await running.press(*["pageup"] * 9)
            assert "Password" in running.screen.rpartition("Signing in")[2]

    play(scenario())


def test_clear_text_is_for_this_machine_only() -> None:
    async def scenario() -> None:
        accounts = FakeAccounts()
        async with setting_up(accounts) as running:
            await running.type("address", "ana@studio.example")
            await running.type("password", "right")
            running.app.setup.query_one("#imap_security").focus()
            await running.press("space", "space", "f2")
            assert "imap.studio.example would get the password in the clear." in running.screen
            await running.type("imap_host", "127.0.0.1")
            await running.press("f2")
            assert (await running.ended()).end == "kept"
        assert accounts.saved[0][0].imap == Server("127.0.0.1", 143, "none")

    play(scenario())


def test_without_a_keyring_the_account_is_kept_without_its_password() -> None:
    async def scenario() -> None:
        accounts = FakeAccounts(keyring=False)
        async with setting_up(accounts) as running:
            await running.type("address", "ana@studio.example")
            await running.type("password", "right")
            await running.press("enter")
            await running.until(State.UNKEPT)
            assert "No keyring that keeps passwords safely was found" in running.screen
            assert "ask for it each time?" in running.screen
            assert "config.toml" not in running.screen
            assert accounts.saved == []
            assert_golden("setup-no-keyring-80x24", running.screen)
            await running.press("enter")  # the question's own button has the cursor
            assert (await running.ended()).end == "kept"
        assert [(name, password) for _, name, password in accounts.saved] == [("", None)]
        assert accounts.used == ["right"]  # the inbox need not ask for it at once

    play(scenario())


def test_it_can_be_kept_untried_and_with_a_command() -> None:
    async def scenario() -> None:
        accounts = FakeAccounts()
        async with setting_up(accounts) as running:
            await running.type("address", "ana@studio.example")
            await running.type("user", "ana")
            await running.type("password_command", "pass show 'mail work'")
            await running.press("f2")
            assert (await running.ended()).end == "kept"
        assert accounts.tried == []
        assert accounts.saved[0][0].login == Login("ana", "command", ("pass", "show", "mail work"))
        assert accounts.saved[0][2] is None

    play(scenario())


def test_what_is_changed_while_it_is_tried_is_not_kept_as_tried() -> None:
    async def scenario() -> None:
        accounts = FakeAccounts()
        accounts.gate = threading.Event()
        async with setting_up(accounts) as running:
            await running.type("address", "ana@studio.example")
            await running.type("password", "right")
            await running.press("enter", "ctrl+s")
            assert running.state is State.TRYING
            assert len(accounts.tried) == 1
            await running.press("x")
            assert running.state is State.FRESH
            accounts.gate.set()
            for _ in range(20):
                await running.pilot.pause(0.01)
            assert accounts.saved == []
            assert "✓" not in running.screen
            await running.press("backspace", "enter")  # a second attempt waits for no first one
            assert (await running.ended()).end == "kept"

    play(scenario())


@pytest.mark.parametrize(
    ("key", "outcome"),
    [("escape", Outcome("", HOW_BACK)), ("ctrl+q", Outcome("", HOW_BACK)), ("f3", Outcome("demo"))],
)
def test_leaving_keeps_nothing(key: str, outcome: Outcome) -> None:
    async def scenario() -> None:
        accounts = FakeAccounts()
        async with setting_up(accounts) as running:
            await running.type("address", "ana@studio.example")
            await running.press(key)
            assert await running.ended() == outcome
        assert accounts.saved == []

    play(scenario())


def test_words_of_servers_are_harmless_and_literal() -> None:
    async def scenario() -> None:
        accounts = FakeAccounts()
        accounts.said = PAYLOAD
        accounts.keyring = False
        async with setting_up(accounts, (120, 40)) as running:
            await running.type("address", "ana@studio.example")
            await running.type("password", "right")
            await running.press("enter")
            await running.until(State.UNKEPT)
            assert "[@click=app.quit]PWNED[/]" in running.screen
            assert not set("\x1b\x07\u202e") & set(running.screen)

    play(scenario())


def test_the_password_is_shown_nowhere_and_can_not_be_copied() -> None:
    async def scenario() -> None:
        async with setting_up(FakeAccounts(password="")) as running:
            await running.type("address", "ana@studio.example")
            await running.type("password", "hunter2")
            await running.press("ctrl+a", "shift+home", "ctrl+c", "ctrl+x")
            assert "hunter2" not in running.app.clipboard
            assert running.value("password") == "hunter2"
            assert "hunter2" not in running.screen
            await running.press("enter")
            await running.until(State.FAILED)
            assert "hunter2" not in running.screen

    play(scenario())


@pytest.mark.parametrize("size", [(40, 10), (60, 15)])
def test_in_a_small_window_the_field_with_the_cursor_is_seen(size: tuple[int, int]) -> None:
    async def scenario() -> None:
        async with setting_up(FakeAccounts(), size) as running:
            for _ in range(13):
                focused = running.app.focused
                assert focused is not None
                assert running.app.setup.query_one("#form").region.contains_region(focused.region), focused
                await running.press("tab")

    play(scenario())


def test_the_label_of_the_field_with_the_cursor_is_marked() -> None:
    async def scenario() -> None:
        async with setting_up(FakeAccounts()) as running:
            for _ in range(14):
                marked = list(running.app.setup.query("FormLine.-here"))
                assert len(marked) == (not isinstance(running.app.focused, PushLine))
                assert all(each.has_focus_within for each in marked)
                await running.press("tab")

    play(scenario())


def test_ascii_symbols_draw_no_sign() -> None:
    async def scenario() -> None:
        async with setting_up(FakeAccounts(), symbols="ascii") as running:
            await running.type("address", "ana@studio.example")
            await running.type("password", "wrong")
            await running.press("enter")
            await running.until(State.FAILED)
            assert running.screen.replace("•", "").isascii(), running.screen

    play(scenario())
