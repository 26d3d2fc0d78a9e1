"""The doors: command line, exports and their verification."""
