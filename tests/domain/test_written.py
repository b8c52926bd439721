# ruff: noqa: E501
"""What the person wrote, without what programs added; and how one joins."""

import pytest

from regrets.domain.conference import is_join_link, without_join_block
from regrets.domain.html_text import hrefs, text_of_html
from regrets.domain.imip import read
from regrets.domain.written import whole_text, written
from tests.support.invitations import make_invitation

LETTER = "Hello Ana,\n\ncould we go over the second draft? It has three open points.\n\nMarko"
TEAMS = """________________________________________________________________________________
Microsoft Teams Tarvitsetko apua?<https://aka.ms/JoinTeamsMeeting?omkt=fi-FI>
Liity kokoukseen nyt<https://teams.microsoft.com/l/meetup-join/19%3ameeting_1/0?context=%7b%7d>
Kokoustunnus: 277 289 821 84
Tunnuskoodi: yyQpc45K
________________________________
Soita puhelimella
+358 9 555 0479,,72047942#<tel:+35895550479,,72047942#> Suomi, Helsinki
Järjestäjille: Kokousasetukset<https://teams.microsoft.com/meetingOptions/?organizerId=7> | Palauta<https://dialin.teams.microsoft.com/usp>
________________________________________________________________________________"""
ZOOM = """Marko Kovač vas vabi na načrtovano srečanje Zoom.

Tema: Drugi osnutek
Pridružite se srečanju Zoom
https://us02web.zoom.us/j/85437638544?pwd=2a67

ID srečanja: 854 3763 8544
Geslo: 148803

---

Klic z enim dotikom
+38615550133,,85437638544#,,,,*148803# Slovenija

---

Pokličite glede na svojo lokacijo
        • +386 1 555 0133 Slovenija

Poiščite svojo lokalno številko: https://us02web.zoom.us/u/kc345"""
MEET = """-::~:~::~:~:~:~:~:~:~:~:~::~:~::-
Pievienojieties: https://meet.google.com/ihr-vcnl-oym
Lūdzu, nerediģējiet šo sadaļu.
-::~:~::~:~:~:~:~:~:~:~:~::~:~::-"""
LEGAL = "This e-mail is confidential. If you are not the intended recipient, delete it. No guarantee is given."
CARD = "Marko Kovač\nKovin d.d.\nCesta 4, 4226 Žiri\ntel. 04 555 01 83"


def invitation(description="", text="", html=""):
    description = description.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")
    body = html or text
    kind = "html" if html else "plain"
    return read(
        f"From: m@kovin.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        f"Content-Type: text/{kind}; charset=utf-8\n\n{body}\n--b\nContent-Type: text/calendar; method=REQUEST\n\n"
        f"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nSUMMARY:Second draft\nLOCATION:https://meet.jit.si/kovin\n"
        f"ORGANIZER;CN=Marko Kovač:mailto:m@kovin.example\nDESCRIPTION:{description}\nEND:VEVENT\nEND:VCALENDAR\n--b--\n".encode()
    )


@pytest.mark.parametrize("block", [TEAMS, ZOOM, MEET])
def test_join_blocks_go_whatever_their_language(block):
    assert without_join_block(f"{LETTER}\n\n{block}") == LETTER
    assert without_join_block(f"{block}\n\n{LETTER}") == LETTER


@pytest.mark.parametrize(
    "text",
    [
        LETTER,
        "I'd like to talk about https://zoom.us/j/12345678 and why the link in your letter does not work.",
        "Agenda:\n1. the budget\n2. the plan\n\nSee https://kovin.example/plan",
        "Call me: 041 555 012\nCode: 1234",
    ],
)
def test_what_is_no_block_stays(text):
    assert without_join_block(text) == text


@pytest.mark.parametrize(
    "added",
    [
        f"\n\n{CARD}\n\n{LEGAL}\n\n{TEAMS}",
        "\n\n-- \nMarko\nKovin d.d.",
        "\n\nSecond draft\nTuesday Nov 24, 2026 \u22c5 3pm\n\nOrganizer\nMarko Kovač\nm@kovin.example\n\n~~//~~\nInvitation from Google Calendar",
        "\n\n-----Original Message-----\nFrom: Ana <ana@studio.example>\nSent: Monday\nTo: Marko\n\nOld words",
        "\n\nOn Monday Ana wrote:\n> Old words\n> more",
        "\n\nOd: Ana <ana@studio.example>\nPoslano: ponedeljek\nZa: Marko\nZadeva: Osnutek\n\nOld words",
    ],
)
def test_only_the_letter_is_left(added):
    assert written(invitation(LETTER + added)) == LETTER


def test_outlooks_head_goes():
    head = "Når: torsdag 22. oktober 2026 12:00\nHvor: Microsoft Teams-møte\n\n*~*~*~*~*~*~*~*~*~*\n\n"
    assert written(invitation(head + LETTER)) == LETTER


def test_mail_and_description_give_one_letter():
    assert written(invitation(LETTER, LETTER)) == LETTER
    assert written(invitation(ZOOM, LETTER)) == LETTER
    assert written(invitation("Bring the samples.", LETTER)) == f"Bring the samples.\n\n{LETTER}"
    assert written(invitation()) == ""


def test_html_only_mails_are_read_and_their_links_found():
    item = invitation(
        html='<p>Hello <b>Ana</b>.</p><p>Tuesday?</p><a href="https://whereby.com/kovin?a=1&amp;b=2">Join</a>'
    )
    assert "Hello Ana." in written(item)
    assert item.conference_links == ("https://meet.jit.si/kovin", "https://whereby.com/kovin?a=1&b=2")


def test_deep_html_still_gives_its_text():
    assert text_of_html("<div>" * 15_000 + "hi<br>there<style>x{}</style>") == "hi\nthere"
    assert hrefs("<a href='https://a.example'>x</a>") == ["https://a.example"]


@pytest.mark.parametrize(
    ("link", "joins"),
    [
        ("https://teams.microsoft.com/l/meetup-join/19%3a", True),
        ("https://us02web.zoom.us/j/85437638544", True),
        ("https://meet.google.com/ihr-vcnl-oym", True),
        ("https://kovin.webex.com/meet/marko", True),
        ("https://meet.jit.si/x", True),
        ("https://jitsi.kovin.example/room", True),
        ("https://teams.microsoft.com/meetingOptions/?a=1", False),
        ("https://us02web.zoom.us/u/kc345", False),
        ("https://kovin.example/zoom.us/j/1", False),
        ("https://evilzoom.us/j/1", False),
    ],
)
def test_which_links_join(link, joins):
    assert is_join_link(link) is joins


NOTICES = [
    "Goods carry a 24 month warranty. Complaints within 8 days. VAT no. GB 555 0199 12.",
    "Prisene gjelder til 31.12. Åpningstider: man-fre 9-16. Vi tar ikke ansvar for feil.",
    "Reklamacije sprejemamo v 8 dneh. Delovni čas: od 8. do 16. ure. Davčna št. SI55501234.",
    "Fiyatlarımız yıl sonuna kadar geçerlidir. Müşteri hizmetleri: 0850 555 01 77. Mersis 0555.",
    "Cenas spēkā līdz gada beigām. Darba laiks 9-17. Reģ. nr. 40005550199.",
    "Hinnat voimassa vuoden loppuun. Tuotteilla kahden vuoden takuu. Y-tunnus 5550199-1.",
]


def _of(text: str) -> str:
    calendar = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:n@x\r\nDTSTAMP:20261101T080000Z\r\n"
        "DTSTART:20261102T090000Z\r\nDTEND:20261102T093000Z\r\nSUMMARY:Second draft\r\n"
        "ORGANIZER;CN=Marko Kovač:mailto:marko@x.example\r\nATTENDEE:mailto:ana@x.example\r\n"
        f"DESCRIPTION:{text.replace(',', chr(92) + ',').replace(chr(10), chr(92) + 'n')}\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )
    return written(read(calendar.encode()))


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("signed", ["\n\nMarko", " Marko", "\n\nBest regards, Marko", ""])
def test_notices_below_a_letter_are_no_part_of_it(notice, signed):
    letter = f"Hello Ana,\n\ncould we go over the second draft on Friday? It has three open points.{signed}"
    assert _of(f"{letter}\n\n{notice}") == letter


def test_what_follows_the_name_goes_but_a_postscript_stays():
    letter = "Hello Ana,\n\ncould we go over the second draft? It has three open points.\n\nMarko"
    assert _of(f"{letter}\n\nWe deliver within two days!") == letter
    assert _of(f"{letter}\n\nPS: The third point is urgent.").endswith("urgent.")


def test_a_name_that_introduces_signs_nothing():
    letter = "Hello Ana,\n\nMarko Kovač from the mill.\n\nCould we go over the second draft on Friday?"
    assert _of(letter) == letter


def test_a_paragraph_about_goods_stays():
    letter = "Hello Ana,\n\nwe need to talk.\n\nThe warranty on the press ends in May, should we repair it before?\n\nMarko"
    assert _of(letter) == letter


@pytest.mark.parametrize(
    ("description", "mail", "whole"),
    [
        (LETTER, LETTER.replace("\n", "\r\n"), LETTER),
        (LETTER, "", LETTER),
        ("", LETTER, LETTER),
        (f"{LETTER}\n\nJoin: https://zoom.us/j/1", LETTER, f"{LETTER}\n\nJoin: https://zoom.us/j/1"),
        ("Figures.", f"Figures.\n\n{LETTER}", f"Figures.\n\n{LETTER}"),
        ("Figures.", "Please bring the draft.", "Figures.\n\nPlease bring the draft."),
        ("", "", ""),
    ],
)
def test_read_whole_nothing_is_said_twice_and_nothing_left_out(description, mail, whole):
    assert whole_text(make_invitation(description=description, mail_text=mail)).replace("\r", "") == whole
