"""Question → sentences, best first: lexical and dense legs fused by reciprocal rank.

Every leg scores sentences through one view of them: the words, our gloss, readers' questions, windows of neighbours, the
turn they stand in. A transcript without notes simply has fewer legs. Distances become "higher is better" here, once.

    index = PassageIndex.in_memory(transcript)
    index.search("GPU 能用几年?", k=5)[0].id      # 't12.2'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.annotations import Annotations
from corpus.store import Store
from corpus.types import Transcript
from index.build import passage_vectors
from index.chroma import Progress
from index.dense import DenseIndex, ExactScan
from index.encoder import open_encoder
from index.errors import ChromaIndexError
from index.lexical import LexicalIndex
from index.passages import make_passages
from index.tokens import content_words, query_terms, terms
from index.types import Encoder, Filters, Hit, Passage, Vectors, View

Scores = NDArray[np.float32]

# Weight of each leg in the fusion; legs without passages drop out.
WEIGHTS: dict[str, float] = {
    "lexical:text": 1.0,
    "lexical:gloss": 0.7,
    "lexical:question": 1.0,
    "lexical:turn": 0.5,
    "dense:text": 0.7,
    "dense:gloss": 0.7,
    "dense:window": 0.5,
    "dense:question": 1.2,
    "context": 0.8,
}
RRF_K = 10
DEPTH = 60
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
    familiarity: tuple[float, ...] = ()  # for each content word, how near it comes to any word of the debate, −1 to 1


class PassageIndex:
    """One debate, searchable. Reads are thread-safe; the dense leg may be swapped at any time."""

    def __init__(
        self,
        transcript: Transcript,
        notes: Annotations,
        passages: Sequence[Passage],
        vectors: Vectors,
        encoder: Encoder,
        weights: Mapping[str, float] = WEIGHTS,
    ) -> None:
        """Args: vectors: unit rows in the order of the passages, shape (n_passages, dimension)."""
        self.transcript, self.notes, self.passages, self.encoder = transcript, notes, tuple(passages), encoder
        self.vectors, self.weights = vectors, dict(weights)
        self.dense: DenseIndex = ExactScan(passages, vectors)
        self.exact = self.dense
        self.units = [s.id for s in transcript.sentences]
        self.units += [p.editorial_id for p in passages if p.kind == "editorial" and p.editorial_id]
        self._positions = positions = {unit: at for at, unit in enumerate(self.units)}
        self._members = [
            np.array([positions[i] for i in p.sentence_ids or ((p.editorial_id,) if p.editorial_id else ())], dtype=np.intp)
            for p in passages
        ]
        n = len(transcript.sentences)
        self._speech = np.arange(len(self.units)) < n
        turns = {t.id: t for t in transcript.turns}
        owners = [turns[s.turn_id] for s in transcript.sentences]
        self._speaker = np.array([t.speaker_id for t in owners] + [""] * (len(self.units) - n), dtype=object)
        self._section = np.array([t.section for t in owners] + [0] * (len(self.units) - n), dtype=np.int32)
        self._lexical: dict[str, tuple[LexicalIndex, list[int]]] = {}
        for view in ("text", "gloss", "question", "unanswered"):
            rows = [row for row, p in enumerate(passages) if p.view == view]
            if rows:
                documents = [terms(passages[row].embedding_text) for row in rows]
                self._lexical[view] = (LexicalIndex(documents), rows)
        self._turn_index, self._turn_of = self._index_turns()
        self.views = {p.view for p in passages}

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
        """An index over the store's vectors; missing ones are encoded first."""
        passages = make_passages(transcript, notes)
        return cls(transcript, notes, passages, passage_vectors(passages, encoder, store, progress), encoder)

    def _index_turns(self) -> tuple[LexicalIndex, NDArray[np.intp]]:
        """Terms of whole turns with all that is noted on them; an editorial piece is a turn of its own."""
        order: dict[str, int] = {}
        documents: list[list[str]] = []
        for passage in self.passages:
            if passage.view in ("window", "unanswered"):
                continue
            key = passage.turn_id or passage.editorial_id or ""
            if key not in order:
                order[key] = len(documents)
                documents.append([])
            documents[order[key]].extend(terms(passage.embedding_text))
        keys = [s.turn_id for s in self.transcript.sentences] + self.units[len(self.transcript.sentences) :]
        return LexicalIndex(documents), np.array([order[key] for key in keys], dtype=np.intp)

    def row(self, unit: str) -> int:
        """Row of a sentence or editorial piece in every leg's scores."""
        return self._positions[unit]

    def knows(self, term: str) -> bool:
        """Whether a term occurs anywhere: in the words, the notes or the publisher's text."""
        return term in self._turn_index

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
        scores: dict[str, Scores] = {}
        for view, (lexical, rows) in self._lexical.items():
            if view == "unanswered":
                continue
            scores[f"lexical:{view}"] = self._spread(zip(rows, lexical.scores(found).tolist(), strict=True))
        scores["lexical:turn"] = self._turn_index.scores(found)[self._turn_of]
        vector = self.encoder.encode([query], query=True)[0]
        if vector.any():
            for view in ("text", "window", "gloss", "question"):
                if view in self.views:
                    scores[f"dense:{view}"] = self._spread(self._nearest(vector, view, filters))  # type: ignore[arg-type]
        if context:
            near: Scores = np.zeros(len(self.units), dtype=np.float32)
            for unit, closeness in context.items():
                near[self._positions[unit]] = closeness
            scores["context"] = near
        return Legs(
            scores,
            allowed,
            tuple(found),
            self._turn_index.coverage(found)[self._turn_of],
            self._neighbours(vector, "question"),
            self._neighbours(vector, "unanswered"),
            self._lexical_open(found),
            self._familiarity(query),
        )

    def _neighbours(self, vector: Vectors, view: View) -> tuple[float, ...]:
        if view not in self.views or not vector.any():
            return ()
        return tuple(cosine for _, cosine in self._nearest(vector, view, _NO_FILTERS)[:_NEIGHBOURS])

    def _lexical_open(self, found: Sequence[str]) -> float:
        if "unanswered" not in self._lexical:
            return 0.0
        left_open = float(self._lexical["unanswered"][0].scores(found).max(initial=0.0))
        answered = float(self._lexical["question"][0].scores(found).max(initial=0.0))
        return min(2.0, left_open / answered) if answered else 2.0 * bool(left_open)

    def _familiarity(self, query: str) -> tuple[float, ...]:
        """A word that never occurs may still be a synonym of one that does; a name or subject from elsewhere is not."""
        asked = content_words(query)
        if not asked:
            return ()
        words, vectors = self._vocabulary
        known = [1.0 if word in words else None for word in asked]
        strangers = [word for word, score in zip(asked, known, strict=True) if score is None]
        best = (self.encoder.encode(strangers) @ vectors.T).max(axis=1) if strangers else ()
        rest = iter(best)
        return tuple(float(next(rest)) if score is None else score for score in known)

    @cached_property
    def _vocabulary(self) -> tuple[frozenset[str], Vectors]:
        """The content words of the debate and of what is noted on it, with their vectors."""
        words = sorted({w for p in self.passages if p.view not in ("window", "unanswered") for w in content_words(p.embedding_text)})
        return frozenset(words), self.encoder.encode(words)

    def _nearest(self, vector: Vectors, view: View, filters: Filters) -> list[tuple[int, float]]:
        depth = DEPTH * (5 if view == "question" else 1)  # many questions lead to one sentence
        try:
            return self.dense.nearest(vector, view, depth, filters)
        except ChromaIndexError:
            self.dense = self.exact  # a cache that failed is not asked again; whoever built it rebuilds it
            return self.dense.nearest(vector, view, depth, filters)

    def _spread(self, scored: zip[tuple[int, float]] | list[tuple[int, float]]) -> Scores:
        """Scores of passages → best score of each sentence they hold."""
        spread: Scores = np.zeros(len(self.units), dtype=np.float32)
        for row, score in scored:
            if score > 0:
                members = self._members[row]
                spread[members] = np.maximum(spread[members], score)
        return spread

    def fuse(self, legs: Legs) -> Scores:
        """Weighted reciprocal rank fusion of the legs, shape (n_units,), 0 to 1; 1 is first in every leg.

        Source: Cormack, Clarke & Büttcher, "Reciprocal Rank Fusion", SIGIR 2009.
        """
        fused: Scores = np.zeros(len(self.units), dtype=np.float32)
        whole = 0.0
        for name, scores in legs.scores.items():
            weight = self.weights.get(name, 0.0)
            if not weight:
                continue
            if name == "context":
                weight *= float(scores.max(initial=0.0))
            whole += weight
            rows = np.flatnonzero((scores > 0) & legs.allowed)
            order = rows[np.lexsort((rows, -scores[rows]))][:DEPTH]
            if len(order):
                # equal scores share a rank: a question that leads to three sentences ranks them alike
                _, ranks = np.unique(-scores[order], return_inverse=True)
                fused[order] += np.float32(weight) * (RRF_K + 1) / (RRF_K + 1 + ranks.astype(np.float32))
        return fused / np.float32(whole) if whole else fused

    def search(self, query: str, k: int = 10, filters: Filters = _NO_FILTERS) -> list[Hit]:
        """The k sentences (or editorial pieces) that match best, best first; fewer when fewer match at all."""
        return self.rank(self.legs(query, filters), k)

    def rank(self, legs: Legs, k: int) -> list[Hit]:
        """The k best of scored legs, best first."""
        fused = self.fuse(legs)
        rows = np.flatnonzero(fused > 0)
        order = rows[np.lexsort((rows, -fused[rows]))][:k]
        dense = np.max([s for n, s in legs.scores.items() if n.startswith("dense:")] or [np.zeros(len(fused))], axis=0)
        return [
            Hit(
                id=self.units[at],
                score=round(float(fused[at]), 6),
                rank=rank,
                lexical=round(float(legs.coverage[at]), 6),
                dense=round(float(dense[at]), 6),
            )
            for rank, at in enumerate(order, start=1)
        ]
