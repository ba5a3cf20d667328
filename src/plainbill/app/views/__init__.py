"""What each page and each API answer says, built once for both."""
