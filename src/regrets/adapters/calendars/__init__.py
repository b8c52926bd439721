"""The user's calendars: .ics files, folders of them, and feeds."""

from regrets.adapters.calendars.source import Calendars

__all__ = ["Calendars"]
