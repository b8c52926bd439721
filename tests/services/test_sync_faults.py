"""A pass that a server cuts short, refuses or lies to: no mail is half stored, what was stored stays, and the next
pass finds everything."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from regrets.adapters.imap.client import Limits
from regrets.adapters.imap.connection import ImapSource
from regrets.adapters.secrets import SystemSecrets
from regrets.domain.events import SyncFinished
from regrets.domain.model import State
from regrets.domain.ports import Secrets
from regrets.domain.settings import Login, Server
from tests.services.test_sync import ACCOUNT, Bench
from tests.support.canary import SECRET, TOKEN
from tests.support.mails import calendar
from tests.support.scripted_imap import DRIP, DROP, SILENCE, Reply, scripted_imap

PASSWORD: Secrets = SimpleNamespace(password=lambda account: SECRET)  # type: ignore[assignment]
DONE = "{tag} OK done\r\n"
Pass = tuple[SyncFinished, list[str]]
QUICK = Limits(connect=2, quiet=0.4, command=0.8)
STRUCTURE = '("text" "calendar" ("method" "REQUEST" "charset" "utf-8") NIL NIL "7bit" {} 20)'


def event(uid: int) -> str:
    return calendar(f"q{uid}@kovin.example", summary=f"Meeting {uid}").replace("\n", "\r\n")


def part(uid: int) -> str:
    head = f"From: marko@kovin.example\r\nSubject: Meeting {uid}\r\nMessage-ID: <{uid}@kovin.example>\r\n\r\n"
    text = event(uid)
    return (
        f'* {uid} FETCH (UID {uid} INTERNALDATE "21-Nov-2026 09:00:00 +0000"'
        f" BODY[HEADER.FIELDS (FROM)]<0> {{{len(head)}}}\r\n{head} BODY[1]<0> {{{len(text)}}}\r\n{text})\r\n"
    )


def structures(*uids: int) -> str:
    return "".join(f"* {uid} FETCH (UID {uid} BODYSTRUCTURE {STRUCTURE.format(len(event(uid)))})\r\n" for uid in uids)


def mailbox(*uids: int, new: str, **faults: Reply) -> dict[str, Reply]:
    """A server with these mails, of which a pass asks for `new`; `structures` and `parts` replace the answers."""
    opened = f"* {len(uids)} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT {max(uids) + 1}] ok\r\n"
    return {
        "EXAMINE": opened + "{tag} OK open\r\n",
        "UID SEARCH": f"* SEARCH {' '.join(map(str, uids))}\r\n{{tag}} OK done\r\n",
        f"UID FETCH {new} (UID BODYSTRUCTURE": faults.get("structures", structures(*uids) + DONE),
        f"UID FETCH {new} (UID INTERNALDATE": faults.get("parts", "".join(map(part, uids)) + DONE),
    }


def pass_(
    path: Path,
    script: Mapping[str, Reply],
    secrets: Secrets = PASSWORD,
    login: Login | None = None,
    reconnects: Sequence[float] = (),
) -> Pass:
    """One pass of a program of its own, and the summaries that it leaves."""
    with scripted_imap(script) as server:
        account = dataclasses.replace(ACCOUNT, imap=Server("127.0.0.1", server.port, "none"))
        bench = Bench(path, ImapSource(secrets, limits=QUICK), reconnects)
        finished = bench.run(dataclasses.replace(account, login=login) if login else account)
    rows = bench.cache.rows()
    assert all(row.state is State.OPEN for row in rows)
    bench.cache.close()
    return finished, sorted(row.summary for row in rows)


FAULTS: dict[str, dict[str, Reply]] = {
    "dropped": {"structures": [DROP]},
    "bye": {"structures": ["* BYE Session expired\r\n", DROP]},
    "no": {"structures": "{tag} NO [SERVERBUG] oops\r\n"},
    "bad": {"structures": "{tag} BAD what?\r\n"},
    "slow-loris": {"structures": [structures(2), "* 3 FETCH (UID 3 BODYSTR", DRIP]},
    "silent": {"parts": SILENCE},
    "dropped between the mails": {"parts": [part(3), DROP]},
    "dropped within a mail": {"parts": [part(3), part(2)[:-200], DROP]},
    "bye between the mails": {"parts": [part(3), "* BYE going down\r\n", DROP]},
    "literal bomb": {"parts": [part(3), "* 2 FETCH (UID 2 BODY[1]<0> {2900000000}\r\n", SILENCE]},
    "slow within a mail": {"parts": [part(3), part(2)[:-200], DRIP]},
    "no to the parts": {"parts": "{tag} NO [SERVERBUG] oops\r\n"},
    "token expired amidst": {"parts": "{tag} NO [AUTHENTICATIONFAILED] token expired\r\n"},
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_pass_that_a_server_spoils(tmp_path: Path, name: str) -> None:
    assert pass_(tmp_path, mailbox(1, new="1"))[1] == ["Meeting 1"]
    finished, found = pass_(tmp_path, mailbox(1, 2, 3, new="2:3", **FAULTS[name]))
    assert finished.errors or found == ["Meeting 1", "Meeting 2", "Meeting 3"]
    assert {"Meeting 1"} <= set(found)
    finished, found = pass_(tmp_path, mailbox(1, 2, 3, new="2:3"))
    assert (finished.errors, found) == ((), ["Meeting 1", "Meeting 2", "Meeting 3"])


def test_what_is_refused_for_now_is_looked_for_again_and_one_bad_mail_costs_no_other(tmp_path: Path) -> None:
    """A NO to the fetch of several is not yet the end of each; and it is never taken for "they are gone"."""
    pass_(tmp_path, mailbox(1, new="1"))
    refused: dict[str, Reply] = {
        **mailbox(1, 2, 3, new="2:3", parts="{tag} NO [SERVERBUG] oops\r\n"),
        "UID FETCH 3 (UID INTERNALDATE": part(3) + DONE,
    }
    later: Reply = "{tag} NO Request is throttled. Suggested Backoff Time: 300000 ms\r\n"
    finished, found = pass_(tmp_path, {**refused, "UID FETCH 2 (UID INTERNALDATE": later})
    assert ("throttled" in finished.errors[0], finished.again) == (True, 300)
    assert found == ["Meeting 1", "Meeting 3"]
    finished, found = pass_(tmp_path, {**refused, "UID FETCH 2 (UID INTERNALDATE": "{tag} NO [SERVERBUG] oops\r\n"})
    assert (finished.errors, found) == ((), ["Meeting 1", "Meeting 3"])


def test_a_mail_that_is_expunged_while_it_is_fetched_costs_no_other(tmp_path: Path) -> None:
    pass_(tmp_path, mailbox(1, new="1"))
    finished, found = pass_(tmp_path, mailbox(1, 2, 3, new="2:3", parts=part(3) + "* 2 EXPUNGE\r\n" + DONE))
    assert (finished.errors, found) == ((), ["Meeting 1", "Meeting 3"])


def test_an_expired_token_is_asked_for_anew(tmp_path: Path) -> None:
    """`token_command` runs for each connection: what it prints next time is used, and nothing is tried twice."""
    count = tmp_path / "count"
    code = f"open({str(count)!r}, 'a').write('.'); print({TOKEN[::-1]!r}[::-1])"
    login = Login("ana", "oauth2", token_command=(sys.executable, "-c", code))
    able = {"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR\r\n{tag} OK done\r\n"}
    expired = {**able, "AUTHENTICATE": "{tag} NO [AUTHENTICATIONFAILED] token expired\r\n"}
    finished, found = pass_(tmp_path, {**mailbox(1, new="1"), **expired}, SystemSecrets(), login)
    assert ("fresh" in finished.errors[0], found, count.read_text()) == (True, [], ".")
    renewed = {**able, "AUTHENTICATE": "{tag} OK in\r\n"}
    finished, found = pass_(tmp_path, {**mailbox(1, new="1"), **renewed}, SystemSecrets(), login)
    assert (finished.errors, found, count.read_text()) == ((), ["Meeting 1"], "..")


def test_a_token_that_expires_amidst_is_renewed_within_the_pass(tmp_path: Path) -> None:
    """One new sign-in, with what `token_command` prints then; a server that still refuses is told once."""
    count = tmp_path / "count"
    code = f"open({str(count)!r}, 'a').write('.'); print({TOKEN[::-1]!r}[::-1])"
    login = Login("ana", "oauth2", token_command=(sys.executable, "-c", code))
    able = {"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR\r\n{tag} OK done\r\n"}
    expires: dict[str, Reply] = {
        **able,
        **mailbox(1, new="1", parts="{tag} NO [AUTHENTICATIONFAILED] token expired\r\n"),
        "AUTHENTICATE": "{tag} OK in\r\n",
    }
    finished, found = pass_(tmp_path, expires, SystemSecrets(), login, reconnects=(0.0,))
    assert (len(finished.errors), found, count.read_text()) == (1, [], "..")
