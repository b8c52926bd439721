"""Sending by SMTP, phase by phase (RFC 5321), so that it is always known whether a message may have left."""
