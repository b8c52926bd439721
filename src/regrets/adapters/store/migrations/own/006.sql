-- Which running program holds the reply in its undo window ('' none, or of before this was written down): another
-- one asks whether that program lives before it takes the reply for left behind.
ALTER TABLE outbox ADD COLUMN owner TEXT NOT NULL DEFAULT '';
