-- Instants are ISO 8601 in UTC with six decimals, so that they sort as text.
-- Money is the shortest exact decimal as text.

CREATE TABLE runs (
    run_id      TEXT PRIMARY KEY,
    state       TEXT NOT NULL CHECK (state IN ('running', 'complete', 'partial', 'failed')),
    started_at  TEXT NOT NULL,
    finished_at TEXT,
    accounts    TEXT NOT NULL,  -- JSON array of account ids
    regions     TEXT NOT NULL,  -- JSON array of region names
    error       TEXT
);

CREATE INDEX runs_started_at ON runs (started_at);

CREATE TABLE run_operations (
    run_id    TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    service   TEXT NOT NULL,
    operation TEXT NOT NULL,
    calls     INTEGER NOT NULL,
    low       TEXT NOT NULL,
    high      TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
);

CREATE TABLE run_gaps (
    run_id     TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    source     TEXT NOT NULL,
    account_id TEXT,
    region     TEXT,
    kind       TEXT NOT NULL,
    action     TEXT,
    reason     TEXT NOT NULL,
    remedy     TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
);

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
