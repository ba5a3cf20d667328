"""Daily bills to measure forecasts and anomaly detection on: made ones and real ones."""
