-- What is filed in one of the user's own calendars, or taken out of it, once its answer is sent. The row goes when
-- that is done: the calendar itself says what is in it.
CREATE TABLE filings (
    outbox_id TEXT PRIMARY KEY,
    item_id TEXT NOT NULL,
    calendar TEXT NOT NULL,                 -- its name in config.toml
    kind TEXT NOT NULL,                     -- file | remove
    summary TEXT NOT NULL,
    uid TEXT NOT NULL,
    event BLOB NOT NULL,                    -- the calendar object
    wished TEXT NOT NULL,
    error TEXT NOT NULL                     -- of the last attempt
);

-- What the user said once and for all about a calendar: always | never. No row: asked with every answer.
CREATE TABLE filing_rules (
    calendar TEXT PRIMARY KEY,
    rule TEXT NOT NULL
);
