-- From version 1 to 2: questions for footage and runs are answered from indexes alone; days are summed up.
-- The days are filled afterwards, stream by stream, by the keeper at work (days.catch_up).

DROP INDEX run_by_stream;
CREATE INDEX run_by_stream ON run (stream_id, start_90k, end_90k, is_clock_trusted);

CREATE INDEX recording_closed ON recording (stream_id, start_90k, end_90k, run_id) WHERE state = 'closed';
CREATE INDEX recording_open ON recording (stream_id, start_90k) WHERE state = 'open';
DROP INDEX recording_by_stream;

CREATE TABLE day (
    stream_id   INTEGER NOT NULL REFERENCES stream (id),
    start_90k   INTEGER NOT NULL,
    footage_90k INTEGER NOT NULL CHECK (footage_90k >= 0),
    expired_90k INTEGER NOT NULL CHECK (expired_90k >= 0),
    PRIMARY KEY (stream_id, start_90k)
) STRICT, WITHOUT ROWID;

ALTER TABLE stream ADD COLUMN is_rolled_up INTEGER NOT NULL DEFAULT 1 CHECK (is_rolled_up IN (0, 1));
UPDATE stream SET is_rolled_up = 0;
