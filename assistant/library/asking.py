"""One question over several debates: read once, searched in each, ranked together, answered where something answers.

The question is read against everybody who speaks in any of the debates; each debate is then asked about those of its
own speakers who are the persons meant, so that a namesake elsewhere is never quoted. Which debates answer is decided by
how sure each is of its own finds and by how its best stands in the one ranking over all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from assistant import wording as plain
from assistant.errors import QuestionCancelledError
from assistant.graph import Pipeline, State
from assistant.library import telling, wording
from assistant.library.scope import Asked, asked, of_dates, of_titles
from assistant.library.types import Card, Found, LibraryAnswer, Part
from assistant.models.meter import Cancellation
from assistant.numeric.read import understand_numeric
from assistant.reading.read import Reading, understand
from assistant.selection import Retrieval
from assistant.types import AbstentionReason, Answer
from corpus.outsiders import is_office, mentioned, outsiders
from corpus.persons import Person, cast_of
from corpus.quotes import quote_sentences
from corpus.speakers import comparable, find_mentions
from corpus.types import Transcript
from index.across import fused
from index.search import Scores
from index.types import Hit

# By the development questions of ``evals.library``:
KEEP = 0.25  # a debate is quoted whose best sentence, by how sure it is, is this share of the best of all …
KEEP_ASKED = 0.03  # … or whose best sentence is this share, where somebody's words or all of a kind are asked for
SURE_FROM = 0.3  # of many debates one is likelier to seem to answer: how sure the best must be where nobody is named
UNHEARD = 0.005  # share of the best of anybody below which somebody did not speak on it
_MOST = 12  # debates that are quoted
_FLOOR = 0.1  # of the best of all debates, what a sentence must have to be quoted beside its debate's best
_NEAREST = 3
_DEPTH = 40


class Opened(NamedTuple):
    """A debate that is ready to be asked."""

    card: Card
    pipeline: Pipeline

    @property
    def transcript(self) -> Transcript:
        """Its words."""
        return self.pipeline.index.transcript


class Hall(NamedTuple):
    """Debates that are asked together, and everybody who speaks in them."""

    debates: tuple[Opened, ...]  # by date
    people: tuple[Person, ...]
    cast: Transcript

    @classmethod
    def of(cls, debates: Sequence[Opened], people: Sequence[Person]) -> Hall:
        """Gather them."""
        return cls(tuple(debates), tuple(people), cast_of(people, [d.transcript for d in debates]))

    def person(self, identifier: str) -> Person:
        """One of the people."""
        return next(p for p in self.people if p.id == identifier)

    def cards_of(self, person: Person) -> list[Card]:
        """In which debates somebody speaks."""
        return [d.card for d in self.debates if person.in_debate(d.card.sha256)]


class Searched(NamedTuple):
    """What one debate has for the question."""

    opened: Opened
    reading: Reading
    found: Retrieval
    sure: float  # probability that it answers, by its own finds
    scores: Scores  # (n_units,) share of the ranking over all debates

    @property
    def answers(self) -> bool:
        """Whether its own finds are likely enough to answer."""
        return self.sure >= self.opened.pipeline.rules.policy.answer_from and self.best > 0

    @property
    def best(self) -> float:
        """Of its best sentence."""
        return float(self.scores.max(initial=0.0))


class Question(NamedTuple):
    """A question as read against the whole hall."""

    hall: Hall
    asked: Asked
    reading: Reading
    debates: tuple[Opened, ...]  # those of the date or title that it names
    namesakes: tuple[Person, ...] = ()  # whom a name in it may mean, where it may mean several

    @property
    def people(self) -> list[Person]:
        """Whose words are wanted; empty: anybody's."""
        return [self.hall.person(i) for i in self.reading.understanding.speaker_ids]


def answer(
    question: str, hall: Hall, earlier: Sequence[LibraryAnswer] = (), cancellation: Cancellation | None = None
) -> LibraryAnswer:
    """Answer a question from the debates of a hall, in the light of earlier answers."""
    put = read(question, hall, earlier)
    base = _base(put)
    if put.asked.dates and not put.debates:
        return _silent(base, "detail_absent", wording.no_such_date(base.scope, base.language))
    intent = base.intent
    if intent in ("small_talk", "out_of_scope"):
        said = plain.small_talk(put.reading.plan.operation, base.language)
        if intent == "out_of_scope":
            said = plain.abstain("out_of_scope", base.language)
        return _silent(base, intent, said).model_copy(update={"manner": "talk"})
    if put.namesakes:
        told = [(person, hall.cards_of(person)) for person in put.namesakes]
        return _silent(base, "needs_context", wording.which_one(told, base.language))
    if intent == "about" and not put.reading.understanding.speaker_ids:
        return telling.list_of_debates(base, put.debates)
    if (elsewhere := _outsider(put, base)) is not None:
        return elsewhere
    if (worked := _calculated(put, base, question)) is not None:
        return worked
    return _answered(put, base, cancellation)


def read(question: str, hall: Hall, earlier: Sequence[LibraryAnswer] = ()) -> Question:
    """Read a question against everybody in the hall."""
    taken = asked(question)
    if taken.dates and not taken.surely and not of_dates([d.card for d in hall.debates], taken):
        taken = taken._replace(dates=(), rest=question)  # a year that is talked about, not that of a debate
    cards = [d.card for d in hall.debates]
    kept = of_dates(cards, taken) if taken.dates else (of_titles(cards, question) or cards)
    thread = [digest(e) for e in earlier if e.manner != "talk"]
    namesakes, cast = _namesakes(taken.rest, hall, kept)
    reading = understand(taken.rest or question, cast, thread)
    understood = reading.understanding.model_copy(update={"question": question})
    if not understood.follow_up:
        understood = understood.model_copy(update={"standalone": question})
    topic = reading.own if taken.manner != "find" and reading.own else reading.topic
    reading = reading._replace(
        understanding=understood, topic=topic, within=(), placed=False, beside=False, variants=(), context=0.0,
        again=False, replies=False,
    ).uncalculated()  # fmt: skip
    wanted = {card.sha256 for card in kept}
    debates = tuple(d for d in hall.debates if d.card.sha256 in wanted)
    return Question(hall, taken, reading, debates, tuple(namesakes))


def digest(earlier: LibraryAnswer) -> Answer:
    """An earlier answer as a follow-up is read in the light of: what was asked, of whom, who was quoted."""
    return Answer(
        question=earlier.question,
        standalone=earlier.standalone,
        language=earlier.language,
        intent=earlier.intent,
        speaker_ids=earlier.people,
        topic=earlier.topic,
        plan=earlier.plan,
        transcript_id="library",
        transcript_sha256="",
    )


def search(query: str, debates: Sequence[Opened], k: int) -> list[Found]:
    """The k sentences that match best over all the debates, best first."""
    legs = [(d.pipeline.index, d.pipeline.index.legs(query)) for d in debates]
    return ranked(list(zip(debates, fused(legs), strict=True)), k)


def ranked(scored: Sequence[tuple[Opened, Scores]], k: int) -> list[Found]:
    """The best sentences of scored debates, best first; equal ones in order of the debates."""
    rows = [
        (float(scores[at]), number, int(at))
        for number, (_, scores) in enumerate(scored)
        for at in np.argsort(-scores, kind="stable")[:k]
        if scores[at] > 0
    ]
    found = []
    for rank, (score, number, at) in enumerate(sorted(rows, key=lambda r: (-r[0], r[1], r[2]))[:k], start=1):
        opened = scored[number][0]
        index = opened.pipeline.index
        quote = quote_sentences(index.transcript, (index.units[at],), index.notes)
        found.append(Found(debate=opened.card, quote=quote, score=score, rank=rank))
    return found


def _base(put: Question) -> LibraryAnswer:
    understood, reading = put.reading.understanding, put.reading
    return LibraryAnswer(
        question=understood.question,
        standalone=understood.standalone,
        language=understood.language,
        intent=understood.intent,
        manner=put.asked.manner,
        scope=tuple(d.card for d in (put.debates or put.hall.debates)),
        people=understood.speaker_ids,
        topic=reading.root,
        plan=reading.plan,
    )


def _silent(base: LibraryAnswer, reason: AbstentionReason, lead: str, nearest: Sequence[Found] = ()) -> LibraryAnswer:
    return base.model_copy(update={"reason": reason, "lead": lead, "nearest": tuple(nearest)})


def _namesakes(question: str, hall: Hall, kept: Sequence[Card]) -> tuple[list[Person], Transcript]:
    """The people whom one name in the question may mean; none, and who else it means, where it is plain.

    Plain is a name whose bearer's role stands in the question ("Ann Lee the harbour master"), or of whose bearers only
    one speaks in the debates that are asked. The cast that is returned is without the other bearers.
    """
    copy, others = comparable(question), set[str]()
    for mention in find_mentions(question, hall.cast.speakers, fuzzy=True, said=hall.cast.raw):
        words = copy[mention.start : mention.end].strip()
        bearers = [hall.person(s.id) for s in mention.speakers]
        if len(bearers) < 2 or not all(words in comparable(p.name) for p in bearers):
            continue
        told = [p for p in bearers if p.role and comparable(p.role).strip() in copy]
        here = [p for p in bearers if any(p.in_debate(card.sha256) for card in kept)]
        meant = told if len(told) == 1 else here
        if len(meant) > 1:
            return meant, hall.cast
        others |= {p.id for p in bearers if p not in meant} if meant else set()
    if not others:
        return [], hall.cast
    fields = {name: getattr(hall.cast, name) for name in Transcript.model_fields}
    fields["speakers"] = tuple(s for s in hall.cast.speakers if s.id not in others)
    return [], Transcript.model_construct(**fields)


def _outsider(put: Question, base: LibraryAnswer) -> LibraryAnswer | None:
    """What to say where somebody is asked about who speaks in none of the debates."""
    names = [n for n in outsiders(put.asked.rest, put.hall.cast) if not is_office(n)]
    if not names:
        return None
    nearest: list[Found] = []
    for opened in put.debates:
        index = opened.pipeline.index
        if any(names[0].split()[-1] in (index.notes.note(s.id).originator or "") for s in index.transcript.sentences):
            return None  # what is relayed of somebody is searched for as ever
        for sentence in mentioned(index.transcript, names[0])[:1]:
            quote = quote_sentences(index.transcript, (sentence,), index.notes)
            nearest.append(Found(debate=opened.card, quote=quote, score=0.0, rank=len(nearest) + 1))
    lead = wording.outsider(names[0][:60], len(put.debates), base.language)
    return _silent(base, "speaker_silent", lead, nearest[:_NEAREST])


def _calculated(put: Question, base: LibraryAnswer, question: str) -> LibraryAnswer | None:
    """A calculation, which needs no debate; None where none is asked for."""
    if put.reading.understanding.speaker_ids or put.asked.manner != "find" or not put.debates:
        return None
    numeric = understand_numeric(question, None, base.language)
    if numeric is None or numeric.missing or numeric.doubt:
        return None
    first = put.debates[0]
    state: State = {"question": question}
    for step in first.pipeline.run(state):
        state.update(step)
    made = state["answer"]
    if not made.calculations:
        return None
    part = Part(debate=first.card, answer=made, score=0.0)
    return base.model_copy(update={"lead": made.lead, "parts": (part,), "intent": "numeric", "confidence": 1.0})


def _answered(put: Question, base: LibraryAnswer, cancellation: Cancellation | None) -> LibraryAnswer:
    people = put.people
    here = [d for d in put.debates if not people or any(p.in_debate(d.card.sha256) for p in people)]
    searched = _searched(put, here, cancellation)
    chosen = [] if people and _unheard(put, searched) else _choose(put, searched)
    base = base.model_copy(update={"absent": tuple(d.card for d in put.debates if d not in here)})
    floor = 0.0 if people else _FLOOR * max((one.best for one in chosen), default=0.0)
    drafted = [(one, telling.part_of(one, put, floor)) for one in chosen]
    answers = [(one, made) for one, made in drafted if made is not None]
    if not answers:
        nearest = ranked([(s.opened, s.scores) for s in searched], _NEAREST) if searched else []
        lead = wording.nothing(len(put.debates), [p.name for p in people], base.language)
        reason: AbstentionReason = "speaker_silent" if people else "topic_absent"
        silent = tuple(s.opened.card for s in searched)
        told = _silent(base, reason, lead, nearest).model_copy(update={"silent": silent})
        return told.model_copy(update={"notes": telling.notes(told, put, silence=False)})
    return telling.told(base, put, answers, searched)


def _searched(put: Question, debates: Sequence[Opened], cancellation: Cancellation | None) -> list[Searched]:
    readings = [_in_debate(put, opened) for opened in debates]
    states = []
    for opened, reading in zip(debates, readings, strict=True):
        if cancellation is not None and cancellation.cancelled:
            raise QuestionCancelledError("The question was cancelled; nothing was saved.")
        states.append(opened.pipeline.retrieve({"reading": reading}))
    legs = [(d.pipeline.index, s["found"].legs) for d, s in zip(debates, states, strict=True)]
    read_as = [s.get("reading", reading) for s, reading in zip(states, readings, strict=True)]
    return [
        Searched(d, own, s["found"], d.pipeline.rules.sure(own, s["found"]), scores)
        for d, own, s, scores in zip(debates, read_as, states, fused(legs), strict=True)
    ]


def _unheard(put: Question, searched: Sequence[Searched]) -> bool:
    """Whether all that the people asked about said is far from the matter, by what anybody said on it anywhere."""
    rest = [d for d in put.debates if d not in [s.opened for s in searched]]
    topic = put.reading.topic or put.reading.understanding.standalone
    found = [(s.opened.pipeline.index, s.found.open_legs) for s in searched]
    found += [(d.pipeline.index, d.pipeline.index.legs(topic)) for d in rest]
    anybody = fused(found)
    best = max((float(scores.max(initial=0.0)) for scores in anybody), default=0.0)
    own = [float(scores[s.found.legs.allowed].max(initial=0.0)) for s, scores in zip(searched, anybody, strict=False)]
    return max(own, default=0.0) < UNHEARD * best


def _in_debate(put: Question, opened: Opened) -> Reading:
    """The reading with the persons meant as this debate's own speakers."""
    sha256, reading = opened.card.sha256, put.reading

    def own(ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(s.id for i in ids for s in put.hall.person(i).in_debate(sha256))

    scope = reading.plan.scope
    scope = scope.model_copy(
        update={
            "speaker_ids": own(scope.speaker_ids),
            "towards": own(scope.towards),
            "excluded": own(scope.excluded),
            "seconds": None,
        }
    )
    plan = reading.plan.model_copy(update={"scope": scope})
    return reading._replace(excluded=own(reading.excluded), plan=plan).of(own(reading.understanding.speaker_ids))


def _choose(put: Question, searched: Sequence[Searched]) -> list[Searched]:
    """The debates that answer, best first: sure of their own finds, and not far behind the best of all."""
    if put.people or put.asked.manner != "find":
        best = max((s.best for s in searched), default=0.0)
        kept = [s for s in searched if s.answers and s.best >= KEEP_ASKED * best]
    else:
        best = max((s.best * s.sure for s in searched), default=0.0)
        kept = [s for s in searched if s.answers and s.best * s.sure >= KEEP * best]
        if put.asked.manner == "find" and max((s.sure for s in kept), default=0.0) < SURE_FROM:
            return []
    return sorted(kept, key=lambda s: -s.best)[:_MOST]


def hits_over_all(one: Searched, floor: float = 0.0) -> list[Hit]:
    """A debate's hits in the order of the ranking over all debates; their scores are shares within the debate.

    Args:
        floor: share of the ranking over all below which a sentence is left out, unless it is the debate's best.
    """
    index, whole = one.opened.pipeline.index, float(one.scores.sum()) or 1.0
    order = [int(at) for at in np.argsort(-one.scores, kind="stable")[:_DEPTH] if one.scores[at] > 0]
    order = order[:1] + [at for at in order[1:] if one.scores[at] >= floor]
    return [Hit(index.units[at], float(one.scores[at]) / whole, rank) for rank, at in enumerate(order, start=1)]
