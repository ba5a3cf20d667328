-- What people said of anomalies of the bill; the anomalies themselves follow from what is stored of the costs.

CREATE TABLE anomaly_decisions (
    anomaly_id TEXT PRIMARY KEY,
    state      TEXT NOT NULL,
    note       TEXT,
    who        TEXT NOT NULL,
    at         TEXT NOT NULL
);
