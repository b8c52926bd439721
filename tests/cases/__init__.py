"""Labelled invitations of our own, their builder and their scorer; see README.md."""
