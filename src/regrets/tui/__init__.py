"""The terminal face (Textual)."""
