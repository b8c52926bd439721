"""What a letter may say: the values for its slots, picked from invitation, settings and client.

Of the client book only name, salutation, language, contact, next report, notice, a settled question, and for how
long they are a client are looked at; traits, tiers, signs and notes never are.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from regrets.domain.clients import Client
from regrets.domain.letters.fitting import MOST_LISTED, fitting_referrals, fitting_resources, shares_word
from regrets.domain.letters.formats import utc_name, zone_of
from regrets.domain.letters.matter import names_matter
from regrets.domain.letters.names import first_name, one_line
from regrets.domain.letters.promise import promised_day
from regrets.domain.model import Invitation, Mailbox, Slot, Strategy, Suggestion, TimeKind
from regrets.domain.recipients import matching_attendee
from regrets.domain.recurrence import next_occurrence
from regrets.domain.settings import Settings, is_mine
from regrets.domain.timezones import windows_zone
from regrets.domain.workdays import first_day_off, holiday

_YOUNG = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class LetterValues:
    """Plain values only. Empty means unknown: the sentence that needs it is left out."""

    title: str = ""
    organizer_name: str = ""  # display name
    addressee_name: str = ""  # of the person to whom the letter goes: the organiser, save for a forwarded mail
    addressee_first: str = ""  # for the greeting; '' unless it is certain
    salutation: str = ""  # a whole greeting line, used as it stands
    salutation_language: str = ""  # in which it is written; '' for any
    signature: str = ""  # may have several lines
    own_language: str = ""  # in which my own phrases are written; '' for any
    forwarded: bool = False  # the letter goes to somebody who passed the invitation on, and to nobody else
    series: bool = False  # a whole series; start and end are those of its next occurrence
    occurrence: bool = False  # one meeting of a series
    start: dt.datetime | dt.date | None = None
    end: dt.datetime | dt.date | None = None  # exclusive for dates
    zone: str = ""  # mine, IANA
    other_zone: str = ""  # theirs, as formats.zone_of reads it; '' where the clocks agree
    minutes: int = 0  # of the time box or the shorter meeting
    in_person: bool = False  # it takes place somewhere, with no link to join by
    agenda_known: bool = False
    colleague: str = ""
    colleague_first: str = ""
    colleague_organizes: bool = False
    colleague_is_contact: bool = False
    phone: str = ""
    proposals: tuple[Slot, ...] = ()
    date_promised: dt.date | None = None
    notice_date: dt.date | None = None
    next_report: str = ""
    topic: str = ""  # a question that was settled before
    work_days: tuple[str, ...] = ()  # mon … sun
    work_start: dt.time | None = None
    work_end: dt.time | None = None
    after_hours: str = ""
    services: tuple[str, ...] = ()
    rates: str = ""
    booking: str = ""
    references: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    reason_text: str = ""  # the user's own words for being away
    away: bool = False
    clash: bool = False
    holiday: dt.date | None = None  # the day of the meeting, where it is a public one
    holidays_of: str = ""  # the country or its part, as in [hours]
    day_off: bool = False  # none of my working days
    full_day: bool = False
    unsolicited: bool = False
    where: str = ""  # of the brief to a colleague: where it takes place, or the link to join by
    people: str = ""  # who else is invited
    standing: str = ""  # where things stand
    questions: str = ""  # likely questions, with answers
    files: str = ""  # where they are
    limits: str = ""  # what not to promise


def letter_values(
    invitation: Invitation,
    suggestion: Suggestion,
    settings: Settings,
    client: Client | None,
    *,
    strategy: Strategy,
    minutes: int,
    proposals: tuple[Slot, ...],
    now: dt.datetime,
    to: Mailbox | None = None,
    greeted: Client | None = None,
    colleague: Mailbox | None = None,
) -> LetterValues:
    """The values for one answer. `now` is aware; `minutes` 0 means that none were chosen; `to` is to whom the letter
    goes (None: the organiser) and `greeted` that person's entry in the client book; `client` is the organiser's;
    `colleague` speaks for me (None: who leads)."""
    me = settings.me
    zone = me.timezone or "UTC"
    today = now.astimezone(zone_of(zone) or dt.UTC).date()
    holders = {verdict.rule for verdict in suggestion.trace if verdict.holds} | {suggestion.rule}
    organizer = invitation.organizer or invitation.mail.from_ or Mailbox("", "")
    colleague = colleague or colleague_of(invitation, settings, client)
    start, end = next_time(invitation, now, zone)
    off = _day_off(start, end, zone, settings)
    reason = next((away.reason for away in settings.away if _meets(start, end, away.start, away.end)), None)
    if to is None or to.key == organizer.key:
        addressee, greeted = organizer, client
    else:
        addressee = to
    name = one_line(addressee.name)
    wanted = f"{invitation.summary} {invitation.description}"
    return LetterValues(
        title=one_line(invitation.summary, 120),
        organizer_name=one_line(organizer.name),
        addressee_name=name,
        addressee_first=first_name(name, (addressee.domain, greeted.name if greeted else "")),
        salutation=one_line(greeted.salutation) if greeted else "",
        salutation_language=greeted.language if greeted else "",
        signature=me.signature or me.name,
        own_language=me.language,
        forwarded=_forwarded(invitation, addressee, me.addresses),
        series=invitation.recurring,
        occurrence=invitation.recurrence_id is not None,
        start=start,
        end=end,
        zone=zone,
        other_zone=_other_zone(invitation, start, zone),
        minutes=minutes or (invitation.minutes or 0 if strategy is Strategy.TIMEBOX else 0),
        in_person=bool(invitation.location.strip()) and not invitation.conference_links,
        agenda_known=suggestion.agenda or names_matter(invitation, suggestion.language),
        colleague=one_line(colleague.name or colleague.address),
        colleague_first=first_name(one_line(colleague.name)),
        colleague_organizes=bool(colleague.address) and colleague.key == addressee.key,
        colleague_is_contact=bool(client and client.contact and client.contact.casefold() == colleague.key),
        phone=me.phone,
        proposals=proposals[:MOST_LISTED],
        date_promised=promised_day(today, me.reply_within, settings),
        notice_date=today + dt.timedelta(days=client.notice_days if client else Client("").notice_days),
        next_report=one_line(client.next_report) if client else "",
        topic=_topic(client, wanted, known="3e" in holders),
        work_days=settings.hours.days,
        work_start=settings.hours.start,
        work_end=settings.hours.end,
        after_hours=me.after_hours,
        services=me.services,
        rates=me.rates,
        booking=me.booking,
        references=me.references[:MOST_LISTED] if _young(client, today) else (),
        referrals=fitting_referrals(me, wanted),
        resources=fitting_resources(me, wanted),
        reason_text=one_line(reason or ""),
        away=reason is not None,
        clash=bool(suggestion.clashes),
        holiday=off if off and holiday(off, settings.hours.holidays) else None,
        holidays_of=settings.hours.holidays,
        day_off=off is not None and not holiday(off, settings.hours.holidays),
        full_day="12" in holders,
        unsolicited="8e" in holders,
    )


def colleague_of(invitation: Invitation, settings: Settings, client: Client | None) -> Mailbox:
    """Who leads: the client's contact first, else a colleague who organises it, else one who takes part. Its address
    is '' where there is none."""
    me = settings.me
    people = [attendee.mailbox for attendee in invitation.attendees if attendee.cutype not in ("ROOM", "RESOURCE")]
    if invitation.organizer:
        people.insert(0, invitation.organizer)
    domains = {domain.casefold().removeprefix("@") for domain in me.company_domains}
    inside = [one for one in people if one.domain in domains and not is_mine(one.address, me.addresses)]
    if client and client.contact and not is_mine(client.contact, me.addresses):
        wanted = client.contact.casefold()
        return next((one for one in people if one.key == wanted), Mailbox("", client.contact))
    return inside[0] if inside else Mailbox("", "")


def next_time(
    invitation: Invitation, now: dt.datetime, zone: str
) -> tuple[dt.datetime | dt.date | None, dt.datetime | dt.date | None]:
    """Start and end; of a series those of its next occurrence, none where that can't be told."""
    if not invitation.recurring:
        return invitation.start, invitation.end
    slot = next_occurrence(invitation, now, zone_of(zone) or dt.UTC)
    if slot is None:
        return None, None
    if invitation.all_day:
        return slot.start.date(), slot.end.date()
    return slot.start, slot.end


def _day_off(
    start: dt.datetime | dt.date | None, end: dt.datetime | dt.date | None, zone: str, settings: Settings
) -> dt.date | None:
    """The first day of the meeting on which I don't work, in my zone."""
    if start is None:
        return None
    first = _instant(start, zone_of(zone)).astimezone(zone_of(zone))
    last = _instant(end, zone_of(zone)).astimezone(zone_of(zone)) if end is not None else first
    final = max(first, last - dt.timedelta(microseconds=1))
    return first_day_off((first.date(), final.date()), settings.hours)


def _forwarded(invitation: Invitation, addressee: Mailbox, mine: tuple[str, ...]) -> bool:
    """Whether the mail was passed on to me in person, and the answer goes to whoever did that."""
    inviting = {person.key for person in (invitation.organizer, invitation.sent_by) if person is not None}
    sender = invitation.mail.from_
    if not inviting or sender is None or matching_attendee(invitation, mine) is not None:
        return False
    return addressee.key not in inviting and sender.key not in inviting


def _other_zone(invitation: Invitation, start: dt.datetime | dt.date | None, zone: str) -> str:
    """The organiser's zone where its clock differs from mine at that time; '' where nothing is known of it.

    Times in UTC say nothing about where the organiser sits; then the offset of the mail's Date speaks. A Windows zone
    goes by its own name as long as it is no other zone of that name that was sent along.
    """
    mine = zone_of(zone)
    if mine is None or not isinstance(start, dt.datetime) or start.tzinfo is None:
        return ""
    theirs = _sent_zone(invitation, start.tzinfo)
    unknown = invitation.time_kind is TimeKind.ZONED and not invitation.tzid
    if unknown or str(theirs) == "UTC":
        sent = invitation.mail.date
        if sent is None or not sent.utcoffset():
            return ""
        # The Date's offset holds for the day of writing: compare on that day, show on the day of the event.
        if sent.utcoffset() == sent.astimezone(mine).utcoffset():
            return ""
        theirs = sent.tzinfo or dt.UTC
    if start.astimezone(theirs).utcoffset() == start.astimezone(mine).utcoffset():
        return ""
    if isinstance(theirs, ZoneInfo) and "/" in theirs.key and "/" in invitation.tzid:
        return theirs.key
    local = start.astimezone(theirs)
    windows = windows_zone(invitation.tzid)
    known = windows is not None and start.astimezone(windows).utcoffset() == local.utcoffset()
    return invitation.tzid if known else utc_name(local)


def _sent_zone(invitation: Invitation, fallback: dt.tzinfo) -> dt.tzinfo:
    """The zone as the organiser wrote it; the occurrences of a series are counted in it."""
    first = invitation.start
    return first.tzinfo if isinstance(first, dt.datetime) and first.tzinfo else fallback


def _meets(
    first: dt.datetime | dt.date | None, last: dt.datetime | dt.date | None, start: dt.datetime, end: dt.datetime
) -> bool:
    """Whether an event overlaps a stretch of being away; days are taken as those of that stretch's zone."""
    if first is None:
        return False
    begin = _instant(first, start.tzinfo)
    finish = _instant(last, start.tzinfo) if last is not None else begin + dt.timedelta(minutes=1)
    return begin < end and start < finish


def _instant(time: dt.datetime | dt.date, zone: dt.tzinfo | None) -> dt.datetime:
    if not isinstance(time, dt.datetime):
        time = dt.datetime.combine(time, dt.time())
    return time if time.tzinfo else time.replace(tzinfo=zone)


def _young(client: Client | None, today: dt.date) -> bool:
    return client is None or (client.since is not None and today - client.since < _YOUNG)


def _topic(client: Client | None, wanted: str, *, known: bool) -> str:
    """The settled question that the invitation is about, by a word that both have; '' where there is none. `known`:
    the rules have seen that it is about one, perhaps in other words."""
    topics = client.helped_with if client else ()
    if known and len(topics) == 1:
        return one_line(topics[0])
    return one_line(next((topic for topic in topics if shares_word(topic, wanted)), ""))
