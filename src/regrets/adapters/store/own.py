"""The user's own database (ports.OwnStore): answers, outbox, decisions, confirmations, choices.

Every method may be called from any thread; what it changed is on disk when it returns. All raise StoreError.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from regrets.adapters.store.database import Database, open_database
from regrets.domain.errors import CannotAnswer, ClaimLost
from regrets.domain.outbox import after_crash, allowed
from regrets.domain.stored import (
    LEARNED,
    REMOVED,
    AnswerRecord,
    Chosen,
    Decision,
    OutboxEntry,
    OutboxState,
    PartStat,
    Stands,
    Strategy,
    Won,
)

_LIVE = tuple(state for state in OutboxState if state.live)
_LIVE_SQL = ", ".join(f"'{state}'" for state in _LIVE)
_OUTBOX_COLUMNS = tuple(OutboxEntry.__dataclass_fields__)
_ANSWER_COLUMNS = tuple(AnswerRecord.__dataclass_fields__)


class SqliteOwnStore:
    """Made (0600) at the first start; of a file that is gone, empty or damaged since, what can be read is shown."""

    def __init__(self, path: Path) -> None:
        self._database = open_database(path, "own", durable=True, disposable=False)

    # --- outbox ------------------------------------------------------------------------------------------------

    def add(self, entry: OutboxEntry, answer: AnswerRecord, brief: OutboxEntry | None = None) -> None:
        """Queues all; an earlier answer to the same item that failed so far is replaced by it, and so is a brief
        that has not left."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "UPDATE outbox SET state = 'cancelled', error = 'Replaced by a later answer.' WHERE item_id = ?"
                " AND (state = 'failed' OR (follows <> '' AND state IN ('kept', 'orphaned')))",
                (entry.item_id,),
            )
            try:
                for each in (entry, brief):
                    if each is not None:
                        _insert(cursor, "outbox", _outbox_values(each))
            except sqlite3.IntegrityError:
                raise _on_its_way(entry.subject) from None
            _insert(cursor, "answers", _answer_values(answer))
            values = (answer.outbox_id, answer.organizer, answer.rule, answer.suggested, answer.strategy)
            cursor.execute(
                "INSERT INTO choices (outbox_id, organizer, rule, suggested, chosen, at) VALUES (?, ?, ?, ?, ?, ?)",
                (*values, _text(answer.answered_at)),
            )

    def entry(self, outbox_id: str) -> OutboxEntry | None:
        """One entry, or None."""
        rows = self._database.read("SELECT * FROM outbox WHERE id = ?", (outbox_id,))
        return _entry(rows[0]) if rows else None

    def entries(self, *, live_only: bool = False) -> list[OutboxEntry]:
        """Newest first."""
        where = f"WHERE state IN ({_LIVE_SQL})" if live_only else ""
        rows = self._database.read(f"SELECT * FROM outbox {where} ORDER BY sequence DESC")  # noqa: S608
        return [_entry(row) for row in rows]

    def unfinished(self) -> list[OutboxEntry]:
        """Oldest first: live, failed for the time being, or sent and not yet filed."""
        rows = self._database.read(
            f"SELECT * FROM outbox WHERE {UNFINISHED} ORDER BY sequence"  # noqa: S608
        )
        return [_entry(row) for row in rows]

    def claim(self, outbox_id: str, states: Sequence[OutboxState]) -> OutboxEntry | None:
        """To SENDING in one atomic step; None if it is in none of `states`, or follows an answer that is not sent.
        The attempts are counted, so the number is what tells this claim from every other."""
        with self._database.transaction() as cursor:
            found = _select(cursor, outbox_id)
            if found is None or found.state not in states:
                return None
            lead = _select(cursor, found.follows) if found.follows else None
            if found.follows and (lead is None or lead.state is not OutboxState.SENT):
                return None
            _change(cursor, found, OutboxState.SENDING, phase="", error="", attempts=found.attempts + 1)
            return _select(cursor, outbox_id)

    def set_phase(self, claimed: OutboxEntry, phase: str) -> None:
        """Durable on return. Raises ClaimLost where the attempt is over, or another one has begun."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "UPDATE outbox SET phase = ? WHERE id = ? AND attempts = ? AND state = 'sending'",
                (phase, claimed.id, claimed.attempts),
            )
            if not cursor.rowcount:
                raise ClaimLost(
                    f"Another regrets has taken over “{claimed.subject}” while it was being sent.",
                    "See `regrets outbox`.",
                )

    def finish(self, claimed: OutboxEntry, state: OutboxState, *, error: str = "", permanent: bool = False) -> None:
        """The end of one attempt: SENDING (or UNKNOWN, found in Sent) to `state`. Nothing where another has begun."""
        with self._database.transaction() as cursor:
            found = _select(cursor, claimed.id)
            if found is None or found.attempts != claimed.attempts or not allowed(found.state, state):
                return
            phase = "accepted" if state is OutboxState.SENT else found.phase
            _change(cursor, found, state, phase=phase, error=error, permanent=permanent)

    def move_state(
        self,
        outbox_id: str,
        states: Sequence[OutboxState],
        to: OutboxState,
        *,
        due: dt.datetime | None = None,
    ) -> bool:
        """One atomic step, together with what follows it; False if the entry is in none of `states`, or may not go
        from there to `to`."""
        with self._database.transaction() as cursor:
            found = _select(cursor, outbox_id)
            if found is None or found.state not in states or not allowed(found.state, to):
                return False
            rows = cursor.execute("SELECT * FROM outbox WHERE follows = ?", (outbox_id,)).fetchall()
            for each in (found, *(one for one in map(_entry, rows) if allowed(one.state, to))):
                error = "" if each.state is OutboxState.ORPHANED else each.error
                _change(cursor, each, to, due=_stamp(due or each.due), permanent=False, error=error)
            return True

    def note_filed(self, outbox_id: str, *, sent_copy: str | None = None, answered_flag: str | None = None) -> None:
        """How the Sent copy (done, skipped, failed) and the Answered flag (likewise) went."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "UPDATE outbox SET sent_copy = coalesce(?, sent_copy),"
                " answered_flag = coalesce(?, answered_flag) WHERE id = ?",
                (sent_copy, answered_flag, outbox_id),
            )

    def recover(self, living: Callable[[], Collection[str]] = tuple, *, sending: bool = True) -> list[OutboxEntry]:
        """What a dead program left HELD (its owner is not among the `living`) or, with `sending`, SENDING becomes
        what `after_crash` says; returns what was changed."""
        changed = []
        with self._database.transaction() as cursor:
            states = "'held', 'sending'" if sending else "'held'"
            rows = cursor.execute(f"SELECT * FROM outbox WHERE state IN ({states})").fetchall()  # noqa: S608
            alive = living()  # asked for now: an owner shows that it lives before it adds its row
            for found in map(_entry, rows):
                if found.state is OutboxState.SENDING or found.owner not in alive:
                    state = after_crash(found.state, found.phase)
                    _change(cursor, found, state, error=_CRASHED[state])
                    changed.append(replace(found, state=state, error=_CRASHED[state]))
        return changed

    # --- answers -----------------------------------------------------------------------------------------------

    def answers(self) -> list[AnswerRecord]:
        """Those that stand: their entry is live, sent, or failed for the time being; newest first."""
        return [answer_of(row) for row in self._database.read(_STANDING.format(where=""))]

    def answer_of(self, item_id: str) -> AnswerRecord | None:
        """The newest answer to an item that stands."""
        rows = self._database.read(_STANDING.format(where="AND answers.item_id = ?"), (item_id,))
        return answer_of(rows[0]) if rows else None

    def standings(self) -> list[Stands]:
        """The same, without the letters: all that the list needs."""
        names = ("item_id", "recurrence_id", "sequence", "start", "secondhand", "proposals")
        fields = ", ".join(f'answers."{name}"' for name in names)
        rows = self._database.read(_STANDING.replace("answers.*", fields).format(where=""))
        return [
            Stands(item, occurrence, sequence, _time(start), bool(secondhand), _proposals(times))
            for item, occurrence, sequence, start, secondhand, times in rows
        ]

    def queued(self) -> frozenset[str]:
        """Items whose answer is on its way."""
        rows = self._database.read(
            f"SELECT item_id FROM outbox WHERE (state IN ({_LIVE_SQL})"  # noqa: S608
            " OR (state = 'failed' AND NOT permanent)) AND follows = ''"
        )
        return frozenset(item_id for (item_id,) in rows)

    def won_back(self) -> list[Won]:
        """By items that are no longer kept."""
        rows = self._database.read("SELECT week, strategy, client, answers, minutes FROM won_back")
        return [Won(*row) for row in rows]

    # --- choices -----------------------------------------------------------------------------------------------

    def choices(self) -> list[Chosen]:
        """What was chosen with the answers that stand, and is not forgotten; newest first."""
        rows = self._database.read(
            "SELECT choices.* FROM choices JOIN outbox ON outbox.id = choices.outbox_id"  # noqa: S608
            f" WHERE {STANDS} ORDER BY outbox.sequence DESC"
        )
        return [_chosen(row) for row in rows]

    def forget_choices(self, organizer: str, rule: str | None = None) -> int:
        """Unlearns one rule's choices for an organiser, or all of them; how many."""
        with self._database.transaction() as cursor:
            one = " AND rule IN (?, ?)" if rule else ""
            values = (organizer.casefold(), *((rule, LEARNED) if rule else ()))
            cursor.execute(f"DELETE FROM choices WHERE organizer = ?{one}", values)  # noqa: S608
            return int(cursor.rowcount)

    # --- decisions and confirmations ---------------------------------------------------------------------------

    def decide(self, decision: Decision) -> None:
        """Replaces an earlier decision on the same item."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO decisions (item_id, kind, until, at, version, secondhand)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    decision.item_id,
                    decision.kind,
                    _text(decision.until),
                    _text(decision.at),
                    decision.sequence,
                    decision.secondhand,
                ),
            )

    def decisions(self) -> dict[str, Decision]:
        """By item."""
        rows = self._database.read("SELECT * FROM decisions ORDER BY sequence")
        return {row["item_id"]: _decision(row) for row in rows}

    def undecide(self, item_id: str) -> bool:
        """Whether there was one to take back."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM decisions WHERE item_id = ?", (item_id,))
            return bool(cursor.rowcount)

    def last_decision(self) -> Decision | None:
        """The one that was made last."""
        rows = self._database.read(
            "SELECT * FROM decisions WHERE kind <> ? ORDER BY sequence DESC LIMIT 1", (REMOVED,)
        )
        return _decision(rows[0]) if rows else None

    def confirm(self, key: str) -> None:
        """Remembers that the user confirmed `key`."""
        with self._database.transaction() as cursor:
            cursor.execute("INSERT OR IGNORE INTO confirmations (key) VALUES (?)", (key,))

    def confirmed(self, key: str) -> bool:
        """Whether the user ever confirmed `key`."""
        return bool(self._database.read("SELECT 1 FROM confirmations WHERE key = ?", (key,)))

    @property
    def database(self) -> Database:
        """For what works on both databases."""
        return self._database

    def close(self) -> None:
        """Nothing may be asked of it afterwards."""
        with self._database.lock:
            self._database.close()


_CRASHED = {
    OutboxState.ORPHANED: "The program ended within the undo window: it was not sent.",
    OutboxState.FAILED: "The attempt was cut short before it was sent.",
    OutboxState.UNKNOWN: "The attempt was cut short while the server was taking it; it may have arrived.",
    OutboxState.SENT: "",
}
UNFINISHED = (
    f"state IN ({_LIVE_SQL}) OR (state = 'failed' AND NOT permanent)"
    " OR (state = 'sent' AND (sent_copy = '' OR answered_flag = ''))"
)
STANDS = "outbox.state <> 'cancelled' AND NOT (outbox.state = 'failed' AND outbox.permanent)"
_STANDING = (
    f"SELECT answers.* FROM answers JOIN outbox ON outbox.id = answers.outbox_id WHERE {STANDS}"  # noqa: S608
    " {where} ORDER BY outbox.sequence DESC"
)


def _on_its_way(subject: str) -> CannotAnswer:
    return CannotAnswer(f"An answer to this invitation is already on its way ({subject}).", "See `regrets outbox`.")


def _select(cursor: sqlite3.Cursor, outbox_id: str) -> OutboxEntry | None:
    row = cursor.execute("SELECT * FROM outbox WHERE id = ?", (outbox_id,)).fetchone()
    return _entry(row) if row else None


def _change(cursor: sqlite3.Cursor, found: OutboxEntry, state: OutboxState, **values: str | bool | int) -> None:
    """Writes the new state and columns (names from this module only)."""
    columns = {"state": state, **values}
    sets = ", ".join(f"{column} = ?" for column in columns)
    try:
        cursor.execute(f"UPDATE outbox SET {sets} WHERE id = ?", (*columns.values(), found.id))  # noqa: S608
    except sqlite3.IntegrityError:
        raise _on_its_way(found.subject) from None


def _insert(cursor: sqlite3.Cursor, table: str, values: dict[str, object]) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608


def _outbox_values(entry: OutboxEntry) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(entry, name) for name in _OUTBOX_COLUMNS}
    values["recipients"] = json.dumps(entry.recipients)
    return values | {"due": _text(entry.due), "created": _text(entry.created)}


def _answer_values(answer: AnswerRecord) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(answer, name) for name in _ANSWER_COLUMNS}
    times = ("dtstamp", "answered_at", "start", "end")
    values["proposals"] = json.dumps([[_text(start), _text(end)] for start, end in answer.proposals])
    return values | {name: _text(getattr(answer, name)) for name in times}


def _entry(row: sqlite3.Row) -> OutboxEntry:
    values = {name: row[name] for name in _OUTBOX_COLUMNS}
    values["state"] = OutboxState(row["state"])
    values["recipients"] = tuple(json.loads(row["recipients"]))
    values["permanent"] = bool(row["permanent"])
    values["due"], values["created"] = _time(row["due"]), _time(row["created"])
    return OutboxEntry(**values)


def answer_of(row: sqlite3.Row) -> AnswerRecord:
    """A row of the table `answers`."""
    values = {name: row[name] for name in _ANSWER_COLUMNS}
    values["strategy"], values["suggested"] = Strategy(row["strategy"]), Strategy(row["suggested"])
    values["partstat"] = PartStat(row["partstat"]) if row["partstat"] else None
    for name in ("dtstamp", "answered_at", "start", "end"):
        values[name] = _time(row[name])
    values["proposals"], values["secondhand"] = _proposals(row["proposals"]), bool(row["secondhand"])
    return AnswerRecord(**values)


def _proposals(times: str) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
    moment = dt.datetime.fromisoformat
    return tuple((moment(start), moment(end)) for start, end in json.loads(times)) if times != "[]" else ()


def _chosen(row: sqlite3.Row) -> Chosen:
    at = _time(row["at"])
    assert at is not None
    return Chosen(row["organizer"], row["rule"], Strategy(row["suggested"]), Strategy(row["chosen"]), at)


def _decision(row: sqlite3.Row) -> Decision:
    at = _time(row["at"])
    assert at is not None
    return Decision(row["item_id"], row["kind"], _time(row["until"]), at, row["version"], bool(row["secondhand"]))


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def _text(moment: dt.datetime | None) -> str | None:
    return _stamp(moment) if moment else None


def _time(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
