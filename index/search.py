"""Question → sentences, best first: lexical and dense legs, fused.

Every leg scores sentences through one view of them: the words, windows of neighbours across turns, what they were
asked, our gloss. A transcript without notes simply has fewer legs. Distances become "higher is better" here; what a leg
says is weighed by how far it stands out among all sentences (z-scores), so that weights fitted on some debates and with
one encoder hold for others. The reader, where there is one, then reads the best and orders them anew.

    index = PassageIndex.in_memory(transcript)
    index.search("GPU 能用几年?", k=5)[0].id      # 't12.2'
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
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
from index.encoder import StaticEncoder, default_encoder, word_encoder
from index.errors import ChromaIndexError
from index.passages import FINDABLE, make_passages
from index.prepared import VIEWS, Prepared, fingerprint, load, prepare, save
from index.reader import Reader
from index.surroundings import Surroundings
from index.tokens import content_words, numbers, query_terms, terms
from index.types import Encoder, Filters, Hit, Passage, Vectors, View
from index.vocabulary import Words

Scores = NDArray[np.float32]

DEPTH = 60
RRF_K = 10
READ = 12  # finds that are read
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
    usual: Mapping[str, tuple[float, float]] = MappingProxyType({})  # leg → mean and deviation, where it tells its own


Aim = Literal["annotated", "plain", "instant", "turns"]


def fitted_weights(aim: Aim) -> dict[str, float]:
    """Leg → weight, as fitted for an aim.

    Args:
        aim: sentences to quote, of a debate with glosses noted ("annotated") or without ("plain"), or by the static
            encoder alone ("instant"); or the turns of a meeting, of which several together make the point ("turns").
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
        reader: Reader | None = None,
    ) -> None:
        """Make an index.

        Args:
            vectors: unit rows in the order of the passages, shape (n_passages, dimension).
            weights: leg → weight in the fusion; the fitted ones when left out.
            reader: reads the best finds and orders them anew.
        """
        self.reader = reader
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
        self.weights = dict(weights or fitted_weights(self.aim))
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
        self._text_rows = prepared.rows("text")
        self._around = Surroundings(transcript, vectors[self._text_rows[:n]])
        turns = {t.id: t for t in transcript.turns}
        owners = [turns[s.turn_id] for s in transcript.sentences]
        self._speaker = np.array([t.speaker_id for t in owners] + [""] * (len(self.units) - n), dtype=object)
        self._section = np.array([t.section for t in owners] + [0] * (len(self.units) - n), dtype=np.int32)
        self._seconds = np.array([*sentence_times(transcript), *[None] * (len(self.units) - n)], dtype=np.float64)
        self._lexical = {view: (index, prepared.rows(view)) for view, index in prepared.lexical.items()}
        self._turn_index, self._turn_of = prepared.turns, prepared.turn_of
        self._spoken, self._noted = prepared.spoken, prepared.noted
        self.priors = self._known_before()

    @property
    def aim(self) -> Aim:
        """Which weights were fitted for such a debate."""
        if "gloss" in self.views:
            return "annotated"
        return "instant" if isinstance(self.encoder, StaticEncoder) else "plain"

    def _known_before(self) -> dict[str, Scores]:
        """What speaks for a sentence whatever the question: it asks itself, a host says it, how long it is."""
        hosts = [s.id for s in self.transcript.speakers if s.is_host]
        padding = np.zeros(len(self.units) - len(self.transcript.sentences), dtype=np.float32)
        lengths = [len(s.text) for s in self.transcript.sentences]
        return {
            "prior:asks": np.concatenate([self._around.asks.astype(np.float32), padding]),
            "prior:host": np.isin(self._speaker, hosts).astype(np.float32),
            "prior:length": np.log1p(np.concatenate([np.array(lengths, dtype=np.float32), padding])),
        }

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Everything that is indexed, in the order of the vectors."""
        return make_passages(self.transcript, self.notes)

    @classmethod
    def in_memory(
        cls,
        transcript: Transcript,
        notes: Annotations | None = None,
        encoder: Encoder | None = None,
        reader: Reader | None = None,
    ) -> PassageIndex:
        """An index that leaves nothing behind; the encoder for such a debate when left out."""
        noted = notes or Annotations()
        return cls.open(transcript, noted, encoder or default_encoder(noted), reader=reader)

    @classmethod
    def open(
        cls,
        transcript: Transcript,
        notes: Annotations,
        encoder: Encoder,
        store: Store | None = None,
        progress: Progress | None = None,
        reader: Reader | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> PassageIndex:
        """An index over the store's vectors; missing ones are encoded first.

        What was made of the same debate by the same program before is opened, not made again.

        Raises:
            InterruptedError: ``stopped`` said so before all texts were encoded.
        """
        words = word_encoder(encoder)
        kept = None
        if store is not None and store.folder != Path():
            kept = store.folder / "search" / f"{fingerprint(transcript, notes, encoder, words)}.npz"
            found = load(kept, words)
            if found is not None:
                opened = cls.__new__(cls)
                opened.reader = reader
                opened._set(transcript, notes, *found, encoder)
                return opened
        passages = make_passages(transcript, notes)
        vectors = passage_vectors(passages, encoder, store, progress, stopped)
        made = cls(transcript, notes, passages, vectors, encoder, reader=reader)
        if kept is not None and store is not None and store.writable:
            save(kept, made.prepared, made.vectors)
        return made

    @property
    def sentence_vectors(self) -> Vectors:
        """Unit vectors of the sentences, in order of speech, shape (n_sentences, dimension)."""
        vectors: Vectors = self.vectors[self._text_rows[: len(self.transcript.sentences)]]
        return vectors

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
        usual = {}
        if vector.any():
            for view in ("gloss", "question"):
                if view in self.views:
                    scores[f"dense:{view}"] = self._spread(*self._nearest(vector, view, filters))
            cosines = self.exact.cosines(vector)[self._text_rows]
            scores["dense:text"] = self._found(self._nearest(vector, "text", filters))
            usual["dense:text"] = (float(cosines.mean()), float(cosines.std()))
            for name, around in self._around.cosines(cosines[: len(self.transcript.sentences)]).items():
                scores[f"dense:{name}"] = self._padded(around)
        scores["lexical:wide"] = self._padded(self._around.spread(scores["lexical:text"][self._speech]))
        words = self._noted.of(query)
        if self.weights.get("words:text"):
            scores["words:text"] = self._spoken.interaction(words)
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
            usual,
        )

    def _padded(self, scores: Scores) -> Scores:
        """Scores of sentences → of all units."""
        return np.concatenate([scores, np.zeros(len(self.units) - len(scores), dtype=np.float32)])

    def _found(self, nearest: Nearest) -> Scores:
        """Cosines of all units; those that are not among the nearest count as the last of these."""
        floor = float(nearest.cosines[-1]) if len(nearest.cosines) else 0.0
        found: Scores = np.full(len(self.units), floor, dtype=np.float32)
        found[self._members[self._starts[nearest.rows]]] = nearest.cosines
        return found

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

    def fuse(self, legs: Legs) -> Scores:
        """How likely each sentence is to be the one that answers, if one does: shape (n_units,), sums to 1.

        A softmax over the weighted sum of the legs' standings, with weights fitted on questions whose answers are known
        (``evals.fit.weights``). It finds more than reciprocal rank fusion, because ranks forget by how much the first
        leads; see also Bruch, Gai & Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023.
        """
        allowed = legs.allowed
        if not any((scores[allowed] > 0).any() for scores in legs.scores.values()):
            return np.zeros(len(self.units), dtype=np.float32)
        fused = self.weighed(legs)
        odds: Scores = np.where(allowed, np.exp(np.minimum(fused - fused[allowed].max(), 0)), np.float32(0))
        odds /= odds.sum()
        return odds

    def weighed(self, legs: Legs) -> Scores:
        """Weighted sum of the legs' standings and of what is known before: the log of the odds, shape (n_units,)."""
        fused: Scores = np.zeros(len(self.units), dtype=np.float32)
        for name, weight in self.weights.items():
            if name in legs.scores:
                fused += np.float32(weight) * self.standing(legs, name)
        fused += self._prior(legs)
        return fused

    def standing(self, legs: Legs, name: str) -> Scores:
        """How far each unit stands out in a leg: its score less the mean, in standard deviations."""
        scores = legs.scores[name]
        if name == "context":
            return scores
        kind = self._speech if legs.allowed[self._speech].any() else ~self._speech
        mean, deviation = legs.usual.get(name) or (float(scores[kind].mean()), float(scores[kind].std()))
        return (scores - np.float32(mean)) / np.float32(max(deviation, 1e-6))

    def _prior(self, legs: Legs) -> Scores:
        """What speaks for each unit before the question; nothing where hosts alone may speak."""
        total: Scores = np.zeros(len(self.units), dtype=np.float32)
        if self.priors["prior:host"][legs.allowed].all():
            return total
        for name, prior in self.priors.items():
            total += np.float32(self.weights.get(name, 0.0)) * prior
        return total

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

    def reread(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The hits with the best of them read and ordered anew; as they are where there is no reader.

        Args:
            question: as it would be asked by itself.
        """
        best, rest = [hit for hit in hits if hit.score > 0][:READ], hits[READ:]
        if self.reader is None or not best:
            return list(hits)
        logits = np.array(self.reader.read(question, [self._as_read(hit.id) for hit in best]))
        odds = np.exp(logits - logits.max()) * [hit.score for hit in best]
        shares = odds / odds.sum() * sum(hit.score for hit in best)
        read = [hit._replace(score=float(share)) for hit, share in zip(best, shares, strict=True)]
        ordered = [*sorted(read, key=lambda hit: (-hit.score, hit.rank)), *rest]
        return [hit._replace(rank=rank) for rank, hit in enumerate(ordered, start=1)]

    def _as_read(self, unit: str) -> str:
        at = self._positions[unit]
        if at >= len(self.transcript.sentences):
            return next(e.text for e in self.transcript.editorials if e.id == unit)
        sentence = self.transcript.sentences[at]
        return f"{self.transcript.speaker_of(sentence.turn_id).name}: {sentence.text}"

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
