"""What a text says: word patterns as data, one file a language, read by generic code."""
