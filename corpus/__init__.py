"""The words as spoken: transcripts, sentences, quotes, notes, and the store of record."""
