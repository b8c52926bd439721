"""The first run: one page that asks for a mailbox, guesses its servers, tries it, and keeps what works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input

from regrets.domain.new_account import (
    SECURITIES,
    Answers,
    WrongAnswer,
    account_of,
    guess,
    is_complete,
    password_of,
    usual_port,
    usual_security,
)
from regrets.domain.recipients import valid_address
from regrets.domain.text import NOTHING, SafeText, own, owned, safe_line
from regrets.services.doctor import IMAP, PARTS, SMTP
from regrets.services.setting_up import HOW_BACK, Accounts, Outcome
from regrets.tui.bridge import Lanes
from regrets.tui.content import BLANK, SafeContent, assemble, hung, line, stacked, styled, wrapped
from regrets.tui.controllers.trying import Mailbox, State, Trying
from regrets.tui.keymap import Keymap
from regrets.tui.screens.password import UnseenField
from regrets.tui.widgets.detail import RuleLine
from regrets.tui.widgets.footer import KeyFooter
from regrets.tui.widgets.form import Choice, Field, FormBox, FormLine, PushLine
from regrets.tui.widgets.plain import Plain
from regrets.tui.widgets.status import HeaderLine
from regrets.tui.words import Glyphs, fit

SECURITY_WORDS = owned({"tls": "TLS", "starttls": "STARTTLS", "none": "none"})
PART_WORDS = owned({"secret": "Password"})
MOVES = ("setup_next", "setup_previous")
"""Not in turn after the keys that a field has still to take: what is typed next belongs to the next field, and may be
a password."""
_PART_WIDTH = 10
_SECRETS = ("password", "password_command")
PROMISE = own(
    "Nothing is kept until both servers let you in. The password goes into the system's keyring, never into a file."
)
# What the two buttons say and do (actions of `_pushed`), by where one stands.
BUTTONS: dict[State, tuple[tuple[SafeText, str], tuple[SafeText, str]]] = {
    State.FRESH: ((own("Try it and open the inbox"), "setup_try"), (own("Keep it untried"), "setup_keep")),
    State.TRYING: ((own("Trying to sign in"), "setup_try"), (own("Keep it untried"), "setup_keep")),
    State.FAILED: ((own("Try again"), "setup_try"), (own("Keep it all the same"), "setup_keep")),
    State.KEEPING: ((own("Keeping it"), ""), (NOTHING, "")),
    State.UNKEPT: ((own("Keep it, ask each time"), "keep_without"), (own("Try again"), "setup_try")),
}


def cures(wrong: str) -> Sequence[str]:
    """The fields that may mend what is wrong with one of them."""
    kind, _, what = wrong.partition("_")
    if wrong in _SECRETS:
        return _SECRETS
    return (wrong, f"{kind}_host", f"{kind}_port") if what == "security" else (wrong,)


def tried_with(name: str) -> Sequence[str]:
    """The parts of an attempt in which a field takes part: `doctor.PARTS`."""
    kind = name.partition("_")[0]
    servers = {"imap": (IMAP,), "smtp": (SMTP,)}
    return servers.get(kind, PARTS if name in ("address", "user", *_SECRETS) else ())


class SetupScreen(Screen[None]):
    """Fields, two buttons, and below them what is found."""

    AUTO_FOCUS: ClassVar[str] = "#address"

    def __init__(
        self, lanes: Lanes[Accounts], keymap: Keymap, glyphs: Glyphs, leave: Callable[[Outcome], None], your_name: str
    ) -> None:
        super().__init__()
        self._keymap, self._glyphs, self._leave, self._your_name = keymap, glyphs, leave, your_name
        self._guessed: dict[str, str] = {}
        self._note, self._wrong, self._wrong_field = "", "", ""
        self.trying = Trying(lanes, self)
        keymap.install(self, "setup", first=MOVES)

    # --- what stands there ------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Top down."""
        yield HeaderLine(id="header")
        with Container(id="page"), Vertical(id="column"):
            with FormBox(id="form"):
                yield FormLine(own("E-mail address"), Field(id="address"))
                yield FormLine(own("Your name"), Field(id="your_name"))
                yield FormLine(own("Account name"), Field(id="name"))
                yield FormLine(own("IMAP server"), *self._server("imap")).add_class("-server", "-apart")
                yield FormLine(own("SMTP server"), *self._server("smtp")).add_class("-server")
                yield FormLine(own("User name"), Field(id="user"))
                yield FormLine(own("Password"), UnseenField(id="password")).add_class("-apart")
                yield FormLine(own("or a command"), Field(id="password_command"))
                with Horizontal(id="buttons"):
                    yield PushLine(self._keymap, id="first")
                    yield PushLine(self._keymap, id="second")
            yield RuleLine(self._glyphs.rule, id="rule")
            with FormBox(id="told"):
                yield Plain(id="lines")
        yield KeyFooter(self._keymap, "setup")

    def _server(self, kind: str) -> tuple[Field, Horizontal]:
        words = [(each, SECURITY_WORDS[each]) for each in SECURITIES]
        port = Field(id=f"{kind}_port", digits=True).add_class("-port")
        security = Choice(self._keymap, words, self._glyphs, id=f"{kind}_security")
        return Field(id=f"{kind}_host"), Horizontal(port, security, classes="-listens")

    def on_mount(self) -> None:
        """Empty, but for a name that the config has."""
        self.query_one(HeaderLine).show(left=own("Your mailbox"))
        self._field("your_name").value = self._your_name
        self._field("your_name").placeholder = own("as it stands under letters")
        self._field("name").placeholder = own("what to call it here")
        self._field("user").placeholder = own("where it is not the address")
        self._field("password_command").placeholder = own("that prints the password, such as: pass show mail/work")
        self.show()

    def on_resize(self, event: events.Resize) -> None:
        """The lines wrap elsewhere; where there is room it is used."""
        self.set_class(event.size.height >= 32, "-high")
        slim = event.size.width < 60
        self.set_class(event.size.height < (24 if slim else 20), "-low")
        self.set_class(event.size.height < 11, "-tiny")
        self.set_class(event.size.width < 72, "-narrow")
        self.set_class(slim, "-slim")
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Buttons and lines, for where one stands."""
        if not self.is_mounted:
            return
        for button, (label, _) in zip(("#first", "#second"), BUTTONS[self.trying.state], strict=True):
            self.query_one(button, PushLine).label(label)
        self.query_one(RuleLine).show(*self._heading())
        self.query_one("#lines", Plain).update(stacked(self._lines()))
        self.call_after_refresh(self._keep_in_view)

    def _keep_in_view(self) -> None:
        """What is told may have taken room from the form."""
        if self.focused is not None:
            self.focused.scroll_visible(animate=False)

    def _heading(self) -> tuple[SafeText, SafeText]:
        state = self.trying.state
        if state is State.FRESH:
            tried = bool(self.trying.checks)
            return (own("Signing in"), own("before your change")) if tried else (own("Good to know"), NOTHING)
        notes = {State.TRYING: own("trying"), State.FAILED: own("not kept yet")}
        return own("Signing in"), notes.get(state, NOTHING)

    def _lines(self) -> list[SafeContent]:
        width, found = max(20, self.query_one("#told").content_size.width - 1), self.trying
        lines = self._alert(self._wrong, width) if self._wrong else []
        if found.state is State.FRESH:
            lines += [*wrapped(line(self._note, "$chip"), width), BLANK] if self._note else []
            lines += [] if found.checks else wrapped(styled(PROMISE, "$quiet"), width)
        if found.checks or found.state is State.TRYING:
            lines += self._checks(width)
        if found.said:
            lines += self._alert(found.said, width)
        if found.asked:
            lines += wrapped(line(found.asked, "bold"), width)
        return lines

    def _alert(self, text: str, width: int) -> list[SafeContent]:
        return wrapped(line(f"{self._glyphs.alert} {text}", "$alert bold"), width)

    def _checks(self, width: int) -> list[SafeContent]:
        """A line for each part, also for those that are still to come."""
        done = {check.part: check for check in self.trying.checks}
        lines: list[SafeContent] = []
        for part in PARTS:
            name = fit(PART_WORDS.get(part, safe_line(part)), _PART_WIDTH)
            check = done.get(part)
            if check is None and self.trying.state is not State.TRYING:  # what was found of it is no longer so
                continue
            if check is None:
                lines.append(styled(own("{} {}", self._glyphs.dot, name), "$quiet"))
                continue
            mark, style = (self._glyphs.good, "$success bold") if check.ok else (self._glyphs.bad, "$alert bold")
            lines += hung(assemble((own("{} ", mark), style), (name, "bold")), line(check.sentences), width)
        return lines

    # --- what is typed ----------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        name = event.input.id or ""
        if name == "address":
            self._guess(only_complete=True)
        kind, _, what = name.partition("_")
        if what == "port" and (security := usual_security(kind, event.value)):
            choice = self.query_one(f"#{kind}_security", Choice)
            choice.choose(choice.value if choice.taken else security)
        self._changed(name)

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        kind = (event.choice.id or "").partition("_")[0]
        port = self._field(f"{kind}_port")
        own = port.value and not usual_security(kind, port.value)
        if (usual := usual_port(kind, event.choice.value)) and not own:
            port.value = str(usual)
        self._changed(event.choice.id or "")

    @on(Input.Blurred, "#address")
    def _address_left(self) -> None:
        self._guess(only_complete=False)

    def _changed(self, name: str) -> None:
        if self._wrong and name in cures(self._wrong_field):
            self._mark("", "")
        self.trying.forget(tried_with(name))

    def _guess(self, *, only_complete: bool) -> None:
        """Into the fields that hold nothing of the user's own."""
        address = self._field("address").value.strip()
        if not (is_complete(address) if only_complete else valid_address(address)):
            return
        guessed = guess(address)
        values = {"name": guessed.name, "imap_host": guessed.imap.host, "imap_port": str(guessed.imap.port)}
        values |= {"smtp_host": guessed.smtp.host, "smtp_port": str(guessed.smtp.port)}
        for kind, server in (("imap", guessed.imap), ("smtp", guessed.smtp)):
            choice = self.query_one(f"#{kind}_security", Choice)
            if not choice.taken and self._field(f"{kind}_port").value in ("", self._guessed.get(f"{kind}_port")):
                choice.choose(server.security)
        for name, value in values.items():
            field = self._field(name)
            if field.value in ("", self._guessed.get(name)):
                field.value = value
                if field.has_focus:  # somebody types ahead: as if it had stood there when they came
                    field.select_all()
        self._guessed, self._note = values, guessed.note
        self._field("user").placeholder = safe_line(address)
        self.show()

    def _field(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    def _answers(self) -> Answers:
        kinds = ("imap_security", "smtp_security")
        typed = {name: self._field(name).value for name in Answers._fields if name not in kinds}
        return Answers(**typed, **{name: self.query_one(f"#{name}", Choice).value for name in kinds})

    def _mailbox(self) -> Mailbox | None:
        """What is typed; None where an answer is wrong, which is told and gets the cursor."""
        try:
            answers = self._answers()
            account = account_of(answers)
            return Mailbox(account, answers.your_name.strip(), password_of(account, self._field("password").value))
        except WrongAnswer as error:
            self.trying.forget(())
            self._mark(error.field, str(error))
            return None

    def _mark(self, name: str, said: str) -> None:
        self._wrong, self._wrong_field = said, name
        for each in self.query(FormLine):
            each.set_class(bool(name) and bool(each.query(f"#{name}")), "-wrong")
        if name:
            self.query_one(f"#{name}").focus()
        self.show()

    # --- keys -------------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """enter goes on; after a password, or the command, it tries."""
        if event.input.id in ("password", "password_command") and event.value:
            self.action_perform("setup_try")
        else:
            self.focus_next()

    @on(PushLine.Pushed)
    def _pushed(self, event: PushLine.Pushed) -> None:
        first, second = BUTTONS[self.trying.state]
        self.action_perform((first if event.button.id == "first" else second)[1])

    @on(KeyFooter.Pressed)
    def _pressed(self, event: KeyFooter.Pressed) -> None:
        self.action_perform(event.action_id)

    def action_perform(self, action_id: str) -> None:
        """Moves, tries, keeps or leaves; nothing while the account is being kept, which takes seconds at most."""
        actions: dict[str, Callable[[], object]] = {
            "setup_try": self._try,
            "setup_keep": self._keep,
            "keep_without": self.trying.keep_without,
            "setup_demo": partial(self._leave, Outcome("demo")),
            "setup_next": self.focus_next,
            "setup_previous": self.focus_previous,
            "setup_down": partial(self._scroll, 3),
            "setup_up": partial(self._scroll, -3),
            "setup_leave": partial(self._leave, Outcome("", HOW_BACK)),
        }
        if action_id in actions and self.trying.state is not State.KEEPING:
            actions[action_id]()

    def _try(self) -> None:
        if self.trying.state is not State.TRYING and (mailbox := self._mailbox()):
            self.trying.start(mailbox)

    def _keep(self) -> None:
        if mailbox := self._mailbox():
            self.trying.keep(mailbox)

    def _scroll(self, lines: int) -> None:
        self.query_one("#told").scroll_relative(y=lines, animate=False)

    # --- what the controller asks for -------------------------------------------------------------------------

    def refused(self) -> None:
        """What is typed next takes the place of a password that can't be seen."""
        if isinstance(self.focused, UnseenField):
            self.focused.select_all()

    def asked(self) -> None:
        """enter gives the answer of the first button."""
        self.query_one("#first").focus()

    def end(self, outcome: Outcome) -> None:
        """The account is kept."""
        self._leave(outcome)
