"""Use cases, shared by both faces. They know ports and values; they print nothing."""
