-- What costs are divided by (customers, requests ...), as people imported it.

CREATE TABLE units (
    name     TEXT PRIMARY KEY,
    kind     TEXT NOT NULL,
    grain    TEXT NOT NULL,
    source   TEXT NOT NULL,
    saved_at TEXT NOT NULL
);

CREATE TABLE unit_values (
    name  TEXT NOT NULL REFERENCES units (name) ON DELETE CASCADE,
    start TEXT NOT NULL,  -- the first day of what the number is of
    owner TEXT NOT NULL,  -- empty: all of them together
    value TEXT NOT NULL,  -- decimals
    PRIMARY KEY (name, start, owner)
) WITHOUT ROWID;
