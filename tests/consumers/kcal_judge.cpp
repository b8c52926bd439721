// What KCalendarCore, the calendar library of KDE, makes of an answer, as an organiser's calendar would read it.
//
// usage: kcal_judge REQUEST.ics ANSWER.ics [REQUEST.ics ANSWER.ics ...]
// One line for each pair, `key=value` with tabs between; `fault=` once for everything that it would refuse;
// `abstains=` where it can't read the request itself.
#include <KCalendarCore/Event>
#include <KCalendarCore/ICalFormat>
#include <KCalendarCore/MemoryCalendar>
#include <KCalendarCore/ScheduleMessage>
#include <QCoreApplication>
#include <QFile>
#include <QTimeZone>
#include <cstdio>

using namespace KCalendarCore;

static void fact(const char *key, const QString &value)
{
    printf("\t%s=%s", key, qPrintable(value.simplified()));
}

static QByteArray content(const char *name)
{
    QFile file(QString::fromLocal8Bit(name));
    if (!file.open(QIODevice::ReadOnly)) {
        perror(name);
        exit(2);
    }
    return file.readAll();
}

static QString partstat(const Attendee &person)
{
    switch (person.status()) {
    case Attendee::Accepted:
        return QStringLiteral("ACCEPTED");
    case Attendee::Declined:
        return QStringLiteral("DECLINED");
    case Attendee::Tentative:
        return QStringLiteral("TENTATIVE");
    case Attendee::Delegated:
        return QStringLiteral("DELEGATED");
    default:
        return QString();
    }
}

static bool same(const QString &one, const QString &other)
{
    return one.compare(other, Qt::CaseInsensitive) == 0;
}

static QString moment(const QDateTime &time, bool allDay)
{
    return allDay ? time.date().toString(Qt::ISODate) : QString::number(time.toSecsSinceEpoch());
}

static bool isInvited(const Event::List &asked, const QString &address)
{
    for (const auto &event : asked)
        for (const auto &person : event->attendees())
            if (same(person.email(), address))
                return true;
    return false;
}

static bool isOccurrence(const Event::List &asked, const QDateTime &time)
{
    for (const auto &event : asked)
        if (event->hasRecurrenceId() ? event->recurrenceId() == time : event->recursAt(time))
            return true;
    return false;
}

static void judgePeople(const Event::Ptr &event, const Event::List &asked, iTIPMethod method)
{
    const auto people = event->attendees();
    const Attendee *delegator = nullptr;
    for (const auto &person : people)
        if (!person.delegate().isEmpty() && isInvited(asked, person.email()))
            delegator = &person;
    if (delegator)
        fact("delegate", delegator->delegate().remove(QStringLiteral("mailto:")));
    if (method == iTIPRequest) { // only as it is passed on to a delegate
        for (const auto &person : people)
            if (delegator && !person.delegator().isEmpty() && same(person.email(), delegator->delegate().remove(QStringLiteral("mailto:"))))
                fact("delegator", person.delegator().remove(QStringLiteral("mailto:")));
        if (!delegator)
            fact("fault", QStringLiteral("a REQUEST that delegates nothing"));
        else
            fact("partstat", partstat(*delegator));
        return;
    }
    if (people.size() != 1) {
        fact("fault", QStringLiteral("%1 attendees").arg(people.size()));
        return;
    }
    if (!isInvited(asked, people[0].email()))
        fact("fault", QStringLiteral("attendee ") + people[0].email());
    fact("partstat", partstat(people[0]));
    if (partstat(people[0]).isEmpty())
        fact("fault", QStringLiteral("partstat"));
}

static void judge(const char *requestName, const char *answerName)
{
    printf("judge=kcalendarcore");
    MemoryCalendar::Ptr organiser(new MemoryCalendar(QTimeZone::utc()));
    ICalFormat reader;
    if (!reader.fromRawString(organiser, content(requestName)) || organiser->rawEvents().isEmpty()) {
        printf("\tabstains=no event\n");
        return;
    }
    const Event::List asked = organiser->rawEvents();
    ICalFormat format;
    const ScheduleMessage::Ptr message = format.parseScheduleMessage(organiser, QString::fromUtf8(content(answerName)));
    const Event::Ptr event = message ? message->event().dynamicCast<Event>() : Event::Ptr();
    if (!event) {
        fact("fault", QStringLiteral("unreadable"));
        printf("\n");
        return;
    }
    const iTIPMethod method = message->method();
    fact("method", ScheduleMessage::methodName(method).toUpper());
    if (method != iTIPReply && method != iTIPCounter && method != iTIPRequest)
        fact("fault", QStringLiteral("method"));
    if (!message->error().isEmpty())
        fact("fault", message->error());
    Event::Ptr own;
    for (const auto &each : asked)
        if (each->uid() == event->uid())
            own = each;
    if (!own)
        fact("fault", QStringLiteral("uid ") + event->uid());
    if (event->organizer().email().isEmpty() || (own && !same(event->organizer().email(), own->organizer().email())))
        fact("fault", QStringLiteral("organizer ") + event->organizer().email());
    judgePeople(event, asked, method);
    fact("sequence", QString::number(event->revision()));
    if (event->dtStart().isValid())
        fact("start", moment(event->dtStart(), event->allDay()));
    if (event->hasEndDate())
        fact("end", moment(event->dtEnd(), event->allDay()));
    if (event->hasRecurrenceId()) {
        fact("occurrence", moment(event->recurrenceId(), event->allDay()));
        if (!isOccurrence(asked, event->recurrenceId()))
            fact("fault", QStringLiteral("no such occurrence"));
    }
    printf("\n");
}

int main(int count, char **names)
{
    QCoreApplication application(count, names);
    for (int index = 1; index + 1 < count; index += 2)
        judge(names[index], names[index + 1]);
    return 0;
}
