"""The command line: data on stdout, one line for every fault on stderr, and the exit status."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from regrets.adapters.store.cache import SqliteCache
from regrets.bootstrap import Program
from regrets.cli.main import status_of
from regrets.domain.imip import read
from regrets.domain.ports import FoundMail
from regrets.domain.rows import row_of
from tests.support.home import write_config
from tests.support.mails import MARKO, alternative, calendar
from tests.support.world import NOW, invitation


@pytest.fixture
def regrets(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("REGRETS_NOW", raising=False)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text(
        '[me]\nname = "Ana Novak"\naddresses = ["ana@studio.example"]\ntimezone = "Europe/Ljubljana"\n'
    )

    def run(*arguments):
        places = ["--config-dir", str(tmp_path / "config"), "--data-dir", str(tmp_path / "data"), "--now", NOW]
        status = status_of(Program, [*map(str, arguments), *([] if "--help" in arguments else places)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_help_shows_examples_for_every_command(regrets):
    status, out, _ = regrets("--help")
    assert status == 0
    for name in ("demo", "setup", "doctor", "sync", "list", "show", "suggest", "reply", "dismiss", "outbox", "paths"):
        assert f"\n  {name} " in out
        assert regrets(name, "--help")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lst"], "No such command"),
        (["list", "--al"], "No such option"),
        (["reply", "abc", "--strategy", "flee"], "is not one of"),
        (["outbox", "retry"], "needs the ID"),
        (["snooze", "abc", "someday"], "tomorrow"),
    ],
)
def test_a_wrong_command_line_is_status_2_and_one_line(regrets, arguments, said):
    status, out, err = regrets(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "nosuchitem"], "There is no invitation nosuchitem"),
        (["dismiss", "nosuchitem"], "There is no invitation nosuchitem"),
        (["outbox", "cancel", "nosuch"], "There is no nosuch in the outbox"),
        (["sync"], "No account is set up"),
        (["undo"], "nothing left to undo"),
        (["account", "remove", "work"], "no account called work"),
    ],
)
def test_what_fails_is_status_1_and_one_line_with_the_cure(regrets, arguments, said):
    status, out, err = regrets(*arguments)
    assert (status, out) == (1, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_an_empty_inbox_lists_nothing(regrets, tmp_path):
    write_config(tmp_path / "config")
    assert regrets("list") == (0, "", "No invitations to answer.\n")
    assert regrets("list", "--json") == (0, "", "")


def test_where_no_account_is_set_up_that_is_why_nothing_is_there(regrets, tmp_path):
    told = "No account is set up. `regrets setup` adds one, `regrets demo` needs none.\n"
    for arguments in ((), ("list",), ("list", "--plain"), ("list", "--all")):
        assert regrets(*arguments) == (0, "", told)
    assert regrets("list", "--json") == (0, "", "")
    assert regrets("show", "1") == (1, "", f"regrets: There is no invitation 1. {told}")
    (tmp_path / "config" / "config.toml").unlink()
    assert regrets("list") == (0, "", told)
    (tmp_path / "config" / "config.toml").write_text("[[account]")
    assert "No account" not in regrets("list")[2]


def test_the_title_of_what_could_not_be_read_keeps_its_own_full_stop(regrets, tmp_path):
    (tmp_path / "data").mkdir()
    fill(tmp_path / "data" / "cache.db", [b"From: a@x.example\r\nSubject: Meet at the lighthouse?\r\n\r\nHello\r\n"])
    assert "Could not be read: “Meet at the lighthouse?”. " in regrets("list", "--plain")[1]


@pytest.mark.parametrize("group", ["calendars", "clients", "learn", "letters"])
def test_a_group_without_a_command_lists(regrets, group):
    listed = regrets(group, "list")
    assert listed[0] == 0
    assert regrets(group) == listed
    assert regrets(group, "--json") == regrets(group, "list", "--json")
    assert "Commands:" in regrets(group, "--help")[1]


def test_all_that_need_no_answer_are_dismissed_at_once_and_come_back_together(regrets, tmp_path):
    (tmp_path / "data").mkdir()
    mails = [
        invitation(),
        invitation("2@x", method="CANCEL"),
        invitation("3@x", start="20200101T100000", end="20200101T110000"),
    ]
    fill(tmp_path / "data" / "cache.db", mails)
    assert regrets("dismiss", "--done")[1].startswith("2 dismissed.")
    assert len(regrets("list")[1].splitlines()) == 1
    states = [json.loads(line)["state"] for line in regrets("list", "--all", "--json")[1].splitlines()]
    assert sorted(states) == ["dismissed", "dismissed", "open"]
    assert regrets("dismiss", "--done")[1] == "None dismissed.\n"
    assert regrets("undo")[0] == 0
    states = [json.loads(line)["state"] for line in regrets("list", "--all", "--json")[1].splitlines()]
    assert sorted(states) == ["cancelled", "open", "open"]
    assert regrets("undo")[0] == 1
    assert regrets("dismiss")[0] == regrets("dismiss", "abc", "--done")[0] == 2


def test_no_name_passes_for_an_address_in_a_list(regrets, tmp_path):
    (tmp_path / "data").mkdir()

    evil = "evil@a-long-name-of-a-domain.evil.example"
    mails = [
        invitation("1@x", name="boss@studio.example", organizer=evil),
        invitation("2@x", name="Marko Kovač", organizer="marko@kovin.example"),
        invitation("3@x", name="Anna Virtanen", organizer="anna@acme.example"),
        invitation("4@x", name="Virtanen, Anna", organizer="anna@free.example"),
    ]
    fill(tmp_path / "data" / "cache.db", mails)
    listed = regrets("list")[1]
    assert "boss@" not in listed
    assert "Virtanen" not in listed
    for shown in ("…a-domain.evil.example", "Marko Kovač", "anna@acme.example", "anna@free.example"):
        assert listed.count(shown) == 1, listed
    spoken = regrets("list", "--plain")[1]
    assert f"from {evil} (boss@studio.example), " in spoken
    assert "from Marko Kovač <marko@kovin.example>, " in spoken
    assert "from Anna Virtanen <anna@acme.example>, " in spoken
    raw = [json.loads(line)["organizer"] for line in regrets("list", "--json")[1].splitlines()]
    assert {"name": "boss@studio.example", "address": evil} in raw


def fill(path, mails):
    """A cache as a sync leaves it."""
    cache, moment = SqliteCache(path), dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    for number, mail in enumerate(mails, 1):
        found = FoundMail(number, moment, mail)
        cache.save_mail(row_of("work", "INBOX", found, read(mail)), found, 1, current=True)
    cache.close()


def test_every_fault_of_the_config_is_one_line(regrets, tmp_path):
    (tmp_path / "config" / "config.toml").write_text('[me]\nnme = "x"\n[hours]\nstart = "late"\n')
    status, _, err = regrets("suggest", "x.ics")
    assert status == 1
    assert "me.nme: unknown key; did you mean 'name'?" in err
    assert "hours.start: found 'late'" in err
    assert len(err.splitlines()) == 2
    status, out, err = regrets("list")  # it can be shown, but its times may be in another zone
    assert (status, out) == (0, "")
    assert "me.nme: unknown key" in err
    assert "this machine's time zone" in err


def test_a_data_directory_that_cannot_be_used_names_the_cure(tmp_path, capsys):
    file = tmp_path / "file"
    file.write_text("")
    assert status_of(Program, ["list", "--data-dir", str(file)]) == 1
    assert "--data-dir" in capsys.readouterr().err


def test_now_must_be_a_moment(capsys):
    assert status_of(Program, ["list", "--now", "yesterday"]) == 2
    assert "give a moment such as" in capsys.readouterr().err


def test_suggest_answers_each_file_and_names_the_bad_ones(regrets, tmp_path):
    good, bad, todo = tmp_path / "good.eml", tmp_path / "bad.eml", tmp_path / "todo.ics"
    good.write_bytes(invitation())
    bad.write_bytes(b"\x00\xff nothing")
    todo.write_text("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VTODO\nUID:1\nEND:VTODO\nEND:VCALENDAR\n")
    status, out, _ = regrets("suggest", "--json", good, bad, tmp_path / "none.ics", todo)
    answers = [json.loads(line) for line in out.splitlines()]
    assert status == 1
    assert [answer["file"] for answer in answers] == [str(good), str(bad), str(tmp_path / "none.ics"), str(todo)]
    assert [answer.get("error", {}).get("code") for answer in answers] == [
        None,
        "no-calendar",
        "no-file",
        "not-an-event",
    ]
    first = answers[0]
    assert first["strategy"] == "shorten"
    assert first["rule"] == "11"
    assert first["effect"]["method"] == "COUNTER"
    assert first["start"] == "2026-11-24T10:00:00+01:00"
    assert first["organizer"] == {"name": "Kovač, Marko", "address": "Marko@Kovin.example"}
    assert first["attendee"] == "Ana@Studio.example"
    assert first["draft"]["to"] == ["Marko@Kovin.example"]
    assert first["alternatives"][-2:] == ["decline", "accept"]
    assert first["minutes_won"] == 60
    assert first["reasons"]


def test_a_cancellation_needs_no_answer(regrets, tmp_path):
    file = tmp_path / "cancel.eml"
    file.write_bytes(invitation(method="CANCEL", sequence=1))
    status, out, _ = regrets("suggest", "--json", file)
    answer = json.loads(out)
    assert status == 0
    assert (answer["strategy"], answer["rule"], answer["draft"], answer["effect"]) == ("none", "0", None, None)
    assert (answer["alternatives"], answer["minutes_won"]) == ([], 0)


def test_an_update_in_the_same_run_supersedes(regrets, tmp_path):
    old, new = tmp_path / "old.eml", tmp_path / "new.eml"
    old.write_bytes(invitation())
    new.write_bytes(invitation(sequence=1))
    _, out, _ = regrets("suggest", "--json", old, new)
    first, second = map(json.loads, out.splitlines())
    assert first["strategy"] == "none"
    assert second["strategy"] != "none"
    assert first["id"] == second["id"]


def test_a_file_can_be_tried_out_but_not_sent(regrets, tmp_path):
    file = tmp_path / "invite.eml"
    file.write_bytes(invitation())
    assert regrets("reply", file)[0] == 2
    status, out, _ = regrets("reply", file, "--dry-run", "--strategy", "decline")
    assert status == 0
    assert "\nSubject: Declined: Logo colours\r\n" in out
    assert "method=REPLY" in out
    assert list((tmp_path / "data").glob("*")) == []


def test_control_characters_of_a_mail_never_reach_the_terminal(regrets, tmp_path):
    file = tmp_path / "evil.eml"
    file.write_bytes(invitation(summary="\x1b]0;owned\x07 \u202egnp", text="\x1b[2J hello"))
    for arguments in (["suggest", file], ["suggest", "--json", file]):
        _, out, err = regrets(*arguments)
        assert not any(char in out + err for char in "\x1b\x07\x9b\u202e")


def test_the_demo_without_a_terminal_says_what_works(regrets):
    status, out, err = regrets("demo")
    assert (status, out) == (1, "")
    assert "`regrets demo --once` prints" in err


def test_ones_own_invitation_needs_no_answer(regrets, tmp_path):
    file = tmp_path / "mine.eml"
    file.write_bytes(invitation(organizer="ana@studio.example"))
    answer = json.loads(regrets("suggest", "--json", file)[1])
    assert (answer["strategy"], answer["reasons"]) == ("none", ["This is your own invitation."])
    status, _, err = regrets("reply", file, "--dry-run", "--strategy", "accept")
    assert status == 1
    assert "your own invitation" in err


def test_an_organiser_who_takes_no_mail_is_named(regrets, tmp_path):
    file = tmp_path / "noreply.eml"
    file.write_bytes(invitation(organizer="no-reply@kovin.example"))
    assert "no-reply-address" in json.loads(regrets("suggest", "--json", file)[1])["warnings"]


def mails(tmp_path, *senders_and_calendars):
    """Files of mails, in order."""
    for number, (sender, ics) in enumerate(senders_and_calendars):
        (tmp_path / f"{number}.eml").write_bytes(alternative(ics, sender, number=number))
    return [tmp_path / f"{number}.eml" for number in range(len(senders_and_calendars))]


def warned(out):
    return [
        (each["sender"], each["strategy"] == "none", each["warnings"]) for each in map(json.loads, out.splitlines())
    ]


EVIL = "evil@phish.example"
CLAIM = f'ORGANIZER;SENT-BY="mailto:{EVIL}":mailto:{MARKO}'


def claimed(**changes):
    """Evil's, in Marko's name."""
    return calendar(**changes).replace(f"ORGANIZER;CN=Marko:mailto:{MARKO}", CLAIM)


def test_files_name_their_sender_beside_the_organiser(regrets, tmp_path):
    (file,) = mails(tmp_path, (EVIL, calendar()))
    assert warned(regrets("suggest", "--json", file)[1]) == [(EVIL, False, ["sender-mismatch"])]
    assert f"Marko <{MARKO}> · stranger · sent by {EVIL}" in regrets("suggest", file)[1]
    (file,) = mails(tmp_path, (EVIL, claimed()))
    assert f"{MARKO} · stranger · sent by {EVIL}" in regrets("suggest", file)[1]
    (file,) = mails(tmp_path, (MARKO, calendar()))
    assert warned(regrets("suggest", "--json", file)[1]) == [(MARKO, False, [])]
    assert "sent by" not in regrets("suggest", file)[1]
    bare = tmp_path / "bare.ics"
    bare.write_text(calendar())
    assert warned(regrets("suggest", "--json", bare)[1]) == [(None, False, [])]


@pytest.mark.parametrize(
    ("sender", "shown", "warnings"),
    [
        (EVIL, EVIL, ["spoofed-update"]),
        (f"{EVIL}> (<{MARKO}>) <", None, ["sender-unreadable", "spoofed-update"]),
        (f"{EVIL}> (<{MARKO}>)(", None, ["sender-unreadable", "spoofed-update"]),
    ],
)
def test_files_of_one_run_are_not_changed_by_others(regrets, tmp_path, sender, shown, warnings):
    """Neither a later file nor one that came first with a high SEQUENCE."""
    real, false = (MARKO, False, []), (shown, True, warnings)
    files = mails(tmp_path, (MARKO, calendar()), (sender, claimed(sequence=5)))
    assert warned(regrets("suggest", "--json", *files)[1]) == [real, false]
    files = mails(tmp_path, (sender, claimed(sequence=5)), (MARKO, calendar()))
    assert warned(regrets("suggest", "--json", *files)[1]) == [false, real]
    files = mails(tmp_path, (MARKO, calendar()), (EVIL, claimed()), (sender, claimed(sequence=5)))
    assert warned(regrets("suggest", "--json", *files)[1])[::2] == [real, false]
