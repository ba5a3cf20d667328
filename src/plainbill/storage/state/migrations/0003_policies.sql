-- Thresholds under a name, and which of them findings were judged by since when.

CREATE TABLE policies (
    name     TEXT PRIMARY KEY,
    settings TEXT NOT NULL,  -- JSON object: by check, an object of texts by threshold
    note     TEXT,
    who      TEXT NOT NULL,
    saved_at TEXT NOT NULL
);

CREATE TABLE policy_uses (
    number INTEGER PRIMARY KEY,  -- the highest is in force
    at     TEXT NOT NULL,
    name   TEXT,  -- NULL: the usual thresholds
    who    TEXT NOT NULL
);
