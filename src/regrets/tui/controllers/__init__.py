"""What the inbox screen does, one small controller a concern; none of them blocks."""
