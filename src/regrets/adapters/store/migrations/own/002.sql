-- The times that an answer proposed: an invitation for one of them is the organiser's yes. A JSON list of pairs.
ALTER TABLE answers ADD COLUMN proposals TEXT NOT NULL DEFAULT '[]';
