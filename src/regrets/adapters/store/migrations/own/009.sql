-- What was chosen for an answer (language, range of a series, brief ...): one that is refused for good is to be had
-- again as it was, in a later run too. A JSON object without the text; '' where it wasn't written down.
ALTER TABLE answers ADD COLUMN choice TEXT NOT NULL DEFAULT '';
