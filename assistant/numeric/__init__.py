"""Numeric questions without a model: words and units read, slots filled, values carried over a thread."""
