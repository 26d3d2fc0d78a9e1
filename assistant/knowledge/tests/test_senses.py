"""Each sense of the lexicon is what its examples are and is not what its counter-examples are."""

from __future__ import annotations

import pytest

from assistant.knowledge.senses import LEXICON, entries, means

SENSES = [(path.stem, name) for path in sorted(LEXICON.glob("*.json")) for name in entries(path.stem)]


@pytest.mark.parametrize(("book", "name"), SENSES)
def test_a_sense_is_its_examples_and_not_its_counter_examples(book: str, name: str) -> None:
    told = entries(book)[name]
    assert told["yes"] and told["no"]
    assert [text for text in told["yes"] if not means(text, book, name)] == []
    assert [text for text in told["no"] if means(text, book, name)] == []
