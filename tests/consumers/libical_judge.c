/* What libical makes of an answer, as an organiser's calendar would read it.
 *
 * usage: libical_judge REQUEST.ics ANSWER.ics [REQUEST.ics ANSWER.ics ...]
 * One line for each pair, `key=value` with tabs between; `fault=` once for everything that it would
 * refuse; `abstains=` where it can't read the request itself.
 */
#include <libical/ical.h>
#include <libical/icalss.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void fault(const char *what, const char *detail) { printf("\tfault=%s %s", what, detail ? detail : "(none)"); }

static char *content(const char *name)
{
    FILE *file = fopen(name, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(name);
        exit(2);
    }
    long size = ftell(file);
    rewind(file);
    char *text = calloc(1, (size_t)size + 1);
    if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size) {
        perror(name);
        exit(2);
    }
    fclose(file);
    return text;
}

/* The parser and the restriction check leave their complaints in the tree. */
static void complaints(icalcomponent *part)
{
    icalproperty *each = icalcomponent_get_first_property(part, ICAL_XLICERROR_PROPERTY);
    for (; each != NULL; each = icalcomponent_get_next_property(part, ICAL_XLICERROR_PROPERTY))
        fault("libical:", icalproperty_get_xlicerror(each));
    icalcompiter inner = icalcomponent_begin_component(part, ICAL_ANY_COMPONENT);
    for (; icalcompiter_deref(&inner) != NULL; icalcompiter_next(&inner))
        complaints(icalcompiter_deref(&inner));
}

static const char *address(icalproperty *property)
{
    const char *text = property ? icalproperty_get_value_as_string(property) : NULL;
    return text ? text : "";
}

static icalproperty *invited(icalcomponent *request, const char *who)
{
    icalcomponent *event = icalcomponent_get_first_component(request, ICAL_VEVENT_COMPONENT);
    for (; event != NULL; event = icalcomponent_get_next_component(request, ICAL_VEVENT_COMPONENT)) {
        icalproperty *each = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
        for (; each != NULL; each = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY))
            if (strcasecmp(address(each), who) == 0)
                return each;
    }
    return NULL;
}

static void moment(const char *key, icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    if (property == NULL)
        return;
    struct icaltimetype time = icalproperty_get_datetime_with_component(property, event);
    if (time.is_date)
        printf("\t%s=%04d-%02d-%02d", key, time.year, time.month, time.day);
    else
        printf("\t%s=%lld", key, (long long)icaltime_as_timet_with_zone(time, time.zone));
}

/* libical's own idea of what kind of message this is to the organiser; it has no class for TENTATIVE. */
static void classified(icalcomponent *answer, icalcomponent *request, const char *who, icalparameter_partstat partstat)
{
    icalproperty_xlicclass class = icalclassify(answer, request, who);
    icalproperty_method method = icalcomponent_get_method(answer);
    int fits = method == ICAL_METHOD_COUNTER ? class == ICAL_XLICCLASS_COUNTER
        : partstat == ICAL_PARTSTAT_ACCEPTED ? class == ICAL_XLICCLASS_REPLYACCEPT
        : partstat == ICAL_PARTSTAT_DECLINED ? class == ICAL_XLICCLASS_REPLYDECLINE
        : partstat == ICAL_PARTSTAT_DELEGATED ? class == ICAL_XLICCLASS_REPLYDELEGATE
                                              : partstat == ICAL_PARTSTAT_TENTATIVE;
    if (!fits)
        fault("class", icalproperty_enum_to_string(class));
}

/* The address without its scheme, of DELEGATED-TO and DELEGATED-FROM. */
static const char *bare(const char *uri) { return strncasecmp(uri, "mailto:", 7) == 0 ? uri + 7 : uri; }

/* The two attendees of a delegation; the one who delegates must have been invited. */
static icalproperty *delegation(icalcomponent *event, icalcomponent *request)
{
    icalproperty *each = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY), *delegator = NULL;
    for (; each != NULL; each = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY)) {
        icalparameter *to = icalproperty_get_first_parameter(each, ICAL_DELEGATEDTO_PARAMETER);
        icalparameter *from = icalproperty_get_first_parameter(each, ICAL_DELEGATEDFROM_PARAMETER);
        if (to != NULL && invited(request, address(each)) != NULL) {
            delegator = each;
            printf("\tdelegate=%s", bare(icalparameter_get_delegatedto(to)));
        }
        if (from != NULL)
            printf("\tdelegator=%s", bare(icalparameter_get_delegatedfrom(from)));
    }
    return delegator;
}

static void judge_event(icalcomponent *event, icalcomponent *answer, icalcomponent *request)
{
    icalcomponent *asked = icalcomponent_get_first_component(request, ICAL_VEVENT_COMPONENT);
    const char *uid = icalcomponent_get_uid(event);
    if (uid == NULL || strcmp(uid, icalcomponent_get_uid(asked)) != 0)
        fault("uid", uid);
    const char *organizer = address(icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY));
    if (strcasecmp(organizer, address(icalcomponent_get_first_property(asked, ICAL_ORGANIZER_PROPERTY))) != 0)
        fault("organizer", organizer);
    icalproperty *attendee = delegation(event, request);
    int passed_on = icalcomponent_get_method(answer) == ICAL_METHOD_REQUEST;
    if (passed_on && attendee == NULL)
        fault("method", "a REQUEST that delegates nothing");
    if (!passed_on && icalcomponent_count_properties(event, ICAL_ATTENDEE_PROPERTY) != 1)
        fault("attendees", "not exactly one");
    if (!passed_on)
        attendee = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
    if (attendee == NULL)
        return;
    if (invited(request, address(attendee)) == NULL)
        fault("attendee", address(attendee));
    icalparameter *given = icalproperty_get_first_parameter(attendee, ICAL_PARTSTAT_PARAMETER);
    icalparameter_partstat partstat = given ? icalparameter_get_partstat(given) : ICAL_PARTSTAT_NONE;
    printf("\tpartstat=%s", given ? icalparameter_enum_to_string((int)partstat) : "");
    if (!passed_on)
        classified(answer, request, address(attendee), partstat);
    icalproperty *sequence = icalcomponent_get_first_property(event, ICAL_SEQUENCE_PROPERTY);
    printf("\tsequence=%s", sequence ? icalproperty_get_value_as_string(sequence) : "");
    moment("start", event, ICAL_DTSTART_PROPERTY);
    moment("end", event, ICAL_DTEND_PROPERTY);
    moment("occurrence", event, ICAL_RECURRENCEID_PROPERTY);
}

static void judge(const char *request_name, const char *answer_name)
{
    icalcomponent *request = icalparser_parse_string(content(request_name));
    icalcomponent *answer = icalparser_parse_string(content(answer_name));
    printf("judge=libical");
    icalcomponent *asked = request ? icalcomponent_get_first_component(request, ICAL_VEVENT_COMPONENT) : NULL;
    if (asked == NULL || icalcomponent_get_uid(asked) == NULL) {
        printf("\tabstains=no event\n");
        return;
    }
    if (answer == NULL || icalcomponent_isa(answer) != ICAL_VCALENDAR_COMPONENT) {
        fault("unreadable", answer_name);
    } else {
        complaints(answer);
        icalcomponent_strip_errors(answer);
        if (!icalrestriction_check(answer))
            fault("restriction", "broken");
        complaints(answer);
        icalproperty_method method = icalcomponent_get_method(answer);
        printf("\tmethod=%s", icalproperty_method_to_string(method));
        if (method != ICAL_METHOD_REPLY && method != ICAL_METHOD_COUNTER && method != ICAL_METHOD_REQUEST)
            fault("method", icalproperty_method_to_string(method));
        if (icalcomponent_count_components(answer, ICAL_VEVENT_COMPONENT) != 1)
            fault("events", "not exactly one");
        else
            judge_event(icalcomponent_get_first_component(answer, ICAL_VEVENT_COMPONENT), answer, request);
    }
    printf("\n");
}

int main(int count, char **names)
{
    icalerror_set_errors_are_fatal(0);
    for (int index = 1; index + 1 < count; index += 2)
        judge(names[index], names[index + 1]);
    return 0;
}
