"""One registry of everything a user can do: keys, footer, palette, help and command line are made from it."""

from __future__ import annotations

from typing import NamedTuple


class Action(NamedTuple):
    """`id` is stable ([keys] names it); `keys` are Textual key names, comma separated; `command` the CLI's way."""

    id: str
    title: str  # in the palette and in help
    keys: str
    label: str = ""  # in the footer; '' keeps it out of there
    command: str = ""
    priority: int = 0  # the footer drops the lowest first
    place: str = "inbox"  # the screen or field where its keys count; "anywhere": on all of them
    span: tuple[str, ...] = ()  # the footer shows the keys of these, first and last, in place of its own


_NUMBERS = ("strategy_1", "strategy_9")

ACTIONS: tuple[Action, ...] = (
    Action("send", "Send the shown reply and go to the next", "s", "Send", "reply ID --yes", 100),
    Action("edit", "Edit the reply here", "e", "Edit", "reply ID --text-file F", 90),
    Action("edit_external", "Edit the reply in $EDITOR", "E"),
    Action("edit_brief", "Edit the brief to the colleague; empty sends none", "B", command="reply ID --brief-file F"),
    Action("strategy_next", "Next strategy", "l,right", "Strategy", "reply ID --strategy S", 70, span=_NUMBERS),
    Action("strategy_previous", "Previous strategy", "h,left"),
    Action("strategy_1", "Strategy 1: the suggestion", "1"),
    Action("strategy_2", "Strategy 2", "2"),
    Action("strategy_3", "Strategy 3", "3"),
    Action("strategy_4", "Strategy 4", "4"),
    Action("strategy_5", "Strategy 5", "5"),
    Action("strategy_6", "Strategy 6", "6"),
    Action("strategy_7", "Strategy 7", "7"),
    Action("strategy_8", "Strategy 8", "8"),
    Action("strategy_9", "Strategy 9", "9"),
    Action("strategy_all", "Choose from all strategies", "0"),
    Action("accept", "Choose: say yes", "a"),
    Action("decline", "Choose: a polite no", "d"),
    Action(
        "partstat",
        "Change the calendar answer: yes, perhaps, no, handed over to the colleague",
        "r",
        command="reply ID --delegate ADDR",
    ),
    Action(
        "range",
        "Of a series: answer all meetings, the next one, or it and all that follow",
        "O",
        command="reply ID --range this --instance RECURRENCE-ID",
    ),
    Action("tone", "Formal or informal", "t", command="reply ID --informal"),
    Action("language", "Language of the reply", "L", command="reply ID --language L"),
    Action("reason", "Name the reason in the letter, or not", "f", command="reply ID --reason"),
    Action("not_now", "Not now: leave it open, go to the next", "n", "Not now", "", 60),
    Action("undo", "Undo the last reply or decision", "z,u", "Undo", "undo", 80),
    Action("dismiss", "No reply needed", "m", "No reply", "dismiss ID", 50),
    Action("clear", "Clear all that need no answer", "M", command="dismiss --done"),
    Action("snooze", "Later: hide it until tomorrow morning", "b", command="snooze ID WHEN"),
    Action("why", "Why this suggestion? The whole ladder", "w", "Why", "show ID", 40),
    Action("prep", "Prep card: what to have at hand in the meeting", "p", command="prep ID"),
    Action("preview", "Show the exact message that would go out", "v", command="reply ID --dry-run"),
    Action("open", "Open the whole invitation", "enter", command="show ID"),
    Action("down", "Next invitation", "j,down", command="list"),
    Action("up", "Previous invitation", "k,up"),
    Action("first", "First invitation", "g,home"),
    Action("last", "Last invitation", "G,end"),
    Action("scroll_down", "Scroll the letter down", "J,pagedown"),
    Action("scroll_up", "Scroll the letter up", "K,pageup"),
    Action("find", "Find", "slash", "Find", "list | grep", 55),
    Action("client", "Client book: this organiser, and everybody", "C", command="clients"),
    Action("won", "Time won back: by week, strategy and client", "T", command="stats"),
    Action("own_calendar", "Your own calendar: what is filed there, and asked", "F", command="calendars file ID"),
    Action("outbox", "Outbox: what waits, was sent, failed or is uncertain", "x", command="outbox"),
    Action("sync", "Look for new invitations now", "R", "Sync", "sync", 45),
    Action("help", "Help: all keys", "question_mark,f1", "Help", "--help", 95, "anywhere"),
    Action("quit", "Quit", "q", "Quit", "", 85),
    Action("suspend", "Suspend to the shell", "ctrl+z"),
    Action("back", "Close the detail; clear the search", "escape"),
    Action("palette", "Every action, and the themes", "ctrl+p", place="anywhere"),
    Action(
        "keep_edit",
        "Keep the edit and return to the list",
        "ctrl+s,escape",
        "Keep the edit",
        "",
        100,
        "editor",
    ),
    Action("find_keep", "Keep the search and return to the list", "enter", "Keep the search", "", 90, "find"),
    Action("find_clear", "Clear the search", "escape", "Clear", "", 80, "find"),
    Action("view_down", "Scroll down", "j,down,J,pagedown", "Down", "", 20, "view"),
    Action("view_up", "Scroll up", "k,up,K,pageup", "Up", "", 10, "view"),
    Action("view_close", "Close", "escape,q,enter", "Close", "", 90, "view"),
    Action("chooser_down", "Next line", "j,down", "Down", "", 20, "chooser"),
    Action("chooser_up", "Line before", "k,up", "Up", "", 10, "chooser"),
    Action("chooser_take", "Choose this one", "enter", "Choose", "", 90, "chooser"),
    Action("chooser_close", "Close, choose nothing", "escape,q,0", "Close", "", 80, "chooser"),
    Action("confirm_send", "Send it", "c", "Confirm and send", "", 80, "confirm"),
    Action("confirm_close", "Back, send nothing", "escape,q", "Back", "", 90, "confirm"),
    Action("confirm_down", "Scroll down", "j,down,J,pagedown", place="confirm"),
    Action("confirm_up", "Scroll up", "k,up,K,pageup", place="confirm"),
    Action("outbox_down", "Next entry", "j,down", place="outbox"),
    Action("outbox_up", "Entry before", "k,up", place="outbox"),
    Action("outbox_retry", "Send this one (again)", "r", "Retry", "outbox retry ID", 80, "outbox"),
    Action("outbox_cancel", "Take this one back", "c", "Cancel", "outbox cancel ID", 70, "outbox"),
    Action("outbox_close", "Close", "escape,q,x", "Close", "", 90, "outbox"),
    Action("clients_down", "Next client", "j,down", place="clients"),
    Action("clients_up", "Client before", "k,up", place="clients"),
    Action("clients_add", "Add the organiser of the open invitation", "a,enter", "Add", "clients add", 60, "clients"),
    Action("clients_tier", "Tier: key, regular, minor", "t", "Tier", "clients edit NAME --tier T", 80, "clients"),
    Action("clients_status", "Status: prospect, active, former, blocked", "s", "Status", "", 70, "clients"),
    Action("clients_trait_1", "Trait: hands_on", "1", "hands-on", "", 40, "clients"),
    Action("clients_trait_2", "Trait: distrustful", "2", "distrustful", "", 39, "clients"),
    Action("clients_trait_3", "Trait: knows_better", "3", "knows better", "", 38, "clients"),
    Action("clients_trait_4", "Trait: chatty", "4", "chatty", "", 37, "clients"),
    Action("clients_sign", "Note a warning sign", "n", "Sign", "clients sign NAME SIGN", 50, "clients"),
    Action("clients_confirm", "Note the sign that is proposed", "y", place="clients"),
    Action("clients_close", "Close", "escape,q,C", "Close", "", 90, "clients"),
    Action("note_keep", "Note it", "enter", "Note it", "", 90, "note"),
    Action("note_kind", "Another kind of sign", "tab", "Kind", "", 85, "note"),
    Action("note_close", "Note nothing", "escape", "Leave", "", 80, "note"),
    Action("password_use", "Use it until the program ends", "enter", "Use it", "", 90, "password"),
    Action("password_close", "Not now", "escape", "Not now", "", 80, "password"),
    Action("filing_file", "File it in the calendar", "f", "File it", "reply ID --file CALENDAR", 90, "filing"),
    Action("filing_remove", "Take it out of the calendar", "t", "Take it out", "calendars remove ID", 90, "filing"),
    Action("filing_not", "Leave the calendar as it is", "n", "Leave it", "", 80, "filing"),
    Action(
        "filing_always",
        "Always keep it in step, don't ask",
        "a",
        "Always",
        "calendars rule NAME always",
        60,
        "filing",
    ),
    Action("filing_ask", "Ask with every answer", "k", "Ask", "calendars rule NAME ask", 55, "filing"),
    Action("filing_never", "Never file in it, don't ask", "N", "Never", "calendars rule NAME never", 50, "filing"),
    Action("filing_close", "Back", "escape,q", "Back", "", 95, "filing"),
    Action("quit_send", "Send them now and quit", "s", "Send now", "", 90, "quit"),
    Action("quit_keep", "Keep them for the next start and quit", "k", "Keep", "", 80, "quit"),
    Action("quit_discard", "Discard them and quit", "d", "Discard", "", 70, "quit"),
    Action("quit_stay", "Stay", "escape,q", "Stay", "", 95, "quit"),
)

BY_ID = {action.id: action for action in ACTIONS}
