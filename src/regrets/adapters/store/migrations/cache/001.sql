-- The cache: everything in here can be fetched again. Times are seconds since 1970, UTC.

CREATE TABLE folders (
    account TEXT NOT NULL,
    folder TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    low INTEGER NOT NULL,                   -- all UIDs in [low, next) are looked through
    next INTEGER NOT NULL,
    PRIMARY KEY (account, folder)
) WITHOUT ROWID;

CREATE TABLE mails (
    account TEXT NOT NULL,
    folder TEXT NOT NULL,
    uid INTEGER NOT NULL,                   -- of the mail
    uidvalidity INTEGER NOT NULL,
    item_id TEXT NOT NULL,
    event_uid TEXT NOT NULL,
    received REAL NOT NULL,
    current INTEGER NOT NULL,               -- it is what its item shows
    gone INTEGER NOT NULL DEFAULT 0,        -- no longer in its folder, kept because the item is
    as_read TEXT NOT NULL,                  -- its row before versions were compared, a JSON list
    data BLOB NOT NULL,
    PRIMARY KEY (account, folder, uid)
);
CREATE INDEX mails_of_an_item ON mails (item_id);
CREATE INDEX mails_of_an_event ON mails (account, event_uid);

-- The columns of the list, as they are painted.
CREATE TABLE items (
    id TEXT PRIMARY KEY,
    received REAL NOT NULL,
    account TEXT NOT NULL,
    folder TEXT NOT NULL,
    state TEXT NOT NULL,
    method TEXT,
    uid TEXT NOT NULL,
    recurrence_id TEXT,
    sequence TEXT NOT NULL,                 -- some exceed 64 bits
    summary TEXT NOT NULL,
    organizer_name TEXT NOT NULL,
    organizer_address TEXT NOT NULL,
    start TEXT,
    "end" TEXT,
    all_day INTEGER NOT NULL,
    recurrence TEXT,
    location TEXT NOT NULL,
    strategy TEXT NOT NULL,
    rule TEXT NOT NULL,
    reasons TEXT NOT NULL,                  -- JSON lists
    alternatives TEXT NOT NULL,
    warnings TEXT NOT NULL,
    language TEXT,
    attendee TEXT,
    error_code TEXT NOT NULL,
    error TEXT NOT NULL,
    snoozed_until REAL,
    minutes_won INTEGER NOT NULL,
    effect TEXT,                            -- JSON
    judged TEXT NOT NULL,
    dtstamp REAL,
    sender TEXT NOT NULL,
    sent_by TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX items_newest_first ON items (received DESC, id);
