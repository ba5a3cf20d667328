"""The parts of bench/idle.py: the trace, the rules, the arithmetic, the tables, the document."""
