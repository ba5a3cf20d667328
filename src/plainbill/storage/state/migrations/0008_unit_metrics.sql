-- Units that refreshes read from CloudWatch: which metric is the number of a name.

CREATE TABLE unit_metrics (
    name        TEXT PRIMARY KEY REFERENCES units (name) ON DELETE CASCADE,
    namespace   TEXT NOT NULL,
    metric      TEXT NOT NULL,
    dimensions  TEXT NOT NULL,  -- JSON: pairs of name and value
    statistic   TEXT NOT NULL,
    account     TEXT NOT NULL,
    region      TEXT NOT NULL,
    saved_at    TEXT NOT NULL,
    asked_until TEXT  -- the end, exclusive, of the days that were answered; NULL: not asked yet
);
