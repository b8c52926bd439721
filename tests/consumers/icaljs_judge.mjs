// What ical.js, the parser of Thunderbird and Nextcloud, makes of an answer.
//
// usage: node icaljs_judge.mjs REQUEST.ics ANSWER.ics [REQUEST.ics ANSWER.ics ...]
// One line for each pair, `key=value` with tabs between; `fault=` once for everything that it would refuse;
// `abstains=` where it can't read the request itself.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

ICAL.design.strict = true;

function calendar(name) {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(name));
  const found = new ICAL.Component(ICAL.parse(text));
  if (found.name !== "vcalendar") throw new Error(`a ${found.name}`);
  for (const zone of found.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return found;
}

const lower = (value) => String(value ?? "").toLowerCase();
const bare = (uri) => String([].concat(uri)[0]).replace(/^mailto:/i, "");
const moment = (time) => (time.isDate ? time.toString() : String(time.toUnixTime()));

// Whether the organiser's own copy has an occurrence at that time, or an exception for it.
function isOccurrence(events, time) {
  const series = events.find((event) => !event.isRecurrenceException());
  if (events.some((event) => event.isRecurrenceException() && event.recurrenceId.compare(time) === 0)) return true;
  if (!series?.isRecurring()) return false;
  const steps = series.iterator();
  for (let next = steps.next(), tried = 0; next && tried < 1000; next = steps.next(), tried++)
    if (next.compare(time) === 0) return true;
  return false;
}

function judge(request, answer) {
  const facts = [["judge", "ical.js"]];
  const fault = (what) => facts.push(["fault", what]);
  let asked;
  try {
    asked = calendar(request).getAllSubcomponents("vevent").map((part) => new ICAL.Event(part));
    if (!asked.length) throw new Error("no event");
  } catch (error) {
    return [...facts, ["abstains", error.message]];
  }
  try {
    const found = calendar(answer);
    const method = found.getFirstPropertyValue("method");
    facts.push(["method", method]);
    if (!["REPLY", "COUNTER", "REQUEST"].includes(method)) fault(`method ${method}`);
    if (found.getFirstPropertyValue("version") !== "2.0") fault("version");
    const events = found.getAllSubcomponents("vevent");
    if (events.length !== 1) return [...facts, ["fault", `${events.length} events`]];
    const event = events[0];
    const organizer = event.getFirstPropertyValue("organizer");
    if (event.getFirstPropertyValue("uid") !== asked[0].uid) fault("uid");
    if (!organizer || lower(organizer) !== lower(asked[0].organizer)) fault(`organizer ${organizer}`);
    const stamp = event.getFirstPropertyValue("dtstamp");
    if (!stamp || stamp.zone !== ICAL.Timezone.utcTimezone) fault("dtstamp");
    const invited = asked.flatMap((each) => each.attendees.map((other) => lower(other.getFirstValue())));
    let people = event.getAllProperties("attendee");
    for (const person of people) {
      const to = person.getParameter("delegated-to"), from = person.getParameter("delegated-from");
      if (to && invited.includes(lower(person.getFirstValue()))) facts.push(["delegate", bare(to)]);
      if (from) facts.push(["delegator", bare(from)]);
    }
    if (method === "REQUEST") people = people.filter((person) => person.getParameter("delegated-to")); // passed on
    if (people.length !== 1) fault(`${people.length} attendees`);
    for (const person of people.slice(0, 1)) {
      if (!invited.includes(lower(person.getFirstValue()))) fault(`attendee ${person.getFirstValue()}`);
      const partstat = person.getParameter("partstat");
      facts.push(["partstat", partstat ?? ""]);
      if (!["ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"].includes(partstat)) fault(`partstat ${partstat}`);
    }
    facts.push(["sequence", event.getFirstPropertyValue("sequence") ?? ""]);
    for (const [key, name] of [["start", "dtstart"], ["end", "dtend"], ["occurrence", "recurrence-id"]]) {
      const time = event.getFirstPropertyValue(name);
      if (time) facts.push([key, moment(time)]);
    }
    const occurrence = event.getFirstPropertyValue("recurrence-id");
    if (occurrence && !isOccurrence(asked, occurrence)) fault(`no occurrence ${occurrence}`);
  } catch (error) {
    fault(`unreadable ${error.message}`);
  }
  return facts;
}

const names = process.argv.slice(2);
for (let index = 0; index + 1 < names.length; index += 2) {
  const facts = judge(names[index], names[index + 1]);
  console.log(facts.map(([key, value]) => `${key}=${String(value).replace(/\s+/g, " ")}`).join("\t"));
}
