"""Many debates asked at once."""
