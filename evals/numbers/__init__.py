"""Numeric questions with values worked out by hand: how many are answered as asked. Not needed to use the product."""
