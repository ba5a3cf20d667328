-- By which thresholds a finding was last found, and whether it is gone only because others are in force.

ALTER TABLE findings ADD COLUMN thresholds TEXT NOT NULL DEFAULT '{}';  -- JSON object of texts: the unusual ones
ALTER TABLE findings ADD COLUMN unasked_at TEXT;
ALTER TABLE findings ADD COLUMN unasked_by TEXT;  -- a policy; NULL: the usual thresholds, or still asked for
