"""IMAP: the mailbox as ports.MailSource, over IMAPClient with a fast path for the bulk of the reading."""
