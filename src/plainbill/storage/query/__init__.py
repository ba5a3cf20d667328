"""Questions to one snapshot, answered by DuckDB in memory behind closed doors."""
