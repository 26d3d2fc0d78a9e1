"""Find the turns that answer, in any speaker-tagged corpus.

In: transcripts, ``{"meeting_id", "turns": [{"speaker", "text"}]}`` a line, and queries, ``{"qid", "meeting_id",
"query"}`` a line. Out: ``{"qid", "passages": [{"turns": [3, 4]}], "confidence"}`` in the order of the queries; passages
best first, each a run of adjacent turns by their places in the input from 0; confidence from 0 to 1. One index per
meeting, in memory, for as long as its queries last.

    python -m evals retrieve TRANSCRIPTS.jsonl QUERIES.jsonl -o RUN.jsonl
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from corpus.errors import TranscriptParseError
from corpus.parse import transcript_from_turns
from corpus.speakers import find_mentions
from corpus.types import Transcript
from evals.errors import LineError
from evals.jsonl import field, identifier, read_lines

if TYPE_CHECKING:
    from index.search import Legs
    from index.types import Encoder, Hit

JOIN = 0.8  # share of its neighbour's score from which a turn joins it
NOBODY = "Unknown speaker"  # for turns whose speaker is blank
Progress = Callable[[int, int], None]


class Query(NamedTuple):
    """A question about one meeting."""

    id: str | int
    meeting_id: str | int
    query: str


class Searcher(Protocol):
    """What an index of one meeting offers."""

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The k best sentences, best first."""
        ...


Indexer = Callable[[Transcript], Searcher]


def read_transcripts(path: Path) -> dict[str | int, Transcript]:
    """Meeting id → transcript, turns in the order of the input; turn number n + 1 is the input's turn n.

    Raises:
        EvaluationError: The file cannot be read.
        LineError: A line does not have the format, or repeats a meeting.
    """
    found: dict[str | int, Transcript] = {}
    for line, value in read_lines(path):
        name = identifier(path, line, value, "meeting_id")
        if name in found:
            raise LineError(path, line, f"the meeting {name!r} was given before; give each meeting once.")
        turns = value.get("turns")
        if not isinstance(turns, list) or not turns:
            raise LineError(path, line, '"turns" must be a list of at least one {"speaker", "text"}.')
        pairs: list[tuple[str, str]] = []
        for number, turn in enumerate(turns):
            where = f"turn {number}"
            if not isinstance(turn, dict):
                raise LineError(path, line, f'{where} must be an object with "speaker" and "text".')
            speaker = " ".join(field(path, line, turn, "speaker", where).split())
            pairs.append((speaker or NOBODY, field(path, line, turn, "text", where)))
        try:
            found[name] = transcript_from_turns(pairs, str(name))
        except TranscriptParseError as error:
            raise LineError(path, line, str(error)) from error
    return found


def read_queries(path: Path, meetings: dict[str | int, Transcript]) -> list[Query]:
    """The queries of a file, in order.

    Raises:
        EvaluationError: The file cannot be read.
        LineError: A line does not have the format, or names a meeting that was not given.
    """
    queries: list[Query] = []
    for line, value in read_lines(path):
        query = Query(
            identifier(path, line, value, "qid"), identifier(path, line, value, "meeting_id"),
            field(path, line, value, "query"),
        )  # fmt: skip
        if query.meeting_id not in meetings:
            raise LineError(path, line, f"the meeting {query.meeting_id!r} is not among the transcripts.")
        queries.append(query)
    return queries


def retrieve(
    meetings: dict[str | int, Transcript],
    queries: Sequence[Query],
    indexer: Indexer | None = None,
    passages: int | None = None,
    budget: int | None = None,
    progress: Progress | None = None,
) -> Iterator[dict[str, Any]]:
    """One output line per query, in the order of the queries.

    Args:
        indexer: Makes the index of one meeting; the product's when left out.
        passages: At most so many passages a query; all turns are ranked when left out.
        budget: Passages are handed out until they hold so many words (of Chinese, characters); the one that goes beyond
            is the last.
        progress: Told (queries done, queries in all).
    """
    indexer = indexer or product_indexer()
    order: dict[str | int, list[int]] = {}
    for at, query in enumerate(queries):
        order.setdefault(query.meeting_id, []).append(at)
    lines: list[dict[str, Any] | None] = [None] * len(queries)
    done = given = 0
    for meeting_id, places in order.items():
        transcript = meetings[meeting_id]
        index = indexer(transcript)
        for at in places:
            hits = index.search(queries[at].query, k=len(transcript.sentences))
            runs = within_budget(turn_runs(hits, transcript)[:passages], transcript, budget)
            lines[at] = {
                "qid": queries[at].id, "passages": [{"turns": run} for run in runs], "confidence": confidence(hits)
            }  # fmt: skip
            done += 1
            if progress is not None:
                progress(done, len(queries))
        while given < len(lines) and (line := lines[given]) is not None:
            yield line
            given += 1


def within_budget(runs: Sequence[list[int]], transcript: Transcript, budget: int | None) -> list[list[int]]:
    """The first runs of turns, until they hold so many words (of Chinese, characters); all without a budget."""
    taken: list[list[int]] = []
    held = 0
    for run in runs:
        if budget is not None and held >= budget:
            break
        taken.append(run)
        held += sum(_size(transcript.turn_text(transcript.turns[turn].id)) for turn in run)
    return taken


def _size(text: str) -> int:
    """How many words a text has; of Chinese, how many characters."""
    han = sum("\u3400" <= c <= "\u9fff" for c in text)
    return len(text) if han * 2 > len(text) else len(text.split())


def turn_runs(hits: Sequence[Hit], transcript: Transcript) -> list[list[int]]:
    """Sentences, best first → runs of adjacent turns (from 0), best first; no turn comes twice."""
    return joined((transcript.turn(transcript.sentence(hit.id).turn_id).number - 1, hit.score) for hit in hits)


def joined(scored: Iterable[tuple[int, float]]) -> list[list[int]]:
    """Ranked (turn, score) pairs, repeats and all → runs, best first.

    A turn found right after its neighbour joins it when it scores nearly as well, for then they likely make one point.

    >>> joined([(4, 0.9), (3, 0.8), (9, 0.8), (4, 0.7), (1, 0.6), (10, 0.2), (11, 0.1)])
    [[3, 4], [9], [1], [10], [11]]
    """
    runs: list[list[int]] = []
    seen: set[int] = set()
    best = 0.0  # score of the latest run's best turn
    for turn, score in scored:
        if turn in seen:
            continue
        seen.add(turn)
        if runs and score >= JOIN * best and (turn == runs[-1][0] - 1 or turn == runs[-1][-1] + 1):
            runs[-1] = sorted([*runs[-1], turn])
        else:
            runs.append([turn])
            best = score
    return runs


def confidence(hits: Sequence[Hit]) -> float:
    """How sure it is that the meeting answers: the mean of the best hits' term coverage and cosine, 0 without hits."""
    if not hits:
        return 0.0
    best = hits[:5]
    lexical = max(hit.lexical for hit in best)
    dense = max(0.0, max(hit.dense for hit in best))
    return round(min(1.0, (lexical + dense) / 2), 4)


class MeetingIndex:
    """The product's index of one meeting, weighed for finding turns; a speaker whom a query names comes first."""

    def __init__(self, transcript: Transcript, encoder: Encoder, weights: Mapping[str, float] | None = None) -> None:
        """Args: weights: leg → weight; the fitted ones when left out."""
        from index.search import PassageIndex, fitted_weights

        self.index = PassageIndex.in_memory(transcript, encoder=encoder)
        self.index.weights = dict(weights or fitted_weights("turns"))

    def legs(self, query: str) -> Legs:
        """Every leg's scores; the leg "context" marks the sentences of speakers whom the query names."""
        transcript = self.index.transcript
        named = {speaker.id for mention in find_mentions(query, transcript.speakers) for speaker in mention.speakers}
        theirs = [turn.id for turn in transcript.turns if turn.speaker_id in named]
        return self.index.legs(query, context={s.id: 1.0 for turn in theirs for s in transcript.sentences_of(turn)})

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The k best sentences, best first."""
        return self.index.rank(self.legs(query), k)


def product_indexer(weights: Mapping[str, float] | None = None) -> Callable[[Transcript], MeetingIndex]:
    """The product's index, with one encoder for all meetings."""
    from index.encoder import open_encoder

    encoder = open_encoder()
    return lambda transcript: MeetingIndex(transcript, encoder, weights)
