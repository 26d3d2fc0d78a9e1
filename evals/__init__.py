"""How good it is: cases with known answers, measures, and other systems on the same work."""
