"""Small files of many forms, read as their references beside them say: who, in what role, when, which words.

A reference ``NAME.turns.json`` holds the turns. More keys say what else must hold:
``title``, ``date``, ``roles`` (name → words of the role), ``facts`` (keys), ``strangers`` (labels of
nobody), ``unsaid`` (words of nobody), ``doubts`` (one must match), ``moments`` (a sentence → its time).
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from corpus.normalize import fold_text
from corpus.parse import load_transcript
from corpus.readers.belief import plain
from corpus.types import Transcript

CASES = Path(__file__).parent / "cases"
FILES = sorted(path.name.removesuffix(".turns.json") for path in CASES.glob("*.turns.json"))


@cache
def read(name: str) -> Transcript:
    return load_transcript(CASES / name)


def reference(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CASES / f"{name}.turns.json").read_text(encoding="utf-8"))
    return found


def expecting(key: str) -> list[str]:
    return [name for name in FILES if key in reference(name)]


def called(transcript: Transcript, turn_id: str) -> str:
    """The ways to name who speaks in a turn, one a line; empty where nobody is known."""
    speaker = transcript.speaker_of(turn_id)
    return "\n".join((speaker.name, *speaker.aliases)) if speaker.is_known else ""


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", FILES)
def test_turns_are_those_of_the_reference(name: str) -> None:
    transcript = read(name)
    wanted = reference(name)["turns"]
    said = [squeezed(transcript.turn_text(turn.id)) for turn in transcript.turns]
    assert said == [squeezed(turn["text"]) for turn in wanted]
    for turn, want in zip(transcript.turns, wanted, strict=True):
        ways = called(transcript, turn.id)
        if want["speaker"] is None:
            assert not ways, want["text"]
        else:
            assert fold_text(want["speaker"]) in map(fold_text, ways.split("\n")), (want["speaker"], ways)


@pytest.mark.parametrize("name", FILES)
def test_one_person_is_one_speaker(name: str) -> None:
    transcript = read(name)
    wanted = [plain(turn["speaker"] or "") for turn in reference(name)["turns"]]
    got = [turn.speaker_id for turn in transcript.turns]
    assert len(set(zip(wanted, got, strict=True))) == len(set(wanted)) == len(set(got)) == len(transcript.speakers)


@pytest.mark.parametrize("name", FILES)
def test_times_are_kept(name: str) -> None:
    transcript = read(name)
    for turn, want in zip(transcript.turns, reference(name)["turns"], strict=True):
        if "seconds" in want:
            assert turn.seconds == pytest.approx(want["seconds"]), want["text"]


@pytest.mark.parametrize("name", expecting("moments"))
def test_a_sentence_knows_its_moment(name: str) -> None:
    found = {sentence.text: sentence.seconds for sentence in read(name).sentences}
    for text, seconds in reference(name)["moments"].items():
        assert found[text] == seconds


@pytest.mark.parametrize("name", expecting("roles"))
def test_roles_are_kept(name: str) -> None:
    transcript = read(name)
    for person, role in reference(name)["roles"].items():
        found = [s.role for s in transcript.speakers if fold_text(person) in map(fold_text, (s.name, *s.aliases))]
        assert found and role in found[0], (person, found)


@pytest.mark.parametrize("name", expecting("strangers"))
def test_headings_and_words_of_the_text_are_nobody(name: str) -> None:
    names = {fold_text(speaker.name) for speaker in read(name).speakers}
    assert not names & {fold_text(stranger) for stranger in reference(name)["strangers"]}


@pytest.mark.parametrize("name", expecting("unsaid"))
def test_what_was_not_said_is_in_no_sentence(name: str) -> None:
    said = " ".join(sentence.text for sentence in read(name).sentences)
    for words in reference(name)["unsaid"]:
        assert words not in said


@pytest.mark.parametrize("name", sorted({*expecting("title"), *expecting("date"), *expecting("facts")}))
def test_what_the_file_says_of_itself(name: str) -> None:
    transcript, wanted = read(name), reference(name)
    assert transcript.title == wanted.get("title", transcript.title)
    assert transcript.date == wanted.get("date", transcript.date)
    assert set(wanted.get("facts", ())) <= {key for key, _ in transcript.facts}


@pytest.mark.parametrize("name", expecting("doubts"))
def test_doubts_are_announced(name: str) -> None:
    whys = [doubt.why for doubt in read(name).doubts]
    for wanted in reference(name)["doubts"]:
        assert any(re.search(wanted, why) for why in whys), whys


@pytest.mark.parametrize("name", FILES)
def test_every_sentence_is_its_words_in_the_file(name: str) -> None:
    transcript = read(name)
    assert all(transcript.words(sentence) == sentence.text for sentence in transcript.sentences)
