"""Invitations that come as files: judged with the settings, the clients and the calendars, without a mailbox."""

from __future__ import annotations
