-- What is remembered of each finding over the readings, and every decision about it.

CREATE TABLE findings (
    finding_id  TEXT PRIMARY KEY,
    check_id    TEXT NOT NULL,
    arn         TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    account_id  TEXT NOT NULL,
    region      TEXT NOT NULL,
    first_seen  TEXT NOT NULL,
    last_seen   TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'snoozed', 'dismissed', 'acted', 'gone')),
    state_since TEXT NOT NULL,
    saving      TEXT,  -- a month's; NULL where it is not known
    currency    TEXT,
    wasted      TEXT NOT NULL,
    unpriced    INTEGER NOT NULL,
    regressions INTEGER NOT NULL,
    gone_at     TEXT,
    ending      TEXT CHECK (ending IN ('cleared', 'deleted')),
    until       TEXT,
    note        TEXT,
    who         TEXT,
    features    TEXT NOT NULL  -- JSON object of texts
);

CREATE INDEX findings_check ON findings (check_id, state);

CREATE TABLE finding_events (
    finding_id TEXT NOT NULL REFERENCES findings (finding_id) ON DELETE CASCADE,
    at         TEXT NOT NULL,
    state      TEXT NOT NULL,
    until      TEXT,
    note       TEXT,
    who        TEXT
);

CREATE INDEX finding_events_finding ON finding_events (finding_id, at);
