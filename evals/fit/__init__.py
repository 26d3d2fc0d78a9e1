"""Everything that is fitted, by one command: ``python -m evals fit`` (encoder → reader → fusion → confidence)."""
