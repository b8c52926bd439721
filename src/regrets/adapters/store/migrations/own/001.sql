-- The user's own database: nothing in here can be fetched again. Times are ISO 8601 in UTC.

CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY,           -- the order of queueing
    id TEXT NOT NULL UNIQUE,
    item_id TEXT NOT NULL,
    account TEXT NOT NULL,
    state TEXT NOT NULL,
    phase TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,               -- a JSON list
    subject TEXT NOT NULL,
    data BLOB NOT NULL,
    due TEXT NOT NULL,
    created TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    permanent INTEGER NOT NULL,
    sent_copy TEXT NOT NULL,
    answered_flag TEXT NOT NULL,
    folder TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL
);

-- A second key press, or a second instance, can't queue an answer twice.
CREATE UNIQUE INDEX one_live_entry_an_item ON outbox (item_id)
    WHERE state IN ('held', 'kept', 'orphaned', 'sending', 'unknown');

CREATE TABLE answers (
    outbox_id TEXT PRIMARY KEY,
    item_id TEXT NOT NULL,
    account TEXT NOT NULL,
    organizer TEXT NOT NULL,
    uid TEXT NOT NULL,
    recurrence_id TEXT,
    sequence INTEGER NOT NULL,
    summary TEXT NOT NULL,
    strategy TEXT NOT NULL,
    suggested TEXT NOT NULL,
    rule TEXT NOT NULL,
    partstat TEXT,
    minutes_won INTEGER NOT NULL,
    dtstamp TEXT,
    answered_at TEXT NOT NULL,
    start TEXT,
    "end" TEXT,
    body TEXT NOT NULL
);
CREATE INDEX answers_of_item ON answers (item_id);

CREATE TABLE choices (
    outbox_id TEXT PRIMARY KEY,
    organizer TEXT NOT NULL,
    rule TEXT NOT NULL,
    suggested TEXT NOT NULL,
    chosen TEXT NOT NULL,
    at TEXT NOT NULL
);

CREATE TABLE decisions (
    sequence INTEGER PRIMARY KEY,           -- the order of deciding
    item_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    until TEXT,
    at TEXT NOT NULL,
    version INTEGER NOT NULL                -- SEQUENCE of the invitation that was decided on
);

CREATE TABLE confirmations (
    key TEXT PRIMARY KEY
);

CREATE INDEX outbox_by_state ON outbox (state, permanent, sent_copy, answered_flag);
