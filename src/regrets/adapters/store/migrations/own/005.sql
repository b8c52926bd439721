-- The length of the time box or of the shorter meeting that an answer offered: the prep card goes by it.
ALTER TABLE answers ADD COLUMN minutes INTEGER NOT NULL DEFAULT 0;
