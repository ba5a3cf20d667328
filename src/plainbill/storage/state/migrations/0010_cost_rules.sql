-- How shared costs are divided among owners, as people saved it, and who changed that when.

CREATE TABLE cost_rules (
    name     TEXT PRIMARY KEY,
    rule     TEXT NOT NULL,  -- JSON
    is_usual INTEGER NOT NULL,
    who      TEXT NOT NULL,
    saved_at TEXT NOT NULL
);

CREATE UNIQUE INDEX cost_rules_usual ON cost_rules (is_usual) WHERE is_usual;

CREATE TABLE cost_rule_changes (
    number   INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    name     TEXT NOT NULL,
    rule     TEXT,  -- NULL: removed
    is_usual INTEGER NOT NULL,
    who      TEXT NOT NULL
);
