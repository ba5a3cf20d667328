"""The vocabulary: frozen values without I/O; imports nothing of ours but the errors."""
