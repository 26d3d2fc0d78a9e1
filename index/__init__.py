"""Finding the sentences that answer: lexical and dense legs, fused."""
