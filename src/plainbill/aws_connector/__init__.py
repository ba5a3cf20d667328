"""The only door to AWS: credentials, the read-only guard, pages, errors, prices of calls."""
