"""Immutable snapshots: Parquet files under a manifest, swapped in as a whole."""
