"""Reading and checking what is asked and what a good answer holds: ``singles.*.jsonl`` and ``conversations.*.jsonl``.

README.md beside this file tells the form. Keys name sentences by id and people by name; neither is trusted until
``faults`` has looked. Knows nothing of what answers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, ValidationError

from assistant.plan import Form, Operation
from assistant.reading.acts import UTTERANCES
from corpus.annotations import Language
from corpus.errors import DebateError
from corpus.library import open_debate
from corpus.types import Frozen, Transcript
from evals.errors import EvaluationError, LineError
from evals.jsonl import read_lines
from evals.written import FOLDER, Written, read_written
from index.tokens import content_words

HERE = Path(__file__).parent
OURS = "ours"
Part = Literal["dev", "sealed"]
PARTS: tuple[Part, ...] = get_args(Part)
Family = Literal["look-ups", "wide", "about", "verdict", "silence", "follow-ups"]
FAMILIES: tuple[Family, ...] = get_args(Family)
KINDS: dict[Family, tuple[str, ...]] = {
    "look-ups": ("who_said", "figure", "position", "fact", "premise"),
    "wide": (
        "summary", "list", "rank", "disagree", "agree", "complement", "count", "bridge", "translate", "exact", "why",
    ),
    "about": ("about",),
    "verdict": ("verdict",),
    "silence": ("unanswerable", "outsider", "chat", "injection"),
    "follow-ups": (
        "shorter", "longer", "language", "source", "table", "bullets", "same", "agrees", "only", "without", "correct",
        "back", "many", "switch", "point", "doubt", "reply", "thanks", "who",
    ),
}  # fmt: skip
FAMILY: dict[str, Family] = {kind: family for family, kinds in KINDS.items() for kind in kinds}
FAR = 0.35  # word overlap below which a question is far from every known one
Silence = Literal["never", "may", "must", "chat", "refuse"]
Verdict = Literal["yes", "no", "two"]


class Key(Frozen):
    """What a good answer holds. People are canonical names; a list of lists is: each of these by any one of those."""

    operations: tuple[Operation, ...] = Field(default=(), description="Any of them; empty: whatever is done.")
    named: tuple[tuple[str, ...], ...] = Field(default=(), description="Named by us, or whose words are quoted.")
    first: str | None = Field(default=None, description="Named by us before anybody else.")
    not_named: tuple[str, ...] = Field(default=(), description="Neither said by us to have spoken on it nor quoted.")
    silent: tuple[str, ...] = Field(default=(), description="Said not to have spoken on it; nobody else is.")
    quotes: tuple[tuple[str, ...], ...] = Field(
        default=(), description="Sentence ids, or turn ids for any sentence of the turn; each group by any one of it."
    )
    only: tuple[str, ...] = Field(default=(), description="Nobody else is quoted; empty: anybody may be.")
    never: tuple[str, ...] = Field(default=(), description="Not quoted.")
    facts: tuple[tuple[str, ...], ...] = Field(default=(), description="Stand in the answer, quotes included.")
    own_facts: tuple[tuple[str, ...], ...] = Field(default=(), description="Stand in our own words.")
    forbidden: tuple[str, ...] = Field(default=(), description="Patterns of what would be false in our own words.")
    language: Language | None = Field(default=None, description="Of our own words; None: either.")
    traditional: bool = Field(default=False, description="Whether our Chinese is to be traditional.")
    form: Form | None = None
    points: int | None = Field(default=None, description="Lines at most.")
    length: Literal["shorter", "longer"] | None = Field(default=None, description="Than the answer before.")
    silence: Silence = Field(default="never", description="Whether there is an answer, or small talk, or a refusal.")
    verdicts: tuple[Verdict, ...] = Field(default=(), description="Any of them opens our own words.")


class Turn(Frozen):
    """One question, what kind it is of, and its key."""

    kind: str
    question: str
    key: Key


class Item(Frozen):
    """A single question, or a conversation of several."""

    id: str
    debate: str = Field(description='"ours", or the name of a written debate.')
    language: Language = Field(description="Of the questions.")
    split: Part
    turns: tuple[Turn, ...] = Field(min_length=1)

    @property
    def conversation(self) -> bool:
        """Whether it has several turns."""
        return len(self.turns) > 1

    @cached_property
    def overlap(self) -> float:
        """Of the first question with the known one that is most like it, 0 to 1."""
        return overlap(self.turns[0].question, known_questions())


def load(parts: Iterable[Part] = PARTS, folder: Path = HERE) -> tuple[Item, ...]:
    """The items of some parts, singles before conversations, in the order of the files.

    Raises:
        EvaluationError: A file cannot be read.
        LineError: A line is not an item.
    """
    items: list[Item] = []
    for form in ("singles", "conversations"):
        for part in parts:
            path = folder / f"{form}.{part}.jsonl"
            for line, value in read_lines(path):
                try:
                    items.append(Item.model_validate(value))
                except ValidationError as error:
                    first = error.errors()[0]
                    place = ".".join(str(at) for at in first["loc"])
                    raise LineError(path, line, f"{place or 'the item'}: {first['msg']}.") from error
    return tuple(items)


@cache
def written(name: str) -> Written:
    """A written debate by its name. Raises EvaluationError."""
    path = FOLDER / f"{name}.debate"
    if not path.is_file():
        raise EvaluationError(f"There is no written debate {name!r} in {FOLDER}.")
    return read_written(path)


@cache
def transcript_of(debate: str) -> Transcript:
    """The transcript that an item asks about."""
    return open_debate().transcript if debate == OURS else written(debate).transcript()


def words_of(debate: str, identifier: str) -> tuple[str, ...]:
    """The words that a key means by the id of a sentence, or of a turn: each sentence's. Raises ValueError."""
    try:
        if debate != OURS:
            found = written(debate)
            return (found.sentence(identifier),) if "." in identifier else found.turns[int(identifier[1:]) - 1][1]
        transcript = transcript_of(debate)
        if "." in identifier:
            return (transcript.sentence(identifier).text,)
        return tuple(sentence.text for sentence in transcript.sentences_of(identifier))
    except (KeyError, IndexError, DebateError) as error:
        raise ValueError(f"there is no {identifier}") from error


def overlap(question: str, known: Sequence[frozenset[str]]) -> float:
    """The greatest share of words that a question has in common with a known one: of both together, 0 to 1."""
    words = frozenset(content_words(question))
    return max((len(words & other) / len(words | other) for other in known), default=0.0) if words else 0.0


@cache
def known_questions() -> tuple[frozenset[str], ...]:
    """The words of every reader's question in our notes and of every utterance that readers of messages learn from."""
    texts = [question.text for question in open_debate().notes.questions]
    for path in sorted(UTTERANCES.glob("*/*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        texts += [re.sub(r"[\[\]{}~]", "", line) for line in lines if line and not line.startswith("#")]
    return tuple({words for text in texts if (words := frozenset(content_words(text)))})


def faults(items: Sequence[Item]) -> Iterator[str]:
    """What is wrong with the items, a sentence each; nothing when they are sound."""
    doubled = [name for name, n in Counter(item.id for item in items).items() if n > 1]
    yield from (f"{name}: several items have this id." for name in doubled)
    splits: dict[bool, Counter[str]] = defaultdict(Counter)
    for item in items:
        splits[item.conversation][item.split] += 1
        transcript = transcript_of(item.debate)
        people = {speaker.name for speaker in transcript.speakers}
        for turn in item.turns:
            yield from (f"{item.id}: {told}" for told in _faults_of(turn, item.debate, people))
    for counted in splits.values():
        if not 0.28 <= counted["sealed"] / counted.total() <= 0.38:
            yield f"{counted['sealed']} of {counted.total()} items are sealed; it should be a third."


def _faults_of(turn: Turn, debate: str, people: set[str]) -> Iterator[str]:
    key = turn.key
    if turn.kind not in FAMILY:
        yield f"there is no kind {turn.kind!r}."
    if key.first is not None and key.first not in people:
        yield f"{key.first} does not speak."
    # Whoever is named may be somebody who is quoted; the other lists hold speakers alone.
    others = (*key.not_named, *key.silent, *key.only, *key.never, *(group[0] for group in key.named))
    yield from (f"{name} does not speak." for name in others if name not in people)
    for identifier in (i for group in key.quotes for i in group):
        try:
            words_of(debate, identifier)
        except ValueError as error:
            yield f"{error}."
    for pattern in key.forbidden:
        try:
            re.compile(pattern)
        except re.error:
            yield f"{pattern!r} is no pattern."
