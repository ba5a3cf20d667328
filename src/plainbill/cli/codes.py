"""The exit codes."""

OK = 0
FAILED = 1
USAGE = 2  # argparse's own
INCOMPLETE = 3  # an answer was given, but something could not be read
INTERRUPTED = 130  # by Ctrl-C, as shells count it
