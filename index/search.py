"""Question → sentences, best first: lexical and dense legs, fused.

Every leg scores sentences through one view of them: the words, our gloss, readers' questions, windows of neighbours,
the turn they stand in. A transcript without notes simply has fewer legs. Distances become "higher is better" here.

    index = PassageIndex.in_memory(transcript)
    index.search("GPU 能用几年?", k=5)[0].id      # 't12.2'
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.annotations import Annotations
from corpus.quotes import sentence_times
from corpus.store import Store
from corpus.types import Transcript
from index.build import passage_vectors
from index.chroma import Progress
from index.dense import DenseIndex, ExactScan, Nearest
from index.encoder import open_encoder, word_encoder
from index.errors import ChromaIndexError
from index.passages import FINDABLE, make_passages
from index.prepared import VIEWS, Prepared, fingerprint, load, prepare, save
from index.tokens import content_words, numbers, query_terms, terms
from index.types import Encoder, Filters, Hit, Passage, Vectors, View
from index.vocabulary import Words

Scores = NDArray[np.float32]

DEPTH = 60
RRF_K = 10
_NEIGHBOURS = 8
_NO_FILTERS = Filters()


class Legs(NamedTuple):
    """What each leg says of every sentence (or editorial piece), before fusion."""

    scores: dict[str, Scores]  # leg → (n_units,), higher is better, 0 = not found by this leg
    allowed: NDArray[np.bool_]  # (n_units,) what the filters let through
    terms: tuple[str, ...]  # the question's content terms
    coverage: Scores  # (n_units,) share of the terms' weight that the sentence's turn, gloss and questions hold
    nearest_answered: tuple[float, ...] = ()  # cosines of the nearest questions that the debate answers, best first
    nearest_open: tuple[float, ...] = ()  # the same for questions that it is known to leave open
    lexical_open: float = 0.0  # best BM25 with a question left open, over the best with an answered one, 0 to 2
    words: Words = Words()  # the question's content words


Aim = Literal["annotated", "plain", "turns"]


def fitted_weights(aim: Aim) -> dict[str, float]:
    """Leg → weight, as fitted for an aim.

    Args:
        aim: sentences to quote, of a debate with readers' questions noted ("annotated") or without ("plain"); or the
            turns of a meeting, of which several together make the point ("turns").
    """
    fitted = json.loads((Path(__file__).parent / "fusion.json").read_text(encoding="utf-8"))
    return dict(fitted[aim])


class PassageIndex:
    """One debate, searchable. Reads are thread-safe; the dense leg may be swapped at any time."""

    def __init__(
        self,
        transcript: Transcript,
        notes: Annotations,
        passages: Sequence[Passage],
        vectors: Vectors,
        encoder: Encoder,
        weights: Mapping[str, float] | None = None,
    ) -> None:
        """Make an index.

        Args:
            vectors: unit rows in the order of the passages, shape (n_passages, dimension).
            weights: leg → weight in the fusion; the fitted ones when left out.
        """
        self._set(transcript, notes, prepare(transcript, passages, word_encoder(encoder)), vectors, encoder, weights)
        self.__dict__["passages"] = tuple(passages)

    def _set(
        self,
        transcript: Transcript,
        notes: Annotations,
        prepared: Prepared,
        vectors: Vectors,
        encoder: Encoder,
        weights: Mapping[str, float] | None = None,
    ) -> None:
        self.transcript, self.notes, self.prepared, self.encoder = transcript, notes, prepared, encoder
        self.views = {view for view in VIEWS if len(prepared.rows(view))}
        self.vectors = vectors
        self.weights = dict(weights or fitted_weights("annotated" if "question" in self.views else "plain"))
        self.fusion: Literal["fitted", "rank"] = "fitted"
        self.exact = ExactScan(prepared, [speaker.id for speaker in transcript.speakers], vectors)
        self.dense: DenseIndex = self.exact
        pieces = [e.id for e in transcript.editorials if e.kind in FINDABLE]
        self.units = [s.id for s in transcript.sentences] + pieces
        self._positions = {unit: at for at, unit in enumerate(self.units)}
        self._sizes, self._members = prepared.sizes, prepared.members
        self._starts = np.cumsum(self._sizes) - self._sizes
        n = len(transcript.sentences)
        self._speech = np.arange(len(self.units)) < n
        turns = {t.id: t for t in transcript.turns}
        owners = [turns[s.turn_id] for s in transcript.sentences]
        self._speaker = np.array([t.speaker_id for t in owners] + [""] * (len(self.units) - n), dtype=object)
        self._section = np.array([t.section for t in owners] + [0] * (len(self.units) - n), dtype=np.int32)
        self._seconds = np.array([*sentence_times(transcript), *[None] * (len(self.units) - n)], dtype=np.float64)
        self._lexical = {view: (index, prepared.rows(view)) for view, index in prepared.lexical.items()}
        self._turn_index, self._turn_of = prepared.turns, prepared.turn_of
        self._spoken, self._noted = prepared.spoken, prepared.noted

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Everything that is indexed, in the order of the vectors."""
        return make_passages(self.transcript, self.notes)

    @classmethod
    def in_memory(
        cls, transcript: Transcript, notes: Annotations | None = None, encoder: Encoder | None = None
    ) -> PassageIndex:
        """An index that leaves nothing behind."""
        return cls.open(transcript, notes or Annotations(), encoder or open_encoder())

    @classmethod
    def open(
        cls,
        transcript: Transcript,
        notes: Annotations,
        encoder: Encoder,
        store: Store | None = None,
        progress: Progress | None = None,
    ) -> PassageIndex:
        """An index over the store's vectors; missing ones are encoded first.

        What was made of the same debate by the same program before is opened, not made again.
        """
        words = word_encoder(encoder)
        kept = None
        if store is not None and store.folder != Path():
            kept = store.folder / "search" / f"{fingerprint(transcript, notes, encoder, words)}.npz"
            found = load(kept, words)
            if found is not None:
                opened = cls.__new__(cls)
                opened._set(transcript, notes, *found, encoder)
                return opened
        passages = make_passages(transcript, notes)
        made = cls(transcript, notes, passages, passage_vectors(passages, encoder, store, progress), encoder)
        if kept is not None and store is not None and store.writable:
            save(kept, made.prepared, made.vectors)
        return made

    def row(self, unit: str) -> int:
        """Row of a sentence or editorial piece in every leg's scores."""
        return self._positions[unit]

    def knows(self, term: str) -> bool:
        """Whether a term occurs anywhere: in the words, the notes or the publisher's text."""
        return term in self._turn_index

    def speakers_in(self, legs: Legs) -> list[str]:
        """Names of the speakers whose sentences the filters let through."""
        ids = set(self._speaker[legs.allowed & self._speech])
        return [speaker.name for speaker in self.transcript.speakers if speaker.id in ids]

    def knows_word(self, word: str) -> bool:
        """Whether a word occurs, in whatever case, in the debate or in what is noted on it."""
        return all(self.knows(term) for term in terms(word)) or all(w in self._said_words for w in content_words(word))

    @cached_property
    def latin_words(self) -> list[str]:
        """The Latin words of the debate and of what is noted on it."""
        return [word for word in self._noted.rows if word.isascii()]

    def names(self, word: str) -> bool:
        """Whether a content word occurs in what was said, in its gloss or in the publisher's text."""
        return word in self._said_words

    def legs(self, query: str, filters: Filters = _NO_FILTERS, context: Mapping[str, float] | None = None) -> Legs:
        """Every leg's scores for a question. Queries of nothing but grammar fall back to all their terms.

        Args:
            context: sentence id → closeness to what was quoted before, 0 to 1: one more leg.
        """
        found = query_terms(query) or terms(query)
        allowed = self._speech if filters.kind == "speech" else ~self._speech
        if filters.speaker_ids:
            allowed = allowed & np.isin(self._speaker, filters.speaker_ids)
        if filters.sections:
            allowed = allowed & np.isin(self._section, filters.sections)
        if filters.seconds is not None:
            # What has no time (a word before the first one, a piece of the publisher's) lies in no stretch of time.
            allowed = allowed & (self._seconds >= filters.seconds[0]) & (self._seconds < filters.seconds[1])
        scores: dict[str, Scores] = {}
        for view, (lexical, rows) in self._lexical.items():
            if view == "unanswered":
                continue
            scores[f"lexical:{view}"] = self._spread(rows, lexical.shares(found))
        scores["lexical:turn"] = self._turn_index.shares(found)[self._turn_of]
        vector = self.encoder.encode([query], query=True)[0]
        if vector.any():
            for view in ("text", "window", "asked", "gloss", "question"):
                if view in self.views:
                    scores[f"dense:{view}"] = self._spread(*self._nearest(vector, view, filters))
        words = self._noted.of(query)
        if self.weights.get("words:text"):
            scores["words:text"] = self._spoken.interaction(words)
        for leg in ("lexical", "dense"):
            if self.weights.get(f"{leg}:near") and f"{leg}:text" in scores:
                scores[f"{leg}:near"] = self._near(scores[f"{leg}:text"])
        if context:
            closeness: Scores = np.zeros(len(self.units), dtype=np.float32)
            for unit, close in context.items():
                closeness[self._positions[unit]] = close
            scores["context"] = closeness
        return Legs(
            scores,
            allowed,
            tuple(found),
            self._turn_index.coverage(found)[self._turn_of],
            self._answered(vector),
            *self._left_open(query, vector, found),
            words,
        )

    def _answered(self, vector: Vectors) -> tuple[float, ...]:
        if "question" not in self.views or not vector.any():
            return ()
        return tuple(self._nearest(vector, "question", _NO_FILTERS).cosines[:_NEIGHBOURS].tolist())

    def _left_open(self, query: str, vector: Vectors, found: Sequence[str]) -> tuple[tuple[float, ...], float]:
        """``Legs.nearest_open`` and ``Legs.lexical_open``, over the open questions that could be this one.

        One with a number that the question does not hold is another question, however near it lies.
        """
        if "unanswered" not in self._lexical:
            return (), 0.0
        lexical, rows = self._lexical["unanswered"]
        asked = numbers(query)
        possible = np.ones(len(rows), dtype=bool)
        for at, named in self._open_numbers.items():
            possible[at] = named <= asked
        cosines = (
            np.sort(self.exact.cosines(vector)[rows[possible]])[::-1][:_NEIGHBOURS] if vector.any() else np.empty(0)
        )
        left_open = float(lexical.scores(found)[possible].max(initial=0.0))
        answered = float(self._lexical["question"][0].scores(found).max(initial=0.0))
        share = min(2.0, left_open / answered) if answered else 2.0 * bool(left_open)
        return tuple(cosines.tolist()), share

    @cached_property
    def _open_numbers(self) -> dict[int, frozenset[str]]:
        """Which open questions hold numbers, and those numbers."""
        return {at: held for at, text in enumerate(self.notes.unanswered) if (held := numbers(text))}

    def familiarity(self, legs: Legs, units: Sequence[str] | None = None) -> Scores:
        """For each content word of the question, how near it comes to a word of the debate, shape (n_words,), ≤ 1.

        A word that never occurs may still be a synonym of one that does; a name or subject from elsewhere is not.

        Args:
            units: look only at the turns of these sentences, instead of the whole debate.
        """
        turns = None if units is None else {int(self._turn_of[self._positions[unit]]) for unit in units}
        return self._noted.familiarity(legs.words, turns)

    @cached_property
    def _said_words(self) -> frozenset[str]:
        people = [f"{s.name} {s.role} {' '.join(s.aliases)}" for s in self.transcript.speakers]
        return frozenset(self._spoken.rows).union(*map(content_words, people))

    def _nearest(self, vector: Vectors, view: View, filters: Filters) -> Nearest:
        depth = DEPTH * (5 if view == "question" else 1)  # many questions lead to one sentence
        if filters.seconds is not None:  # the cache holds no times
            return self.exact.nearest(vector, view, depth, filters)
        try:
            return self.dense.nearest(vector, view, depth, filters)
        except ChromaIndexError:
            self.dense = self.exact  # a cache that failed is not asked again; whoever built it rebuilds it
            return self.dense.nearest(vector, view, depth, filters)

    def _spread(self, rows: NDArray[np.intp], scores: Scores) -> Scores:
        """Scores of passages → best score of each sentence they hold; what is not above zero counts as not found."""
        spread: Scores = np.zeros(len(self.units), dtype=np.float32)
        found = scores > 0
        rows, scores = rows[found], scores[found]
        sizes = self._sizes[rows]
        # passage by passage, where its members stand in the flat list of all members
        places = np.arange(sizes.sum()) + np.repeat(self._starts[rows] - np.cumsum(sizes) + sizes, sizes)
        np.maximum.at(spread, self._members[places], np.repeat(scores, sizes))
        return spread

    def _near(self, scores: Scores) -> Scores:
        """Scores of sentences → for each, the mean of the best ones of the turns before and after its own.

        A point is often made over several turns, and a short reply holds few words of what it replies to.
        """
        # with a silent turn before the first, after the last
        best = np.zeros(self._turn_index.size + 2, dtype=np.float32)
        np.maximum.at(best, self._turn_of[self._speech] + 1, scores[self._speech])
        near: Scores = ((best[:-2] + best[2:]) / np.float32(2))[self._turn_of]
        near[~self._speech] = 0.0
        return near

    def fuse(self, legs: Legs) -> Scores:
        """How likely each sentence is to be the one that answers, if one does: shape (n_units,), sums to 1.

        A softmax over the weighted sum of the legs' scores, with weights fitted on questions whose answers are known
        (``evals.tuning``). Measured against reciprocal rank fusion it finds more, because ranks forget by how much the
        first leads; see also Bruch, Gai & Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023.
        """
        fused: Scores = np.zeros(len(self.units), dtype=np.float32)
        found = np.zeros(len(self.units), dtype=bool)
        for name, scores in legs.scores.items():
            weight = self.weights.get(name, 0.0)
            if weight:
                fused += np.float32(weight) * scores
                found |= scores > 0
        found &= legs.allowed
        if not found.any():
            return np.zeros(len(self.units), dtype=np.float32)
        odds: Scores = np.where(found, np.exp(fused - fused[found].max()), np.float32(0))
        odds /= odds.sum()
        return odds

    def fuse_by_rank(self, legs: Legs) -> Scores:
        """Weighted reciprocal rank fusion of the legs, shape (n_units,), 0 to 1; kept as the yardstick of ``fuse``.

        Source: Cormack, Clarke & Büttcher, "Reciprocal Rank Fusion", SIGIR 2009.
        """
        fused: Scores = np.zeros(len(self.units), dtype=np.float32)
        for scores in legs.scores.values():
            rows = np.flatnonzero((scores > 0) & legs.allowed)
            order = rows[np.lexsort((rows, -scores[rows]))][:DEPTH]
            if len(order):
                # equal scores share a rank: a question that leads to three sentences ranks them alike
                _, ranks = np.unique(-scores[order], return_inverse=True)
                fused[order] += (RRF_K + 1) / (RRF_K + 1 + ranks.astype(np.float32))
        return fused / np.float32(max(1, len(legs.scores)))

    def search(self, query: str, k: int = 10, filters: Filters = _NO_FILTERS) -> list[Hit]:
        """The k sentences (or editorial pieces) that match best, best first; fewer when fewer match at all."""
        return self.rank(self.legs(query, filters), k)

    def rank(self, legs: Legs, k: int) -> list[Hit]:
        """The k best of scored legs, best first."""
        fused = self.fuse(legs) if self.fusion == "fitted" else self.fuse_by_rank(legs)
        rows = np.flatnonzero(fused > 0)
        order = rows[np.lexsort((rows, -fused[rows]))][:k]
        dense = np.zeros(len(fused), dtype=np.float32)
        for name, scores in legs.scores.items():
            if name.startswith("dense:"):
                dense = np.maximum(dense, scores)
        return [
            Hit(
                id=self.units[at],
                score=float(fused[at]),
                rank=rank,
                lexical=round(float(legs.coverage[at]), 6),
                dense=round(float(dense[at]), 6),
            )
            for rank, at in enumerate(order, start=1)
        ]
