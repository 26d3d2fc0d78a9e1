"""What the encoder is trained on, all of it written for this project and kept in ``data``.

- ``characters.tsv``: character, English gloss ("-" for a character without a meaning of its own)
- ``glossary_*.tsv``: Chinese names of one thing joined by "|", then its English names joined by "|"
- ``pairs_*.tsv``: one statement as heard in some meeting: English, Chinese, English questions, Chinese questions
  (questions joined by "|")
- the notes on our debate: sentence, gloss, and questions that the sentence answers

Every text passes ``fold_text`` on its way in, as every text does that the encoder is later asked about.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from corpus.errors import DebateError
from corpus.library import open_debate
from corpus.normalize import fold_text

DATA = Path(__file__).parent / "data"


class TrainingDataError(DebateError):
    """A training file with a row that does not have the columns it should have."""


class Term(NamedTuple):
    """One thing under its Chinese and its English names; the first of each is the usual one."""

    chinese: tuple[str, ...]
    english: tuple[str, ...]


class Statement(NamedTuple):
    """Something said, in both languages, with questions that it answers."""

    english: str
    chinese: str
    english_questions: tuple[str, ...]
    chinese_questions: tuple[str, ...]


class Material(NamedTuple):
    """All that is trained on."""

    characters: dict[str, str]
    terms: list[Term]
    statements: list[Statement]
    debates: list[Statement]

    def texts(self) -> Iterator[str]:
        """Every text, statements first."""
        for statement in (*self.statements, *self.debates):
            yield from (statement.english, statement.chinese)
            yield from (*statement.english_questions, *statement.chinese_questions)
        for term in self.terms:
            yield from (*term.chinese, *term.english)


def _rows(path: Path, columns: int) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            if len(row) != columns or not all(cell.strip() for cell in row):
                raise TrainingDataError(f"{path.name} line {number} must have {columns} filled columns between tabs.")
            yield row


def _names(cell: str) -> tuple[str, ...]:
    return tuple(fold_text(name).strip() for name in cell.split("|") if name.strip())


def read_characters(path: Path = DATA / "characters.tsv") -> dict[str, str]:
    """Character → English gloss; characters without a meaning of their own map to an empty string."""
    glosses: dict[str, str] = {}
    for character, gloss in _rows(path, 2):
        glosses.setdefault(fold_text(character), "" if gloss == "-" else gloss)
    return glosses


def read_terms(folder: Path = DATA) -> list[Term]:
    """The glossary, in the order of its files."""
    return [
        Term(_names(chinese), _names(english))
        for path in sorted(folder.glob("glossary_*.tsv"))
        for chinese, english in _rows(path, 2)
    ]


def read_statements(folder: Path = DATA) -> list[Statement]:
    """The statements of many meetings, in the order of their files."""
    return [
        Statement(fold_text(english), fold_text(chinese), _names(english_questions), _names(chinese_questions))
        for path in sorted(folder.glob("pairs_*.tsv"))
        for english, chinese, english_questions, chinese_questions in _rows(path, 4)
    ]


def read_debate(path: Path | None = None, without_turns: Iterable[str] = ()) -> list[Statement]:
    """An annotated debate (ours when ``path`` is left out) as statements, one a sentence that has a gloss.

    The sentences of ``without_turns`` are left out, and so is every question that one of them answers.
    """
    debate = open_debate(path)
    held_out = frozenset(without_turns)
    asked: dict[tuple[str, str], list[str]] = {}
    for question in debate.notes.questions:
        if not held_out & {sentence.split(".")[0] for sentence in question.sentences}:
            for sentence in question.sentences:
                asked.setdefault((sentence, question.language), []).append(fold_text(question.text))
    return [
        Statement(
            fold_text(note.gloss),
            fold_text(debate.transcript.sentence(sentence).text),
            tuple(asked.get((sentence, "en"), ())),
            tuple(asked.get((sentence, "zh"), ())),
        )
        for sentence, note in debate.notes.sentences.items()
        if note.gloss and sentence.split(".")[0] not in held_out
    ]


def read_material(without_turns: Iterable[str] = ()) -> Material:
    """Everything; some turns of the debate can be held out to see what carries over to words never seen.

    Raises:
        TrainingDataError: A file has a row without the columns it should have.
        AnnotationError: The notes on the debate do not fit its transcript.
    """
    return Material(read_characters(), read_terms(), read_statements(), read_debate(without_turns=without_turns))
