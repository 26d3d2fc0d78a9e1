"""The path of one question: understand → retrieve → draft → ground → answer, as a langgraph graph of plain functions.

Each step returns what it adds and edits nobody's object. The embedded rules draft an answer. With a chat model
configured that draft is told as a sketch, then the model writes, and what the rules drafted stands when it fails.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypedDict

import numpy as np

from assistant import logs, wording
from assistant.about import about, is_dated
from assistant.beside import beside
from assistant.calculation import draft_calculation
from assistant.document import table_of
from assistant.embedded import EmbeddedAnswerer
from assistant.events import Writing
from assistant.grounding import EMBEDDED, Grounded, ground
from assistant.models.meter import Meter
from assistant.moments import Timeline, fullest, led, silent_then, understand_in_time
from assistant.numeric.plan import NumericPlan
from assistant.numeric.read import understand_numeric
from assistant.operations.met import saying_who
from assistant.plan import Plan
from assistant.reading.bridge import bridged, described
from assistant.reading.closed import SCENE
from assistant.reading.courtesy import is_courtesy
from assistant.reading.read import Reading, understand
from assistant.script import in_traditional, is_traditional
from assistant.selection import Retrieval
from assistant.tracing import Trace, span
from assistant.types import Abstention, Answer, Draft, Evidence
from corpus.normalize import fold_text
from corpus.quotes import quote_sentences
from corpus.store import Store
from corpus.types import Quote, Transcript
from index.search import Legs, PassageIndex
from index.tokens import query_terms
from index.types import Filters, Hit

if TYPE_CHECKING:
    from assistant.models.answerer import ModelAnswerer

_DEPTH = 40
_LEAD = 0.5  # how much the own words of a follow-up weigh beside all that it hangs on
_CLAUSES = re.compile(  # of a question
    r"[,，;；?？]\s*|\s+and\s+(?=who|when|how|what|which|where)|(?:以及|还有|和)(?=谁|什么时|多久|多长|几)", re.I
)
_STALE = 0.5  # what a sentence counts for a follow-up that was quoted just before
_THEN = 0.15  # of what answers at any time, how much must have been said in the stretch that is asked about
_NEAREST = 3
_CLEARLY = 0.05  # how much surer another reading of a follow-up must be


class Answerer(Protocol):
    """Drafts an answer from what was found."""

    @property
    def name(self) -> str:
        """How the answerer is called in ``Answer.answerer``."""
        ...

    def draft(self, reading: Reading, found: Retrieval, thread: Sequence[Answer] = ()) -> Draft:
        """What the found sentences say to the question, by sentence ids."""
        ...


class State(TypedDict, total=False):
    """What the steps hand on."""

    question: str
    thread: Sequence[Answer]
    speaker_ids: tuple[str, ...]
    reading: Reading
    found: Retrieval
    numeric: NumericPlan
    draft: Draft
    sketch: Grounded
    writing: Writing
    grounded: Grounded
    answer: Answer
    timings_ms: dict[str, float]
    meter: Meter
    request: str
    trace: Trace


class Pipeline:
    """The graph's steps over one index.

    With a chat model, that one writes as far as the state's meter goes; what the answerer drafted stands when it fails.
    """

    def __init__(
        self,
        index: PassageIndex,
        answerer: Answerer | None = None,
        model: ModelAnswerer | None = None,
        store: Store | None = None,
    ) -> None:
        self.index = index
        self.rules = EmbeddedAnswerer(index, store=store)
        self.answerer: Answerer = answerer or self.rules
        self.model = model

    @cached_property
    def _timeline(self) -> Timeline:
        return Timeline(self.index.transcript)

    @cached_property
    def _outsiders(self) -> frozenset[str]:
        """Last words of the names of people who are quoted without taking part, folded: "burry", "cfo"."""
        names = [self.index.notes.note(s.id).originator or "" for s in self.index.transcript.sentences]
        people = [name.split() for name in names if " " in name and name == name.title()]
        return frozenset(fold_text(words[-1]) for words in people)

    def steps(self) -> tuple[tuple[str, Callable[[State], State]], ...]:
        """The steps in order, by name."""
        return (
            ("understand", self.understand),
            ("retrieve", self.retrieve),
            ("draft", self.draft),
            ("ground", self.ground),
            ("answer", self.finish),
        )

    def compile(self) -> Any:
        """The steps as a compiled langgraph graph."""
        from langgraph.graph import END, START, StateGraph

        graph = StateGraph(State)
        before = START
        for name, step in self.steps():
            timed: Any = _timed(name, step)
            graph.add_node(f"{name}_step", timed)
            graph.add_edge(before, f"{name}_step")
            before = f"{name}_step"
        graph.add_edge(before, END)
        return graph.compile()

    def run(self, state: State) -> Iterator[State]:
        """The same steps in the same order without langgraph, whose import alone doubles a one-shot command's time.

        Yields what each step adds; with a chat model also the sketch and the sentences that it writes.
        """
        for name, step in self.steps():
            added = _timed(name, step)(state)
            state = {**state, **added}
            yield added
            if name == "draft" and self.model is not None and self._wanted(state):
                for added in _told_within(state.get("request"), self._written(state, self.model)):
                    state = {**state, **added}
                    yield added

    def _wanted(self, state: State) -> bool:
        """Whether the chat model is asked.

        Not for a greeting, nor for what the rules have calculated and read without doubt, with every figure in its
        place; nor a model that failed a moment ago. All else is its to decide: the rules' reading is a hint.
        """
        numeric, draft = state.get("numeric"), state["draft"]
        if state["meter"].trouble is not None:
            return False
        if numeric is not None and draft.calculations and not (numeric.doubt or numeric.unused):
            return False
        return not (state["reading"].understanding.intent == "small_talk" and is_courtesy(state["question"]))

    def _written(self, state: State, model: ModelAnswerer) -> Iterator[State]:
        """The sketch; then what the model writes, and its draft."""
        transcript, notes = self.index.transcript, self.index.notes
        yield {"sketch": ground(state["draft"], transcript, notes)}
        begun = time.perf_counter()
        thread, meter = state.get("thread", ()), state["meter"]
        reading = state["reading"]
        if state.get("numeric") is None and not reading.placed:
            again = model.reread(reading, thread, meter)
            again = again._replace(when=reading.when, seconds=reading.seconds, whole=reading.whole)
            if state.get("speaker_ids"):
                again = again.of(state["speaker_ids"])._replace(variants=())
            if again != reading:
                state = {**state, "reading": again}
                yield {"reading": again}
                for step in (self.retrieve, self.draft):
                    added = step(state)
                    state = {**state, **added}
                    yield added
        ticked = state.get("speaker_ids", ())
        for item in model.write(state["reading"], state["found"], thread, meter, state["draft"], ticked):
            if isinstance(item, Writing):
                yield {"writing": item}
                continue
            spent = round((time.perf_counter() - begun) * 1000, 3)
            yield {"draft": item, "timings_ms": {**state.get("timings_ms", {}), "write": spent}}

    def understand(self, state: State) -> State:
        """Standalone question, speakers, intent."""
        thread = state.get("thread", ())
        reading = understand_in_time(state["question"], self._timeline, thread, self._outsiders)
        if (met := self._described(state["question"], reading)) is not None:
            reading = met
        earlier = next((a.numeric for a in reversed(thread) if a.numeric is not None), None)
        shown = thread[-1].quotes if thread and thread[-1].numeric is None else ()
        numeric = understand_numeric(state["question"], earlier, reading.understanding.language, shown)
        if numeric is not None and _asks_what_was_said(reading, numeric):
            numeric = None
        if numeric is not None and reading.when is not None:  # "after two hours" is a figure of the calculation
            reading = understand(state["question"], self.index.transcript, thread, self._outsiders)
        if state.get("speaker_ids"):
            reading = reading.of(state["speaker_ids"])._replace(variants=())
        if numeric is None:
            return {"reading": reading.uncalculated()}
        understood = reading.understanding.model_copy(update={"intent": "numeric"})
        return {"reading": reading._replace(understanding=understood), "numeric": numeric}

    def _described(self, question: str, reading: Reading) -> Reading | None:
        """The question with the person whom it describes by their words named; None where it describes nobody."""
        bridge = None if reading.plan.operation in ("thanks", "chat", "refuse") else bridged(question)
        if bridge is None:
            return None
        asked = understand(bridge.asking(reading.understanding.language), self.index.transcript)
        found = self._find(asked, _Searched(self.index, asked, {}), {})
        met = described(bridge, self.index.transcript, found.hits)
        if met is None or self.rules.sure(asked, found) < self.rules.policy.answer_from:
            return None
        name = self.index.transcript.speaker(met.speaker_id).name
        named = understand_in_time(bridge.naming(name), self._timeline, (), self._outsiders)
        understood = named.understanding.model_copy(update={"question": question})
        return named._replace(understanding=understood, met=met)

    def retrieve(self, state: State) -> State:
        """Sentences for the question, under its speaker filter and without it.

        A follow-up may be read in several ways; the first stands unless another is clearly better answered.
        """
        reading = state["reading"]
        thread = state.get("thread", ())
        near = self._context(reading, thread)
        said = _said(reading, thread)
        legs = _Searched(self.index, reading, near)
        best, found = reading, self._find(reading, legs, said)
        if reading.seconds is not None and (free := self._anytime(reading, near, said)) is not None:
            surely = reading.when is not None and reading.when.surely  # else "at 9:30" may well be of the matter
            if not surely and self.rules.sure(reading, found) < self.rules.policy.answer_from:
                return {"reading": free.reading, "found": free.found}
            if not (reading.whole or reading.placed) and self._share_then(free.found, found) < _THEN:
                found = found._replace(hits=[])
        if reading.beside:
            last = next(answer for answer in reversed(thread) if answer.quotes)
            quotes, wanted = _best_first(last), reading.understanding.speaker_ids
            theirs = [quote for quote in quotes if quote.speaker_id in wanted] or quotes
            everything = self.index.rank(found.open_legs, len(self.index.units))
            hits = beside(everything, theirs, self.index.transcript)
            return {"found": found._replace(hits=hits)}
        if not reading.variants:
            return {"found": found}
        best_sure = self.rules.sure(reading, found)
        for variant in reading.variants:
            other = reading.of(variant)
            other_found = self._find(other, legs, said)
            sure = self.rules.sure(other, other_found)
            if sure > best_sure + _CLEARLY:
                best, best_sure, found = other, sure, other_found
        return {"reading": best, "found": found}

    def _anytime(self, reading: Reading, near: dict[str, float], said: Mapping[str, float]) -> _Anytime | None:
        """The question without its stretch of time and what is found for it; None where that does not answer it."""
        free = reading._replace(seconds=None, when=None)
        found = self._find(free, _Searched(self.index, free, near), said)
        return _Anytime(free, found) if self.rules.sure(free, found) >= self.rules.policy.answer_from else None

    def _share_then(self, anytime: Retrieval, then: Retrieval) -> float:
        """How much of what answers at any time was said in the stretch that is asked about, 0 to 1."""
        return sum(hit.score for hit in anytime.hits if then.legs.allowed[self.index.row(hit.id)])

    def _find(self, reading: Reading, search: _Searched, said: Mapping[str, float]) -> Retrieval:
        understood = reading.understanding
        wanted = understood.speaker_ids
        if not wanted and understood.intent == "host_question":
            wanted = tuple(s.id for s in self.index.transcript.speakers if s.is_host)
        if not wanted and reading.excluded:
            wanted = tuple(s.id for s in self.index.transcript.speakers if s.id not in reading.excluded)
        legs, open_legs = search.legs(wanted, reading.seconds), search.legs(())
        if reading.whole and reading.placed:
            hits = fullest(reading.within, self.index.transcript, wanted)
            return Retrieval(hits, hits, legs, open_legs)
        asked = understood.standalone
        everybody = self.index.reread(asked, self.index.rank(open_legs, _DEPTH))
        depth = len(legs.allowed) if reading.within else _DEPTH
        hits = self.index.reread(asked, self.index.rank(legs, depth)) if legs is not open_legs else everybody
        pointed = [hit for hit in hits if hit.id in reading.within]
        return Retrieval(pointed or _weighed(hits, said), everybody, legs, open_legs)

    def _context(self, reading: Reading, thread: Sequence[Answer]) -> dict[str, float]:
        """Sentence id → how near it is to what was quoted last: a follow-up is mostly answered close by."""
        last = next((answer for answer in reversed(thread) if answer.quotes), None)
        if not reading.context or last is None:
            return {}
        transcript = self.index.transcript
        near: dict[str, float] = {}
        for quote in last.quotes:
            turn = transcript.turn(quote.turn_id)
            first = turn.number if reading.replies else max(0, turn.number - 3)
            for other in transcript.turns[first : turn.number + 3]:
                if other.section == turn.section:
                    closeness = reading.context * (1.0 - 0.2 * abs(other.number - turn.number))
                    for sentence in transcript.sentences_of(other.id):
                        near[sentence.id] = max(near.get(sentence.id, 0.0), closeness)
        return near

    def draft(self, state: State) -> State:
        """What the found sentences say, by ids."""
        reading, found, numeric = state["reading"], state["found"], state.get("numeric")
        told = self._told(reading)
        if told is not None:
            return {"draft": told}
        if numeric is None:
            draft = silent_then(
                self.answerer.draft(reading, found, state.get("thread", ())),
                reading,
                self._timeline,
                self._at_other_times,
            )
        else:
            draft = draft_calculation(numeric, self.index.transcript)
        if reading.met is not None and draft.claims:
            draft = saying_who(draft, reading.met, self.index.transcript, reading.understanding.language)
        return {"draft": draft}

    def _told(self, reading: Reading) -> Draft | None:
        """What the record says of the debate itself, when that is what is asked."""
        understood = reading.understanding
        if understood.intent != "about" or self._of_what_is_spoken_of(reading):
            return None
        noted = self.rules.tables.topics if self.rules.tables.noted else ()
        topics = [topic.name(understood.language) for topic in noted]
        told = [
            about(self.index.transcript, plan, understood.language, topics)
            for plan in self._plans_about(reading, understood.question)
        ]
        words = ("" if understood.language == "zh" else " ").join(text for text in told if text)
        basis = tuple(f"roster:{speaker.id}" for speaker in self.index.transcript.speakers)
        basis += tuple(f"topic:{topic.id}" for topic in noted)
        return Draft(lead=words, basis=basis, confidence=1.0) if words else None

    def _plans_about(self, reading: Reading, question: str) -> list[Plan]:
        """What is asked of the debate itself, a plan each: of "who spoke, and who hosted?" both."""
        clauses = [clause for clause in _CLAUSES.split(question) if clause.strip()]
        read = [understand(clause, self.index.transcript) for clause in clauses] if 1 < len(clauses) <= 3 else []
        if any(r.understanding.intent != "about" or r.plan.about is None for r in read):
            return [reading.plan]
        plans = {r.plan.about: r.plan for r in read}
        return list(plans.values()) if len(plans) > 1 else [reading.plan]

    def _of_what_is_spoken_of(self, reading: Reading) -> bool:
        """Whether a date is asked of something spoken of (the vote), where none of the debate itself is known."""
        transcript = self.index.transcript
        if reading.plan.about != "date" or is_dated(transcript):
            return False
        said = fold_text(transcript.raw)
        return any(
            len(term) > 1 and term in said for term in query_terms(SCENE.sub(" ", reading.understanding.question))
        )

    def _at_other_times(self, reading: Reading) -> tuple[str, ...]:
        """What answers best when any time of speaking will do; empty when nothing does."""
        free = self._anytime(reading, {}, {})
        return tuple(hit.id for hit in free.found.hits[:_NEAREST]) if free is not None else ()

    def ground(self, state: State) -> State:
        """Ids → quotes; what does not hold is set aside."""
        draft, transcript, notes = state["draft"], self.index.transcript, self.index.notes
        asked = (state["reading"].understanding.question, *(a.question for a in state.get("thread", ())))
        grounded = ground(draft, transcript, notes, asked=asked)
        if draft.author == EMBEDDED:
            return {"grounded": grounded}
        from assistant.verification.stage import verify  # numpy and the encoder: for a model's words alone

        return {"grounded": verify(grounded, transcript, notes)}

    def _silence(self, draft: Draft) -> Abstention | None:
        """Why there is no answer, with the nearest words as quotes."""
        if draft.abstention is None:
            return None
        transcript, notes = self.index.transcript, self.index.notes
        nearest = tuple(quote_sentences(transcript, (i,), notes) for i in draft.abstention.nearest)
        told = draft.abstention
        return Abstention(reason=told.reason, message=told.message, spoke=told.spoke, nearest=nearest)

    def finish(self, state: State) -> State:
        """Everything together: what we vouch for."""
        transcript = self.index.transcript
        draft, grounded = state["draft"], state["grounded"]
        understood = state["reading"].understanding
        abstention = self._silence(draft)
        meter = state.get("meter")
        lead = draft.lead if draft.author == EMBEDDED else grounded.lead
        prose = any(claim.block is not None for claim in grounded.claims)
        if not lead and grounded.claims and not prose:
            lead = wording.lead(
                understood.intent, list(dict.fromkeys(q.speaker for q in grounded.quotes)), understood.language
            )
        scores = {hit.id: hit.score for hit in state["found"].hits}
        reading, ours = state["reading"], draft.author == EMBEDDED
        lead = led(lead, reading, grounded.quotes, scores, self._timeline, ours=ours) if not prose else ""
        failed = meter.trouble if meter is not None else None
        answer = Answer(
            question=understood.question,
            standalone=understood.standalone,
            language=understood.language,
            intent=understood.intent,
            speaker_ids=understood.speaker_ids,
            topic=state["reading"].root,
            plan=state["reading"].plan,
            lead=lead,
            basis=draft.basis,
            claims=grounded.claims,
            notes=grounded.notes,
            table=draft.table
            or (
                table_of(grounded.claims, grounded.quotes, understood.language)
                if reading.plan.shape.form == "table" and not prose
                else None
            ),
            headline=draft.headline,
            quotes=grounded.quotes,
            abstention=abstention,
            confidence=round(draft.confidence, 4),
            sureness=self.rules.policy.word(draft.confidence),
            evidence=evidence(state["found"].hits[:20], transcript),
            calculations=draft.calculations,
            numeric=state.get("numeric"),
            rejected=grounded.rejected,
            trust=grounded.trust,
            transcript_id=transcript.id,
            transcript_sha256=transcript.sha256,
            answerer=draft.author,
            trouble=failed.sentence(understood.language) if failed is not None else None,
            usage=meter.usage() if meter is not None else None,
        )
        if answer.language == "zh" and is_traditional(answer.question):
            answer = in_traditional(answer, [speaker.name for speaker in transcript.speakers])
        return {"answer": answer}


def _asks_what_was_said(reading: Reading, numeric: NumericPlan) -> bool:
    """Whether "did Ann say eight years?" was meant, though it may read as a calculation, or as half of one."""
    unfinished = bool(numeric.missing) or numeric.doubt
    return reading.plan.operation == "verdict" and (bool(reading.understanding.speaker_ids) or unfinished)


class _Anytime(NamedTuple):
    """A question about a stretch of time without that stretch, and what is found for it."""

    reading: Reading
    found: Retrieval


def evidence(hits: Sequence[Hit], transcript: Transcript) -> tuple[Evidence, ...]:
    """Finds as an answer tells them, in their order."""
    return tuple(
        Evidence(
            sentence_id=hit.id,
            speaker=transcript.speaker_of(transcript.sentence(hit.id).turn_id).name,
            score=hit.score,
            rank=hit.rank,
            lexical=hit.lexical,
            dense=hit.dense,
        )
        for hit in hits
    )


class _Searched:
    """A reading's legs by speakers wanted, each searched once: a follow-up's own words blended with the subject."""

    def __init__(self, index: PassageIndex, reading: Reading, near: dict[str, float]) -> None:
        self.index, self.reading, self.near = index, reading, near
        self.done: dict[Filters, Legs] = {}

    def legs(self, wanted: tuple[str, ...], seconds: tuple[float, float] | None = None) -> Legs:
        """The legs under a filter of speakers and a stretch of time; everybody's at any time without."""
        filters = Filters(speaker_ids=wanted, seconds=seconds)
        if filters not in self.done:
            self.done[filters] = self._search(filters)
        return self.done[filters]

    def _search(self, filters: Filters) -> Legs:
        topic = self.reading.topic or self.reading.understanding.standalone
        own = self.index.legs(topic, filters, self.near)
        if not self.reading.steer:
            return own
        steered = self.index.legs(f"{topic} {self.reading.steer}", filters, self.near)
        scores = {
            name: _LEAD * own.scores.get(name, np.zeros_like(there)) + (1 - _LEAD) * there
            for name, there in steered.scores.items()
        }
        usual = {}
        for name, (mean, deviation) in steered.usual.items():
            at, width = own.usual.get(name, (mean, deviation))
            usual[name] = (_LEAD * at + (1 - _LEAD) * mean, _LEAD * width + (1 - _LEAD) * deviation)
        return own._replace(scores=scores, usual=usual)


def _best_first(answer: Answer) -> list[Quote]:
    """An answer's quotes, those that answered best first."""
    scores = {e.sentence_id: e.score for e in answer.evidence}
    return sorted(answer.quotes, key=lambda quote: -max(scores.get(i, 0.0) for i in quote.sentence_ids))


def _said(reading: Reading, thread: Sequence[Answer]) -> dict[str, float]:
    """What the sentences still count that were quoted before: nothing where more is wanted, else less than others."""
    understood = reading.understanding
    if reading.again:
        return {i: 0.0 for answer in thread for quote in answer.quotes for i in quote.sentence_ids}
    if not thread or not understood.follow_up or understood.intent not in ("position", "figure"):
        return {}
    return {i: _STALE for quote in thread[-1].quotes for i in quote.sentence_ids}


def _weighed(hits: list[Hit], weights: Mapping[str, float]) -> list[Hit]:
    """The hits with their scores weighed anew; as they were when nothing would be left."""
    weighed = [hit._replace(score=hit.score * weights.get(hit.id, 1.0)) for hit in hits]
    total = sum(hit.score for hit in weighed)
    if not weights or not total:
        return hits
    best = sorted((hit for hit in weighed if hit.score), key=lambda hit: (-hit.score, hit.rank))
    return [hit._replace(score=hit.score / total, rank=rank) for rank, hit in enumerate(best, start=1)]


def _told_within(request: str | None, steps: Iterator[State]) -> Iterator[State]:
    """The steps, each made within the request for the log; the consumer's own time is not within it."""
    try:
        while True:
            with logs.request(request):
                added = next(steps, None)
            if added is None:
                return
            yield added
    finally:
        steps.close()  # type: ignore[attr-defined]  # a generator: an open call to a model ends with it


def _timed(name: str, step: Callable[[State], State]) -> Callable[[State], State]:
    def run(state: State) -> State:
        begun = time.perf_counter()
        with logs.request(state.get("request")), span(name, state.get("trace"), request=state.get("request", "")):
            added = step(state)
        spent = round((time.perf_counter() - begun) * 1000, 3)
        return {**added, "timings_ms": {**state.get("timings_ms", {}), name: spent}}

    return run
