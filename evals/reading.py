"""Who said what according to the readers, against references: right, under a wrong name, unknown, lost.

    python -m evals reading [FOLDER…]

Reads every file ``NAME`` that has a reference ``NAME.turns.json`` beside it: ``{"turns": [{"speaker": "name or null",
"text": "words"}]}``. Words are compared folded and aligned in their order, speakers by a forgiving comparison of names.
Knows nothing of forms; says by form where words went.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from corpus.errors import DebateError
from corpus.normalize import fold_text
from corpus.parse import load_transcript
from corpus.readers.naming import without_titles
from corpus.readers.roles import any_role
from corpus.types import Doubt, Transcript
from evals.aligned import aligned
from evals.errors import EvaluationError

SUFFIX = ".turns.json"
CASES = Path(__file__).parents[1] / "corpus" / "tests" / "cases"
_WORD = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]|[^\W_\u2e80-\u9fff\uf900-\ufaff]+")
_ARTICLES = frozenset(("the", "mr", "mrs", "ms"))
_NEAR = 2  # lines between a doubt and the turn that it announces


class Said(NamedTuple):
    """Words in their order and who said each; None where nobody is known."""

    words: list[str]
    who: list[str | None]


class FileScore(NamedTuple):
    """What became of the words of one reference; counts of words."""

    path: Path
    form: str  # as the reading report calls it; "refused" where the file was not read
    words: int
    right: int
    wrong: int  # under somebody else's name, or under a name although the reference knows of none
    unknown: int
    lost: int  # under nobody
    invented: int  # words under a name that the reference does not have
    announced: int  # of wrong and invented words, those in turns that a doubt points at
    doubts: tuple[Doubt, ...]
    error: str = ""


def measure(folders: Sequence[Path]) -> list[FileScore]:
    """Scores of all files with a reference in some folders, and in the folders below them.

    Raises:
        EvaluationError: There is no such folder, no reference in it, or a reference is broken.
    """
    found = []
    for folder in folders:
        if not folder.is_dir():
            raise EvaluationError(f"{folder} is no folder; give one with files and their references NAME{SUFFIX}.")
        found += sorted(folder.rglob(f"*{SUFFIX}"))
    if not found:
        raise EvaluationError(f"No reference NAME{SUFFIX} in {', '.join(map(str, folders))}; write one beside a file.")
    return [score_file(path.with_name(path.name.removesuffix(SUFFIX)), path) for path in found]


def score_file(path: Path, reference: Path) -> FileScore:
    """Read one file and compare it with its reference.

    Raises:
        EvaluationError: The reference is broken, or the file is missing.
    """
    wanted = said_in(reference)
    if not path.is_file():
        raise EvaluationError(f"{reference} is the reference of no file; put {path.name} beside it.")
    try:
        transcript = load_transcript(path)
    except DebateError as error:
        count = len(wanted.words)
        return FileScore(path, "refused", count, 0, 0, 0, count, 0, 0, (), str(error))
    return score(path, transcript, wanted)


def said_in(reference: Path) -> Said:
    """The words of a reference.

    Raises:
        EvaluationError: It is no reference.
    """
    try:
        turns = json.loads(reference.read_text(encoding="utf-8"))["turns"]
        return _said((turn["speaker"], turn["text"]) for turn in turns)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{reference} is no reference of turns: {error!r}.") from error


def score(path: Path, transcript: Transcript, wanted: Said) -> FileScore:
    """Compare what was read with what a reference has."""
    got, turn_of = _read(transcript)
    places = aligned(wanted.words, got.words)
    counts: Counter[str] = Counter()
    blamed: Counter[int] = Counter()  # turn → words in it that are not its speaker's
    for who, place in zip(wanted.who, places, strict=True):
        fate = _fate(who, got.who[place]) if place is not None else "lost" if who else "right"
        counts[fate] += 1
        if fate == "wrong" and place is not None:
            blamed[turn_of[place]] += 1
    used = {place for place in places if place is not None}
    invented = [place for place, who in enumerate(got.who) if who is not None and place not in used]
    blamed.update(turn_of[place] for place in invented)
    announced = sum(count for turn, count in blamed.items() if _announced(transcript, turn))
    return FileScore(
        path, transcript.form, len(wanted.words), counts["right"], counts["wrong"], counts["unknown"], counts["lost"],
        len(invented), announced, transcript.doubts,
    )  # fmt: skip


def _fate(wanted: str | None, got: str | None) -> str:
    if got is None:
        return "right" if wanted is None else "unknown"
    return "right" if wanted is not None and same_person(wanted, got) else "wrong"


def _read(transcript: Transcript) -> tuple[Said, list[int]]:
    """The words of a transcript, and of each word the place of its turn."""
    texts: list[tuple[str | None, str]] = []
    turn_of: list[int] = []
    for at, turn in enumerate(transcript.turns):
        speaker = transcript.speaker_of(turn.id)
        text = transcript.turn_text(turn.id)
        texts.append((speaker.name if speaker.is_known else None, text))
        turn_of += [at] * len(words_of_text(text))
    return _said(texts), turn_of


def _announced(transcript: Transcript, at: int) -> bool:
    first = transcript.turns[at].line
    last = first + transcript.raw.count("\n", transcript.turns[at].start, transcript.turns[at].end)
    return any(doubt.line == 0 or first - _NEAR <= doubt.line <= last + _NEAR for doubt in transcript.doubts)


def _said(turns: Iterable[tuple[str | None, str]]) -> Said:
    words: list[str] = []
    who: list[str | None] = []
    for speaker, text in turns:
        found = words_of_text(text)
        words += found
        who += [speaker or None] * len(found)
    return Said(words, who)


def words_of_text(text: str) -> list[str]:
    """The words of a text, folded; single characters where a script puts no blanks between words."""
    return _WORD.findall(fold_text(text))


@lru_cache(maxsize=65536)
def same_person(a: str, b: str) -> bool:
    """Whether two names may mean one person: capitals, titles and roles aside, one holds all words of the other."""
    mine, other = _name_words(a), _name_words(b)
    return bool(mine and other) and (mine <= other or other <= mine or fold_text(a) == fold_text(b))


def _name_words(name: str) -> frozenset[str]:
    """What of a name tells one person from another; all of it where it is nothing but titles and roles."""
    bare = set(words_of_text(any_role().sub(" ", fold_text(without_titles(name))))) - _ARTICLES
    return frozenset(bare or set(words_of_text(name)) - _ARTICLES)


class Row(NamedTuple):
    """One line of the table: a form and what became of its words."""

    form: str
    files: int
    words: int
    right: float  # shares of the reference's words, 0 to 1
    wrong: float
    unknown: float
    lost: float
    invented: float
    announced: float | None  # share of wrong and invented words; None where there are none


def rows(scores: Sequence[FileScore]) -> list[Row]:
    """By form, the worst first; the last row is all of them."""
    by_form: defaultdict[str, list[FileScore]] = defaultdict(list)
    for scored in scores:
        by_form[scored.form].append(scored)
    made = [_row(form, found) for form, found in by_form.items()]
    made.sort(key=lambda row: (-(row.wrong + row.invented), row.right))
    return [*made, _row("all", scores)]


def _row(form: str, scores: Sequence[FileScore]) -> Row:
    words = sum(s.words for s in scores) or 1
    bad = sum(s.wrong + s.invented for s in scores)
    right, wrong, unknown, lost, invented = (
        sum(counts) / words
        for counts in zip(*((s.right, s.wrong, s.unknown, s.lost, s.invented) for s in scores), strict=True)
    )
    announced = sum(s.announced for s in scores) / bad if bad else None
    return Row(form, len(scores), words, right, wrong, unknown, lost, invented, announced)


def table(scores: Sequence[FileScore], worst: int = 20) -> str:
    """The forms as a Markdown table, and below it the files that are not read right with what was said of them."""
    lines = [
        "| Form | Files | Words | Right | Wrong name | Unknown | Lost | Invented | Announced |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows(scores):
        shares = " | ".join(f"{share:.2%}" for share in (row.right, row.wrong, row.unknown, row.lost, row.invented))
        announced = "" if row.announced is None else f"{row.announced:.0%}"
        lines.append(f"| {row.form} | {row.files} | {row.words} | {shares} | {announced} |")
    return "\n".join([*lines, "", *_files(scores, worst)])


def _files(scores: Sequence[FileScore], worst: int) -> Iterator[str]:
    faulty = [s for s in scores if s.right < s.words or s.invented]
    faulty.sort(key=lambda s: (-(s.wrong + s.invented) / s.words, s.right / s.words))
    yield f"{len(scores) - len(faulty)} of {len(scores)} files without a fault."
    for scored in faulty[:worst]:
        parts = ((k, getattr(scored, k)) for k in ("wrong", "unknown", "lost", "invented"))
        shares = ", ".join(f"{key} {count / scored.words:.2%}" for key, count in parts if count)
        yield f"- {scored.path.name} ({scored.form}): {shares}"
        if scored.error:
            yield f"    - {scored.error}"
        for doubt in scored.doubts[:3]:
            yield f"    - line {doubt.line}: {doubt.why}"
    if len(faulty) > worst:
        yield f"- and {len(faulty) - worst} more"
