"""The calculators of the debate's numeric follow-ups: one declaration each, pure functions, shown work."""
