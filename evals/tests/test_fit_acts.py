"""The lessons from which messages are read are whole, and what is not in their form is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.reading.acts import ACTS, DETAILS
from evals.fit.acts import lessons, read_utterances


def test_the_lessons_are_whole() -> None:
    acts, details = lessons()
    assert {u.label for u in acts} == set(ACTS) and {u.label for u in details} == set(DETAILS)
    assert min(sum(u.label == act for u in acts) for act in ACTS) >= 60


@pytest.mark.parametrize("line", ["what about [the mill", "nested [a {b}]", "closed] before"])
def test_a_line_with_brackets_that_do_not_match_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "en.txt"
    path.write_text(f"## find\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=":2: "):
        read_utterances(path)


def test_what_is_in_brackets_and_braces_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "en.txt"
    path.write_text("## same\n~ and {Mei} on [the mill]?\n", encoding="utf-8")
    (read,) = read_utterances(path)
    assert (read.label, read.leans, read.text) == ("same", True, "and mei on the mill?")
    assert [read.text[a:b] for a, b in (*read.names, *read.matter)] == ["mei", "the mill"]
