"""The second message of `bow_out`: the brief to the colleague who leads."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from regrets.domain.cases import Choice
from regrets.domain.clients import Client, ClientBook, Sign
from regrets.domain.errors import CannotAnswer
from regrets.domain.letters.briefing import Thread
from regrets.domain.letters.topics import topics
from regrets.domain.model import Attendee, Effect, Mailbox, Method, PartStat, Slot, Strategy, Suggestion, Verdict
from regrets.domain.settings import Me, Settings
from regrets.services.compose import Compose
from tests.support.invitations import ANA, ORGANIZER, START, make_invitation
from tests.support.outbox import answer, entry

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
BEN = Mailbox("Ben Kos", "ben@studio.example")
EVA = Mailbox("Eva Lah", "eva@kovin.example")
ME = Me(
    name="Ana Novak",
    addresses=(ANA.address,),
    company_domains=("studio.example",),
    timezone="Europe/Ljubljana",
    language="en",
)
TEXT = "Please look at https://files.example/draft3 first.\n\nAgenda:\n1. Paper for the catalogue\n2. Who pays\n"
LED = make_invitation(
    description=TEXT,
    summary="Print run",
    location="Kovin, Celje",
    conference_links=(),
    attendees=(Attendee(ORGANIZER), Attendee(ANA), Attendee(BEN), Attendee(EVA)),
)
SUGGESTED = Suggestion(Strategy.BOW_OUT, "5", (), (), language="en")


def drafted(choice=None, invitation=LED, me=ME, clients=(), thread=None):
    compose = Compose(Settings(me=me), ClientBook(clients))
    return compose, compose.draft(invitation, SUGGESTED, choice or Choice(), NOW, None, thread)


def test_it_tells_the_colleague_what_the_invitation_says():
    made = drafted()[1].brief
    assert made.to == (BEN,)
    assert made.subject == "Before the meeting: Print run"
    assert made.body.startswith("Hi Ben,\n\nThank you for taking “Print run”".replace("“", '"').replace("”", '"'))
    for said in ("Kovin, Celje", "Eva Lah", "Paper for the catalogue; Who pays", "https://files.example/draft3"):
        assert said in made.body
    assert "10:00–11:00" in made.body
    assert "promise" not in made.body  # what not to promise is the user's to say
    assert made.effect.method is None


def test_it_tells_what_went_before():
    said = replace(answer(entry()), partstat=PartStat.ACCEPTED, answered_at=NOW - dt.timedelta(days=3))
    before = START - dt.timedelta(days=7)
    made = drafted(thread=Thread((said,), (before, before + dt.timedelta(hours=1))))[1].brief
    assert "On Tuesday 17 November I said yes." in made.body
    assert "it was set for: Tuesday 17 November 2026, 10:00–11:00" in made.body


@pytest.mark.parametrize("language", ["en", "nb", "sl", "tr", "lv", "fi"])
def test_it_is_in_the_colleagues_language(language):
    assert drafted(me=replace(ME, language=language))[1].brief.language == language
    ben = Client("Ben", match=(BEN.address,), language=language)
    assert drafted(clients=(ben,))[1].brief.language == language


def test_the_contact_of_the_client_gets_it_also_where_not_invited():
    kovin = Client("Kovin", match=("kovin.example",), contact="liga@studio.example")
    assert drafted(clients=(kovin,))[1].brief.to[0].address == "liga@studio.example"


def test_both_are_messages_and_the_second_is_a_plain_mail_of_its_own():
    compose, draft = drafted()
    first, second = compose.messages(LED, draft, NOW)
    read = email.message_from_bytes(second.data, policy=email.policy.default)
    assert (first.recipients, second.recipients) == ((ORGANIZER.address,), (BEN.address,))
    assert (read["From"].addresses[0].addr_spec, read.get_content_type()) == (ANA.address, "text/plain")
    assert read["References"] is None
    assert b"text/calendar" in first.data
    assert first.message_id != second.message_id


def test_its_text_can_be_edited_and_an_empty_one_sends_none():
    compose, draft = drafted(Choice(brief_body="Hi Ben, all yours.\n"))
    assert draft.brief.body == "Hi Ben, all yours.\n"
    assert b"all yours" in compose.messages(LED, draft, NOW)[1].data
    compose, draft = drafted(Choice(brief_body=" \n"))
    assert len(compose.messages(LED, draft, NOW)) == 1
    assert compose.objections(LED, SUGGESTED, draft) == ()


HANDED_OVER = Choice(partstat=PartStat.DELEGATED)


def test_handed_over_the_brief_carries_the_invitation_and_the_organiser_is_told():
    compose, draft = drafted(HANDED_OVER)
    assert (draft.effect, draft.delegate) == (Effect(Method.REPLY, PartStat.DELEGATED), BEN)
    assert draft.subject == "Delegated: Print run"
    first, second = (
        email.message_from_bytes(each.data, policy=email.policy.default) for each in compose.messages(LED, draft, NOW)
    )
    told, passed_on = (
        next(part for part in each.walk() if part.get_content_type() == "text/calendar") for each in (first, second)
    )
    assert (first["To"].addresses[0].addr_spec, second["To"].addresses[0].addr_spec) == (
        ORGANIZER.address,
        BEN.address,
    )
    assert 'PARTSTAT=DELEGATED;DELEGATED-TO="mailto:ben@studio.example"' in told.get_content().replace("\r\n ", "")
    assert passed_on.get_param("method") == "REQUEST"
    assert 'DELEGATED-FROM="mailto:ana@studio.example"' in passed_on.get_content().replace("\r\n ", "")
    assert "Hi Ben," in second.get_body(("plain",)).get_content()  # one mail: the brief and the invitation
    assert "text/html" in [part.get_content_type() for part in second.walk()]
    assert second["References"] is None


def test_a_named_delegate_is_the_one_whom_letter_and_calendar_name():
    _, draft = drafted(replace(HANDED_OVER, delegate="eva@kovin.example"))
    assert draft.delegate == EVA  # by the name that the invitation knows
    assert draft.brief.to == (EVA,)
    assert "Eva Lah" in draft.body
    _, draft = drafted(replace(HANDED_OVER, delegate="Ben <ben@elsewhere.example>", brief_body=" \n"))
    assert draft.brief.to == (Mailbox("Ben", "ben@elsewhere.example"),)
    assert "Thank you for taking" in draft.brief.body  # it carries the invitation: an empty one is drafted again


def test_a_delegate_outside_the_company_is_asked_about():
    compose, draft = drafted(replace(HANDED_OVER, delegate="eva@kovin.example"))
    assert [code for code, _ in compose.objections(LED, SUGGESTED, draft)] == ["outside-colleague"]


@pytest.mark.parametrize(
    ("choice", "invitation", "why"),
    [
        (replace(HANDED_OVER, delegate=ORGANIZER.address), LED, "organises"),
        (replace(HANDED_OVER, delegate=ANA.address), LED, "your own"),
        (replace(HANDED_OVER, delegate="ben@x.example, eve@x.example"), LED, "not one address"),
        (replace(HANDED_OVER, strategy=Strategy.DECLINE), LED, "handed over with bow_out"),
        (HANDED_OVER, make_invitation(), "Nobody is known"),
        (HANDED_OVER, replace(LED, attendees=(Attendee(BEN),)), "not invited by name"),
        (HANDED_OVER, replace(LED, organizer=None), "not invited by name"),
    ],
)
def test_a_meeting_is_not_handed_over_to_just_anybody(choice, invitation, why):
    with pytest.raises(CannotAnswer, match=why) as caught:
        drafted(choice, invitation)
    assert caught.value.cure


def test_no_other_strategy_has_one_and_none_is_written_to_nobody():
    assert drafted(Choice(strategy=Strategy.DECLINE))[1].brief is None
    assert drafted(invitation=make_invitation())[1].brief is None


def test_an_address_outside_the_company_is_shown_as_such_first():
    outside = Client("Kovin", match=("kovin.example",), contact="ben@elsewhere.example")
    compose, draft = drafted(clients=(outside,))
    [(code, sentence)] = compose.objections(LED, SUGGESTED, draft)
    assert code == "outside-colleague"
    assert "ben@elsewhere.example, outside your company" in sentence
    compose, draft = drafted()
    assert compose.objections(LED, SUGGESTED, draft) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- prices\n- dates", ("prices", "dates")),
        ("1. Paper. 2. Ink", ("Paper", "Ink")),
        ("We go through: prices, dates, who pays", ("prices", "dates", "who pays")),
        ("What does it cost? Does Tuesday suit you?", ("What does it cost?",)),
        ("Looking forward to it.", ()),
        ("- which paper we take\n  for the cover\n- dates", ("which paper we take for the cover", "dates")),
        ("One thing: the printer is late because of the strike, so we need a new one soon.", ()),
        ("Which one is it: red, green or blue?", ("Which one is it: red, green or blue?",)),
        (f"- {'very ' * 60}long\n- dates", ("dates",)),
    ],
)
def test_topics_are_the_points_of_a_list_else_the_questions(text, found):
    assert topics(make_invitation(description=text), "en") == found


CANARY = "zzcanary"
WORD = st.text("abcdefgh", min_size=1, max_size=6).map(lambda word: CANARY + word)


@hypothesis_settings(max_examples=150, deadline=None)
@given(
    strategy=st.sampled_from([each for each in Strategy if each is not Strategy.NONE]),
    language=st.sampled_from(["en", "nb", "sl", "tr", "lv", "fi"]),
    formal=st.booleans(),
    reason=st.booleans(),
    words=st.lists(WORD, min_size=8, max_size=8),
)
def test_nothing_of_the_client_book_and_no_rule_text_ever_goes_out(strategy, language, formal, reason, words):
    trait, sign, note, tier, status, why, relation, clash = words
    kovin = Client(
        "Kovin",
        match=("kovin.example", BEN.address),
        tier=tier,
        status=status,
        traits=(trait, "chatty"),
        contact=BEN.address,
        signs=(Sign(NOW.date(), sign, note),),
    )
    slot = Slot(START + dt.timedelta(days=1), START + dt.timedelta(days=1, hours=1))
    judged = Suggestion(
        strategy,
        "5",
        (why,),
        (),
        trace=(Verdict("5", strategy, True, why), Verdict("8d", strategy, False, why)),
        relation=relation,
        clashes=(clash,),
        outside_hours=why,
        language=language,
        proposals=(slot,),
        shorten_to=25,
    )
    compose = Compose(Settings(me=replace(ME, language=language)), ClientBook((kovin,)))
    choice = Choice(language=language, formal=formal, reason=reason)
    said = answer(entry())
    draft = compose.draft(LED, judged, choice, NOW, None, Thread((replace(said, rule=why),)))
    for message in compose.messages(LED, draft, NOW):
        read = email.message_from_bytes(message.data, policy=email.policy.default)
        parts = [part.get_payload(decode=True) or b"" for part in read.walk() if not part.is_multipart()]
        unfolded = [part.replace(b"\r\n ", b"") for part in parts]
        told = b"\n".join([*unfolded, *(str(value).encode() for value in read.values()), message.data]).lower()
        assert CANARY.encode() not in told
        assert b"chatty" not in told
