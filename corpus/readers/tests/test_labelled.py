"""Known turns, rendered in every labelled form, encoding and newline, read back to those turns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.parse import parse_bytes

Turns = list[tuple[str, str]]
PEOPLE = ("Nora Field", "Tomas A. Weil", "Dr. Ines Braga", "Ann O'Neil-Lee")
SENTENCES = (
    "The bridge costs 260 million and opens two years earlier.",
    "Note that the port cannot wait.",
    "Why? Because nobody asked them.",
    "He said: “No.” Then he left.",
    "At 10:30 we meet in room 4.",
    "Three points: cost, noise and wind.",
)
FORMS: dict[str, Callable[[int, str, str], str]] = {
    "colon": lambda n, name, words: f"{name}: {words}\n\n",
    "one line a turn": lambda n, name, words: f"{name}: {words}\n",
    "own line": lambda n, name, words: f"{name}:\n\n{words}\n\n",
    "bold": lambda n, name, words: f"**{name}:** {words}\n\n",
    "bold, colon behind": lambda n, name, words: f"**{name}**: {words}\n\n",
    "brackets": lambda n, name, words: f"[{name}] {words}\n",
    "lenticular brackets": lambda n, name, words: f"【{name}】{words}\n",
    "time before": lambda n, name, words: f"[00:{n:02}] {name}: {words}\n",
    "time behind": lambda n, name, words: f"{name} (00:{n:02}:00):\n{words}\n\n",
    "name and time": lambda n, name, words: f"{name}  0:{n:02}\n{words}\n\n",
    "capitals": lambda n, name, words: f"{name.upper()}: {words}\n\n",
    "chevrons": lambda n, name, words: f">> {name.upper()}: {words}\n",
    "full-width colon": lambda n, name, words: f"{name}：{words}\n",
}


@st.composite
def conversations(draw: st.DrawFn) -> Turns:
    """Two to four people who each speak at least twice, never twice in a row."""
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=4, unique=True))
    rounds = draw(st.integers(2, 4))
    said = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map(" ".join)
    return [(name, draw(said)) for _ in range(rounds) for name in people]


@pytest.mark.parametrize("form", FORMS)
@settings(deadline=None, max_examples=12)
@given(
    turns=conversations(),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_known_turns_read_back(form: str, turns: Turns, newline: str, encoding: str) -> None:
    text = "".join(FORMS[form](n, name, words) for n, (name, words) in enumerate(turns))
    transcript = parse_bytes(text.replace("\n", newline).encode(encoding), "rendered")
    read = [(transcript.speaker_of(t.id).name, transcript.turn_text(t.id)) for t in transcript.turns]
    assert [(name.casefold(), words) for name, words in read] == [(name.casefold(), words) for name, words in turns]
    assert all(transcript.words(sentence) == sentence.text for sentence in transcript.sentences)
