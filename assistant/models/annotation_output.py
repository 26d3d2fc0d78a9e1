"""What a chat model notes on a transcript: kept item by item when it holds against the words, else dropped. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from assistant.errors import CalculatorInputError
from assistant.figures import stray_figure
from assistant.models.output import SentenceId, Wire
from assistant.numeric.quantities import read_quantities
from assistant.prose import MAX_CLAIM, UngroundedError, check_words, clean
from corpus.annotations import Figure, Question, SentenceNote, Stance, StanceKind, Topic
from corpus.normalize import fold_text, language_of
from corpus.quotes import join_adjacent, quote_sentences
from corpus.types import Mode, Speaker, Transcript

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_UNITS = {"%": "fraction", "x": "multiple", "years": "years", "USD": "USD", "GW": "GW"}
Text = Annotated[str, Field(max_length=1500)]


class NotedTopic(Wire):
    """A subject of the debate."""

    id: Annotated[str, Field(max_length=40)]
    zh: Text
    en: Text
    proposition_zh: Text = ""
    proposition_en: Text = ""


class NotedTopics(Wire):
    """The subjects of the debate."""

    topics: list[NotedTopic] = Field(max_length=24)


class NotedSentence(Wire):
    """On one sentence."""

    id: SentenceId
    gloss: Text = ""
    mode: Mode = "own"
    originator: Text | None = None
    topics: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=8)


class NotedFigure(Wire):
    """A number that was said."""

    sentence: SentenceId
    text: Text
    what_zh: Text
    what_en: Text
    low: float | None
    high: float | None
    unit: Annotated[str, Field(max_length=40)]


class NotedQuestion(Wire):
    """What a reader might ask."""

    text: Text
    sentences: list[SentenceId] = Field(min_length=1, max_length=12)


class NotedBatch(Wire):
    """Notes on some sentences."""

    sentences: list[NotedSentence] = Field(max_length=80)
    figures: list[NotedFigure] = Field(default=[], max_length=80)
    questions: list[NotedQuestion] = Field(default=[], max_length=40)


class NotedStance(Wire):
    """Where a speaker stands on a subject."""

    topic: Annotated[str, Field(max_length=40)]
    stance: StanceKind
    summary_zh: Text
    summary_en: Text
    sentences: list[SentenceId] = Field(min_length=1, max_length=12)


class NotedStances(Wire):
    """Where a speaker stands."""

    stances: list[NotedStance] = Field(max_length=24)


class Kept(NamedTuple):
    """What holds of one batch, and how many items did not."""

    sentences: dict[str, SentenceNote]
    figures: tuple[Figure, ...]
    questions: tuple[Question, ...]
    dropped: int


def kept_topics(noted: NotedTopics) -> tuple[Topic, ...]:
    """The subjects with a usable id, each once."""
    kept: dict[str, Topic] = {}
    for topic in noted.topics:
        if _SLUG.fullmatch(topic.id) and topic.zh.strip() and topic.en.strip():
            fields = {name: clean(text, 300) for name, text in topic.model_dump(exclude={"id"}).items()}
            kept.setdefault(topic.id, Topic(id=topic.id, **fields))
    return tuple(kept.values())


def kept_batch(noted: NotedBatch, ids: Sequence[str], topics: Iterable[str], transcript: Transcript) -> Kept:
    """Notes on the sentences ``ids``, as far as they hold against them."""
    asked, known = set(ids), set(topics)
    said = fold_text(transcript.raw)
    sentences: dict[str, SentenceNote] = {}
    dropped = 0
    for item in noted.sentences:
        if item.id not in asked or item.id in sentences:
            dropped += 1
            continue
        text = transcript.sentence(item.id).text
        gloss = clean(item.gloss, 1200)
        if gloss and (language_of(gloss) != "en" or stray_figure(gloss, (text,)) is not None):
            gloss, dropped = "", dropped + 1
        originator = clean(item.originator or "", 80)
        relays: bool = item.mode == "relays"
        if originator and fold_text(originator) not in said:  # a name from elsewhere is a guess
            originator, dropped = "", dropped + 1
        mode: Mode = "own" if relays and not originator else item.mode
        sentences[item.id] = SentenceNote(
            gloss=gloss,
            mode=mode,
            originator=originator if originator and mode == "relays" else None,
            topics=tuple(dict.fromkeys(t for t in item.topics if t in known)),
        )
    figures = tuple(f for f in (_figure(item, asked, transcript) for item in noted.figures) if f is not None)
    questions = tuple(q for q in (_question(item, asked) for item in noted.questions) if q is not None)
    dropped += len(noted.figures) - len(figures) + len(noted.questions) - len(questions)
    return Kept(sentences, figures, questions, dropped)


def kept_stances(
    noted: NotedStances, speaker: Speaker, topics: Iterable[str], transcript: Transcript
) -> tuple[Stance, ...]:
    """A speaker's stances whose sentences are the speaker's own and carry the summaries; one for each subject."""
    known, kept = set(topics), dict[str, Stance]()
    own = {s.id for s in transcript.sentences if transcript.speaker_of(s.turn_id) == speaker}
    for item in noted.stances:
        ids = tuple(dict.fromkeys(item.sentences))
        if item.topic not in known or item.topic in kept or not own.issuperset(ids):
            continue
        quotes = [quote_sentences(transcript, run) for run in join_adjacent(transcript, ids)]
        summaries = clean(item.summary_zh, MAX_CLAIM), clean(item.summary_en, MAX_CLAIM)
        try:
            for summary in summaries:
                check_words(summary, quotes, (), transcript.speakers)
        except UngroundedError:
            continue
        if all(summaries):
            kept[item.topic] = Stance(
                speaker=speaker.name, topic=item.topic, stance=item.stance,
                summary_zh=summaries[0], summary_en=summaries[1], sentences=ids,
            )  # fmt: skip
    return tuple(kept.values())


def _figure(item: NotedFigure, asked: set[str], transcript: Transcript) -> Figure | None:
    if item.sentence not in asked or not item.text or item.text not in transcript.sentence(item.sentence).text:
        return None
    ends = (item.low, item.high)
    if any(end is not None and not math.isfinite(end) for end in ends) or (item.low or 0) > (item.high or math.inf):
        return None
    if not _tells(item):
        return None
    return Figure(
        sentence=item.sentence, text=item.text, what_zh=clean(item.what_zh, 200), what_en=clean(item.what_en, 200),
        low=item.low, high=item.high, unit=clean(item.unit, 40),
    )  # fmt: skip


def _tells(item: NotedFigure) -> bool:
    """Whether the values are those of the words, where the words read as one quantity of that unit."""
    read = read_quantities(item.text)
    if len(read) != 1 or item.unit not in _UNITS or item.low is None or item.high is None:
        return True
    quantity = read[0]
    if quantity.family == "plain" or quantity.currency not in (None, "USD"):
        return quantity.family == "plain"
    try:
        low, high = quantity.in_unit(_UNITS[item.unit])
    except CalculatorInputError:
        return False
    scale = 100.0 if item.unit == "%" else 1.0
    return all(
        math.isclose(abs(one), abs(other) * scale, rel_tol=0.01) for one, other in ((item.low, low), (item.high, high))
    )


def _question(item: NotedQuestion, asked: set[str]) -> Question | None:
    text = clean(item.text, 300)
    if not asked.issuperset(item.sentences) or not any(c.isalnum() for c in text):
        return None
    language: Literal["zh", "en"] = "zh" if language_of(text) == "zh" else "en"
    return Question(text=text, language=language, sentences=tuple(dict.fromkeys(item.sentences)))
