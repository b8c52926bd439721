-- Time won back by items that are no longer kept: it names nobody but a client of the client book.
CREATE TABLE won_back (
    week TEXT NOT NULL,                     -- 2026-W48
    strategy TEXT NOT NULL,
    client TEXT NOT NULL,
    answers INTEGER NOT NULL,
    minutes INTEGER NOT NULL
);

-- The first paint asks what stands, and must not read letters and messages for it.
CREATE INDEX answers_that_stand ON answers (outbox_id, item_id, recurrence_id, sequence, proposals);
CREATE INDEX outbox_that_stands ON outbox (id, state, permanent);
