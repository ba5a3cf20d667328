-- What a month may cost, as people set it, and who changed that when.

CREATE TABLE budgets (
    name     TEXT PRIMARY KEY,
    amount   TEXT NOT NULL,  -- decimals
    currency TEXT NOT NULL,
    metric   TEXT NOT NULL,
    service  TEXT,  -- NULL: all of them
    account  TEXT,
    who      TEXT NOT NULL,
    saved_at TEXT NOT NULL
);

CREATE TABLE budget_changes (
    number INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,
    name   TEXT NOT NULL,
    amount TEXT,  -- NULL: removed
    who    TEXT NOT NULL
);
