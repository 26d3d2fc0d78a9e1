"""The command line: `debate …`."""
