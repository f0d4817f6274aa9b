-- The index of one volume. SQLite; one writer, the volume's keeper. Instants and spans are 90 kHz ticks since 1970 UTC.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,  -- schema_version, deployment_id, volume_id, opens, series, scrub
    value TEXT NOT NULL      -- its value as text
) STRICT, WITHOUT ROWID;

CREATE TABLE stream (
    id                INTEGER PRIMARY KEY,  -- local to this index
    camera_id         TEXT NOT NULL,        -- UUID of the camera
    role              TEXT NOT NULL CHECK (role IN ('main', 'sub')),  -- model.StreamRole
    track             TEXT NOT NULL,        -- "video" or "audio"
    planned_since_90k INTEGER,              -- every second from here on is footage or a gap; NULL: no plan named it yet
    planned_until_90k INTEGER,              -- when a plan left it out; NULL: the current plan names it
    floor_90k         INTEGER CHECK (floor_90k >= 0),  -- retention floor the last plan gave; NULL: never told, delete nothing
    is_rolled_up      INTEGER NOT NULL DEFAULT 1 CHECK (is_rolled_up IN (0, 1)),  -- 0: an upgrade has yet to fill its days
    UNIQUE (camera_id, role, track)
) STRICT;

CREATE TABLE run (
    run_id           TEXT PRIMARY KEY,      -- UUID given by the worker
    stream_id        INTEGER NOT NULL REFERENCES stream (id),  -- what was recorded
    start_90k        INTEGER NOT NULL,      -- presentation time of the first sample
    end_90k          INTEGER CHECK (end_90k >= start_90k),     -- NULL: still running
    end_cause        TEXT,                  -- model.GapCause of what came after
    end_detail       TEXT,                  -- short ASCII code for people to look up; 'salvaged' when a keeper ended it
    is_clock_trusted INTEGER NOT NULL CHECK (is_clock_trusted IN (0, 1)),  -- whether the timeline stood on a trusted clock
    codec            TEXT NOT NULL,         -- media.samples.Codec
    width            INTEGER NOT NULL,      -- pixels
    height           INTEGER NOT NULL,      -- pixels
    camera_claim_90k INTEGER,               -- wall clock the camera claimed at the start; a claim, orders nothing
    worker           TEXT NOT NULL          -- name of the process that ran it
) STRICT, WITHOUT ROWID;

-- Covers what is asked of a stream's runs.
CREATE INDEX run_by_stream ON run (stream_id, start_90k, end_90k, is_clock_trusted);

CREATE TABLE recording (
    recording_id TEXT PRIMARY KEY,          -- UUID, the files' name too
    run_id       TEXT NOT NULL REFERENCES run (run_id),        -- the unbroken session it belongs to
    stream_id    INTEGER NOT NULL REFERENCES stream (id),      -- what it shows
    state        TEXT NOT NULL CHECK (state IN ('open', 'closed', 'garbage')),  -- model.RecordingState
    start_90k    INTEGER NOT NULL,          -- presentation time of the first sample
    end_90k      INTEGER CHECK (end_90k >= start_90k),         -- end of the last sample; NULL while open
    codec        TEXT NOT NULL,             -- media.samples.Codec
    codec_string TEXT NOT NULL,             -- RFC 6381, for the browser
    width        INTEGER NOT NULL,          -- pixels
    height       INTEGER NOT NULL,          -- pixels
    size_bytes   INTEGER CHECK (size_bytes >= 0),              -- of the media file; NULL while open
    fragments    INTEGER,                   -- with samples, the init segment not counted; NULL while open
    samples      INTEGER,                   -- coded pictures; NULL while open
    root         TEXT,                      -- hex, RFC 6962 Merkle root over the table's hashes, record 0 included; NULL while open
    is_salvaged  INTEGER NOT NULL DEFAULT 0 CHECK (is_salvaged IN (0, 1)),  -- closed by a keeper instead of its writer
    key_id       TEXT NOT NULL DEFAULT '',  -- key that encrypts it at rest; empty: not encrypted
    cipher       TEXT NOT NULL DEFAULT '',  -- and how; empty: not encrypted
    host         TEXT NOT NULL,             -- recorder host whose keeper entered it
    epoch        INTEGER NOT NULL,          -- deployment epoch at that time
    CHECK (state = 'open' OR (end_90k IS NOT NULL AND size_bytes IS NOT NULL AND fragments IS NOT NULL
                              AND samples IS NOT NULL AND root IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Covers the question for footage of a window: a row's id is random, and so is the page it lies on.
CREATE INDEX recording_closed ON recording (stream_id, start_90k, end_90k, run_id) WHERE state = 'closed';
CREATE INDEX recording_open ON recording (stream_id, start_90k) WHERE state = 'open';
CREATE INDEX recording_by_age ON recording (state, end_90k);

CREATE TABLE hole (
    recording_id TEXT NOT NULL REFERENCES recording (recording_id) ON DELETE CASCADE,  -- where it is
    start_90k    INTEGER NOT NULL,          -- presentation time from which fragments are missing inside the recording
    end_90k      INTEGER NOT NULL CHECK (end_90k > start_90k), -- and until when; the cause is always the disk
    is_damage    INTEGER NOT NULL DEFAULT 0 CHECK (is_damage IN (0, 1)),  -- the fragments are there, not as recorded
    PRIMARY KEY (recording_id, start_90k)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap (
    id        INTEGER PRIMARY KEY,          -- local to this index
    stream_id INTEGER NOT NULL REFERENCES stream (id),  -- what was planned and is missing
    start_90k INTEGER NOT NULL,             -- first tick without footage
    end_90k   INTEGER CHECK (end_90k > start_90k),      -- NULL: it still grows
    cause     TEXT NOT NULL,                -- model.GapCause
    detail    TEXT NOT NULL                 -- short ASCII code for people to look up
) STRICT;

CREATE INDEX gap_by_stream ON gap (stream_id, start_90k);
CREATE UNIQUE INDEX gap_open_once ON gap (stream_id) WHERE end_90k IS NULL;

CREATE TABLE expired (
    stream_id INTEGER NOT NULL REFERENCES stream (id),         -- whose footage was there once
    start_90k INTEGER NOT NULL,             -- first tick the deletion gate let go
    end_90k   INTEGER NOT NULL CHECK (end_90k >= start_90k),   -- and the first it did not; neighbours are joined
    PRIMARY KEY (stream_id, start_90k)
) STRICT, WITHOUT ROWID;

-- Sums over the rows above, of the days that have any; made anew in the transaction that changes one of those rows.
CREATE TABLE day (
    stream_id   INTEGER NOT NULL REFERENCES stream (id),       -- whose day
    start_90k   INTEGER NOT NULL,           -- its first tick, a midnight of civil time (days.py)
    footage_90k INTEGER NOT NULL CHECK (footage_90k >= 0),     -- how much of it closed recordings hold
    expired_90k INTEGER NOT NULL CHECK (expired_90k >= 0),     -- how much else of it was there and was let go
    PRIMARY KEY (stream_id, start_90k)
) STRICT, WITHOUT ROWID;

CREATE TABLE hold (
    hold_id             TEXT PRIMARY KEY,   -- UUID given by the control plane
    camera_id           TEXT NOT NULL,      -- whose footage may not be let go
    start_90k           INTEGER NOT NULL,   -- first tick held
    end_90k             INTEGER NOT NULL CHECK (end_90k > start_90k),  -- first tick no longer held
    reason              TEXT NOT NULL,      -- short, for people
    acknowledged_at_90k INTEGER NOT NULL,   -- when this index had it durably; from then on it is in force
    released_at_90k     INTEGER,            -- NULL: in force; absence from a plan never releases
    released_by         TEXT                -- ledger entry that ordered the release
        CHECK ((released_at_90k IS NULL) = (released_by IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX hold_in_force ON hold (camera_id) WHERE released_at_90k IS NULL;

CREATE TABLE garbage (
    recording_id  TEXT PRIMARY KEY REFERENCES recording (recording_id) ON DELETE CASCADE,  -- files may be gone, or not yet
    reason        TEXT NOT NULL CHECK (reason IN ('pressure', 'ceiling')),  -- gate.DeletionReason
    floor_90k     INTEGER NOT NULL,         -- the floor that was kept
    marked_at_90k INTEGER NOT NULL          -- when the gate let it go
) STRICT, WITHOUT ROWID;

CREATE TABLE deletion (
    recording_id   TEXT PRIMARY KEY,        -- what was deleted; the row itself is gone
    size_bytes     INTEGER NOT NULL,        -- what that freed
    deleted_at_90k INTEGER NOT NULL         -- kept for a week, for the brake on mass deletion
) STRICT, WITHOUT ROWID;

CREATE INDEX deletion_by_time ON deletion (deleted_at_90k);

CREATE TABLE outbox (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,  -- grows; never reused within a series (see meta)
    kind           TEXT NOT NULL,           -- outbox.ReportKind
    body           TEXT NOT NULL,           -- JSON object with sorted keys
    created_at_90k INTEGER NOT NULL         -- the keeper's timeline
) STRICT;
