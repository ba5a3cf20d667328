"""What is read from AWS: one file per source, ``fetch()`` thin and ``parse()`` pure."""

from plainbill.data_fetcher.source import Source, all_reads, all_sources

__all__ = ["Source", "all_reads", "all_sources"]
