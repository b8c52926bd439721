"""The user's own calendar: asked about with an answer, when a called-off meeting is cleared, and by `F`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from regrets.domain.own_calendar import FilingKind, FilingRule, Offer
from regrets.domain.text import NOTHING, SafeText, own, owned, safe_line
from regrets.tui.bridge import DESK

if TYPE_CHECKING:
    from regrets.domain.own_calendar import OwnCalendarState
    from regrets.services.desk_api import DeskApi
    from regrets.tui.screens.filing import Question
    from regrets.tui.screens.inbox import InboxScreen

_RULES = owned(
    {
        FilingRule.ASK: "you are asked with every answer",
        FilingRule.ALWAYS: "kept in step with your answers",
        FilingRule.NEVER: "never filed in",
    }
)
_SET = {
    FilingRule.ASK: "“{}”: you are asked with every answer from now on.",
    FilingRule.ALWAYS: "“{}” is kept in step with your answers from now on.",
    FilingRule.NEVER: "Nothing is filed in “{}” any more.",
}
_NONE_WRITABLE = own(
    "No calendar of yours is writable: a [[calendar]] that is a file or folder needs writable = true."
)


class Filing:
    """Asks; what was agreed to goes with the answer, or is done at once."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox

    def commands(self) -> dict[str, Callable[[], None]]:
        """Action ids and what they do."""
        return {"own_calendar": self.open}

    # --- with an answer ---------------------------------------------------------------------------------------

    def ask(self, offer: Offer, send: Callable[[Offer | None], None]) -> None:
        """Nothing is queued yet: `send` follows with what was agreed to, unless the user goes back."""
        self._push(_with_answer(offer), partial(self._agreed, offer, send))

    def _agreed(self, offer: Offer, send: Callable[[Offer | None], None], said: str | None) -> None:
        if not said:
            self._inbox.say(own("Not sent."))
            return
        if said in (FilingRule.ALWAYS, FilingRule.NEVER):
            self._set_rule(offer.calendar, FilingRule(said))
        send(None if said in ("not", FilingRule.NEVER) else offer)

    # --- called off -------------------------------------------------------------------------------------------

    def before_clearing(self, item_id: str, clear: Callable[[SafeText], None]) -> None:
        """Offers to take a called-off meeting out; `clear` follows with what was done, as a sentence."""

        def found(offer: Offer | None) -> None:
            if offer is None:
                clear(NOTHING)
            else:
                self._push(_called_off(offer), partial(self._cleared, item_id, offer, clear))

        self._inbox.bridge.ask(DESK, lambda desk: _offer(item_id, desk), found, self._inbox.alarm)

    def _cleared(self, item_id: str, offer: Offer, clear: Callable[[SafeText], None], said: str | None) -> None:
        if said == "not":
            clear(NOTHING)
        elif said:
            self._act(item_id, offer, clear)

    # --- by its key -------------------------------------------------------------------------------------------

    def open(self) -> None:
        """`F`: what can be done for the chosen meeting, and what is asked."""
        row = self._inbox.listing.selected
        item_id = row.id if row else ""
        self._inbox.bridge.ask(DESK, partial(_look, item_id), partial(self._show, item_id), self._inbox.alarm)

    def _show(self, item_id: str, seen: tuple[Offer | None, list[OwnCalendarState]]) -> None:
        offer, writable = seen
        if not writable:
            self._inbox.say(_NONE_WRITABLE)
            return
        name = offer.calendar if offer else writable[0].name
        state = next(each for each in writable if each.name == name)
        self._push(_by_key(state, offer), partial(self._chosen, item_id, state, offer))

    def _chosen(self, item_id: str, state: OwnCalendarState, offer: Offer | None, said: str | None) -> None:
        if said in set(FilingRule):
            self._set_rule(state.name, FilingRule(said))
        elif said and offer is not None:
            self._act(item_id, offer, self._inbox.say)

    # --- inside -----------------------------------------------------------------------------------------------

    def _act(self, item_id: str, offer: Offer, done: Callable[[SafeText], None]) -> None:
        def act(desk: DeskApi) -> SafeText:
            return safe_line(desk.own_calendar().act(item_id, offer))

        self._inbox.bridge.ask(DESK, act, done, self._inbox.alarm)

    def _set_rule(self, calendar: str, rule: FilingRule) -> None:
        key = self._inbox.keymap.shown("own_calendar")
        told = safe_line(f"{_SET[rule].format(calendar)} {key} changes that.")
        self._inbox.bridge.ask(
            DESK,
            lambda desk: desk.own_calendar().set_rule(calendar, rule),
            lambda _: self._inbox.say(told),
            self._inbox.alarm,
        )

    def _push(self, question: Question, done: Callable[[str | None], None]) -> None:
        from regrets.tui.screens.filing import FilingScreen

        self._inbox.keys.forget_typed()  # nobody has answered what was not asked yet
        self._inbox.lay_over(FilingScreen(self._inbox.keymap, question), done)


def _offer(item_id: str, desk: DeskApi) -> Offer | None:
    return desk.own_calendar().standing_offer(item_id)


def _look(item_id: str, desk: DeskApi) -> tuple[Offer | None, list[OwnCalendarState]]:
    """What could be done for the item, and the writable calendars. In a worker."""
    own = desk.own_calendar()
    writable = [state for state in own.states() if state.writable]
    return own.standing_offer(item_id) if item_id and writable else None, writable


def _with_answer(offer: Offer) -> Question:
    from regrets.tui.screens.filing import Question

    every = owned(
        {
            "filing_always": "always: keep it in step with my answers, don't ask",
            "filing_never": "never for this calendar, don't ask",
            "filing_close": "back, send nothing",
        }
    )
    told = own("Your answer informs the organiser. It does not reliably update your own calendar.")
    calendar = safe_line(offer.calendar)
    if offer.kind is FilingKind.FILE:
        answers = owned({"filing_file": "send, and file it there", "filing_not": "send, and don't file it"})
        return Question(own("File this meeting in “{}”?", calendar), told, answers | every)
    answers = owned({"filing_remove": "send, and take it out", "filing_not": "send, and leave it there"})
    return Question(own("“{}” holds this meeting. Take it out?", calendar), told, answers | every)


def _called_off(offer: Offer) -> Question:
    from regrets.tui.screens.filing import Question

    return Question(
        own("It is called off, but still in “{}”. Take it out?", safe_line(offer.calendar)),
        NOTHING,
        owned(
            {
                "filing_remove": "take it out, and clear it here",
                "filing_not": "leave it there, and clear it here",
                "filing_close": "back",
            }
        ),
    )


def _by_key(state: OwnCalendarState, offer: Offer | None) -> Question:
    from regrets.tui.screens.filing import Question

    answers: dict[str, SafeText] = {}
    if offer is not None and offer.kind is FilingKind.FILE:
        answers["filing_file"] = own("file this meeting there, as you answered it")
    elif offer is not None:
        answers["filing_remove"] = own("take this meeting out: it is called off")
    rules = {
        "filing_always": (FilingRule.ALWAYS, own("always keep it in step with my answers")),
        "filing_ask": (FilingRule.ASK, own("ask with every answer")),
        "filing_never": (FilingRule.NEVER, own("never file anything there")),
    }
    answers |= {key: text for key, (rule, text) in rules.items() if rule is not state.rule}
    errors = [filing.error for filing in state.waiting if filing.error]
    told = safe_line("; ".join([f"Now: {_RULES[state.rule]}.", *errors]))
    title = own("Your calendar “{}”", safe_line(state.name))
    return Question(title, told, answers | {"filing_close": own("back")})
