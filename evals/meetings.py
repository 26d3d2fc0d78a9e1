"""Meetings that are not the debate, with queries whose answering turns are known: how well turns are found elsewhere.

    python -m evals meetings     # ours beside BM25, all-MiniLM-L6-v2 and the two fused, as a table

Eighteen meetings in two languages, none of which the encoder was trained on: ``calibration/meetings``, in the format of
`evals retrieve` with the turns that answer ("gold", ranges of turns from 0, both ends included, none when the meeting
does not answer), and ``index/training/data/heldout``. The weights that find turns are fitted on them
(``evals.fit.weights``), so here each meeting is searched with weights fitted on the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.normalize import language_of
from corpus.parse import transcript_from_turns
from corpus.types import Transcript
from evals.errors import SystemUnavailableError
from evals.jsonl import read_lines
from evals.peers.minilm import minilm_folder
from evals.retrieve import product_indexer, read_queries, read_transcripts, turn_runs
from evals.scorers.retrieval import measured
from index.encoder import open_encoder
from index.lexical import LexicalIndex
from index.tokens import query_terms, terms
from index.types import Encoder

FOLDER = Path(__file__).parent / "calibration" / "meetings"
Floats = NDArray[np.float64]
_RRF_K = 60  # Cormack, Clarke & Büttcher, SIGIR 2009
_SHOWN = ("reciprocal_rank", "recall_at_5", "ndcg_at_10")


class Asked(NamedTuple):
    """A query and the turns that answer it, from 0; none when the meeting does not."""

    query: str
    turns: frozenset[int]


class Meeting(NamedTuple):
    """A transcript and what is asked of it."""

    name: str
    transcript: Transcript
    asked: list[Asked]


def known_meetings() -> list[Meeting]:
    """All eighteen."""
    from index.training.evaluate import read_meetings

    transcripts = read_transcripts(FOLDER / "transcripts.jsonl")
    queries = read_queries(FOLDER / "queries.jsonl", transcripts)
    asked: dict[str | int, list[Asked]] = defaultdict(list)
    for query, (_, line) in zip(queries, read_lines(FOLDER / "queries.jsonl"), strict=True):
        turns = frozenset(turn for first, last in line["gold"] for turn in range(first, last + 1))
        asked[query.meeting_id].append(Asked(query.query, turns))
    known = [Meeting(str(name), transcript, asked[name]) for name, transcript in transcripts.items()]
    for meeting in read_meetings():
        spoken = list(zip(meeting.speakers, meeting.passages, strict=True))
        questions = [Asked(question.text, question.answers) for question in meeting.questions]
        known.append(Meeting(meeting.name, transcript_from_turns(spoken, meeting.name), questions))
    return known


def table(progress: Callable[[int, int], None] | None = None) -> str:
    """Mean reciprocal rank, recall within 5 turns and nDCG@10 of each method, by languages of meeting and query."""
    from evals.fit.weights import fit_turns

    open_index, meetings = product_indexer(), known_meetings()
    indexed = [(meeting, open_index(meeting.transcript)) for meeting in meetings]
    minilm = _minilm()
    figures: dict[str, dict[str, list[list[float]]]] = defaultdict(lambda: defaultdict(list))
    for done, (meeting, index) in enumerate(indexed, start=1):
        index.index.weights = fit_turns([(m, i) for m, i in indexed if m is not meeting])
        transcript = meeting.transcript
        spoken = [f"{transcript.speaker(t.speaker_id).name}: {transcript.turn_text(t.id)}" for t in transcript.turns]
        lexical, dense = _bm25(spoken), _cosines(spoken, minilm) if minilm is not None else None
        for asked in meeting.asked:
            if not asked.turns:
                continue
            group = f"{language_of(transcript.raw)}, asked in {language_of(asked.query)}"
            runs = turn_runs(index.search(asked.query, k=len(transcript.sentences)), transcript)
            rankings = {"ours": [turn for run in runs for turn in run]}
            words = lexical(asked.query)
            rankings["BM25"] = _order(words)
            if dense is not None:
                near = dense(asked.query)
                rankings["MiniLM"] = _order(near)
                rankings["BM25 + MiniLM"] = _order(_reciprocal(words) + _reciprocal(near))
            for method, ranking in rankings.items():
                found = measured({str(turn): 1 for turn in asked.turns}, [str(turn) for turn in ranking])
                for key in (group, "all"):
                    figures[key][method].append([found[name] for name in _SHOWN])
        if progress is not None:
            progress(done, len(indexed))
    return "\n".join(_lines(figures))


def _lines(figures: dict[str, dict[str, list[list[float]]]]) -> Iterator[str]:
    methods = list(figures["all"])
    yield f"| Meeting | Queries | {' | '.join(methods)} |"
    yield "|---|---:|" + "---|" * len(methods)
    for group in sorted(figures, key=lambda name: (name == "all", name)):
        cells = [" ".join(f"{mean:.2f}" for mean in np.mean(figures[group][method], axis=0)) for method in methods]
        yield f"| {group} | {len(figures[group]['ours'])} | {' | '.join(cells)} |"
    yield ""
    yield "Mean reciprocal rank, recall of the answering turns within 5, nDCG@10."


def _bm25(texts: Sequence[str]) -> Callable[[str], Floats]:
    index = LexicalIndex([terms(text) for text in texts])
    return lambda query: index.scores(query_terms(query) or terms(query)).astype(np.float64)


def _minilm() -> Encoder | None:
    try:
        return open_encoder(str(minilm_folder()))
    except SystemUnavailableError:
        return None


def _cosines(texts: Sequence[str], encoder: Encoder) -> Callable[[str], Floats]:
    vectors = encoder.encode(list(texts))
    return lambda query: (vectors @ encoder.encode([query], query=True)[0]).astype(np.float64)


def _reciprocal(scores: Floats) -> Floats:
    """1 / (k + rank) of what was found, 0 for the rest."""
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.where(scores > 0, 1 / (_RRF_K + ranks), 0.0)


def _order(scores: Floats) -> list[int]:
    return [int(at) for at in np.argsort(-scores, kind="stable") if scores[at] > 0]
