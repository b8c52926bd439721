"""The two databases: the user's own, and the cache of what the mailboxes hold."""
