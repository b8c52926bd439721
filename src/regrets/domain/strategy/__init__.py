"""Which answer to suggest, and why (strategies.md, section 3)."""
