"""``python -m plainbill``."""

from plainbill.cli import main

raise SystemExit(main())
