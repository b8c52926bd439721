-- Whether the mail that was answered or decided on came from somebody else than its ORGANIZER's domain: once the
-- organiser's own is there, that one is asked about.
ALTER TABLE answers ADD COLUMN secondhand INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decisions ADD COLUMN secondhand INTEGER NOT NULL DEFAULT 0;
