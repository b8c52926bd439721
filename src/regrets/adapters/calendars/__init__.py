"""The user's calendars: .ics files, folders of them, and feeds."""

from regrets.adapters.calendars.source import Calendars
from regrets.adapters.calendars.writable import WritableCalendars

__all__ = ["Calendars", "WritableCalendars"]
