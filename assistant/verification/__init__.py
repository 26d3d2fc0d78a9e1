"""Judging a claim against the sentences that it cites: what carries it, what speaks against it, and why."""
