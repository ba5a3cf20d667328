"""The web: reads the record, never AWS."""
