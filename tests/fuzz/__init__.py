"""Throws damaged mails, calendars and texts at the program: `python -m tests.fuzz`."""
