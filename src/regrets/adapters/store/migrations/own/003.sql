-- A second message that belongs to an answer (the brief to a colleague) names the outbox id of the answer: it goes
-- after it, and is taken back with it. An item may have one live entry of each kind.
ALTER TABLE outbox ADD COLUMN follows TEXT NOT NULL DEFAULT '';
DROP INDEX one_live_entry_an_item;
CREATE UNIQUE INDEX one_live_entry_an_item ON outbox (item_id, follows <> '')
    WHERE state IN ('held', 'kept', 'orphaned', 'sending', 'unknown');
CREATE INDEX outbox_followers ON outbox (follows) WHERE follows <> '';
