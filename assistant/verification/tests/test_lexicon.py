"""Every example in the lexicon holds: a word list that errs on its own examples errs on readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.verification import lexicon

EXAMPLES = json.loads((Path(lexicon.__file__).parent / "lexicon.json").read_text(encoding="utf-8"))["examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.get('axis') or e.get('class')}")
def test_examples_of_the_lexicon_hold(example: dict[str, object]) -> None:
    texts = example["texts"]
    assert isinstance(texts, list) and texts
    for text in texts:
        if "axis" in example:
            assert lexicon.sides(text).get(str(example["axis"])) == example["side"], text
        else:
            assert lexicon.holds(text, str(example["class"])) is example["holds"], text


def test_two_negations_cancel_and_a_comma_ends_one() -> None:
    assert lexicon.sides("It is not unlikely to be cheap.")["cheap"] == 1
    assert lexicon.sides("Not today, it is cheap.")["cheap"] == 1
    assert lexicon.sides("It is not cheap.")["cheap"] == -1


def test_an_opposite_word_counts_only_where_the_text_lacks_the_word_itself() -> None:
    assert lexicon.turned_words("They import steel.", "We export steel.") == [("import", "export")]
    assert lexicon.turned_words("They import steel.", "We import and export steel.") == []
    assert lexicon.turned_words("They import steel.", "We do not export steel.") == []
