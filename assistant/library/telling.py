"""What the debates have → one answer: each debate's own, in the order asked for, and what is told around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.graph import State
from assistant.library import wording
from assistant.library.types import Card, LibraryAnswer, Part
from assistant.numeric.quantities import read_quantities
from assistant.selection import Policy, boosted, select
from assistant.types import Answer, Draft, DraftClaim, Table
from corpus.persons import Person, full_name

if TYPE_CHECKING:
    from assistant.library.asking import Opened, Question, Searched

_EACH = 3  # quotes of each debate where change over time is asked
_FIGURES = 8  # sentences with a figure of each debate
_NEAR = 0.05  # share of a debate's best from which a sentence with a figure is about the same


def part_of(one: Searched, put: Question, floor: float = 0.0) -> Answer | None:
    """What one debate answers; None where on drafting it says nothing after all."""
    from assistant.library import asking

    pipeline = one.opened.pipeline
    found = one.found._replace(hits=asking.hits_over_all(one, floor)) if put.asked.manner == "find" else one.found
    state: State = {"question": put.reading.understanding.question, "reading": one.reading, "found": found}
    drafts = {"over_time": _passages, "first": _surest, "figures": _with_figures}
    own = drafts.get(put.asked.manner)
    state["draft"] = own(one) if own is not None else pipeline.draft(state)["draft"]
    if state["draft"].abstention is not None or not state["draft"].claims:
        return None
    state.update(pipeline.ground(state))
    answer = pipeline.finish(state)["answer"]
    return answer if answer.quotes else None


def _surest(one: Searched) -> Draft:
    """The sentence that answers, with another only where it is as likely: what comes first must be of the matter."""
    return _passages(one, one.opened.pipeline.rules.policy.model_copy(update={"keep": 0.5}))


def _passages(one: Searched, policy: Policy | None = None) -> Draft:
    """The best passages, in order of speech."""
    index = one.opened.pipeline.index
    hits = boosted(one.found.hits, "position", index.transcript, index.notes)  # what is asked is no answer
    policy = policy or one.opened.pipeline.rules.policy.model_copy(update={"mass": 0.97, "keep": 0.05})
    chosen = select(hits, policy, _EACH)
    said = [hit for hit in chosen if not index.transcript.sentence(hit.id).text.endswith(("?", "？"))]
    return _draft(one, [hit.id for hit in said or chosen])


def _with_figures(one: Searched) -> Draft:
    """The sentences among the finds that hold a figure, in order of speech."""
    transcript, hits = one.opened.transcript, one.found.hits
    least = _NEAR * hits[0].score if hits else 0.0
    ids = [hit.id for hit in hits if hit.score >= least and figures_in(transcript.sentence(hit.id).text)]
    return _draft(one, ids[:_FIGURES])


def _draft(one: Searched, ids: Sequence[str]) -> Draft:
    transcript = one.opened.transcript
    claims = [
        DraftClaim(text="", sentence_ids=(i,), speaker_id=transcript.speaker_of(transcript.sentence(i).turn_id).id)
        for i in sorted(ids, key=transcript.position)
    ]
    return Draft(claims=tuple(claims), confidence=one.sure)


def figures_in(text: str) -> tuple[str, ...]:
    """The figures of a sentence as it words them; a calendar year alone is none."""
    return tuple(q.text for q in read_quantities(text) if q.family != "year")


def told(
    base: LibraryAnswer, put: Question, answers: Sequence[tuple[Searched, Answer]], searched: Sequence[Searched]
) -> LibraryAnswer:
    """The answer over all debates.

    Args:
        answers: the debates that answer, best first.
        searched: all that were searched.
    """
    manner = base.manner
    parts = [Part(debate=one.opened.card, answer=made, score=min(1.0, one.best)) for one, made in answers]
    if manner in ("over_time", "first", "figures"):
        parts.sort(key=lambda part: (not part.debate.date, part.debate.date))
    undated = [part.debate for part in parts if not part.debate.date]
    if manner == "first":
        parts = _earliest(parts)
    given = {part.debate.sha256 for part in parts}
    if manner == "first":
        given = {one.opened.card.sha256 for one, _ in answers}
    quiet = [s for s in searched if s.opened.card.sha256 not in given]
    sure = max(one.sure for one, _ in answers)
    base = base.model_copy(
        update={
            "parts": tuple(parts),
            "silent": tuple(s.opened.card for s in quiet if not s.answers),
            "further": tuple(s.opened.card for s in quiet if s.answers),
            "table": _table(parts, put),
            "confidence": round(sure, 4),
            "sureness": parts[0].answer.sureness,
        }
    )
    return base.model_copy(update={"lead": _lead(base, put, undated), "notes": notes(base, put)})


def _earliest(parts: Sequence[Part]) -> list[Part]:
    """Of the first debate with a date (of any, where none has one) what was said first."""
    first = parts[0]
    quote = min(first.answer.quotes, key=lambda q: (int(q.turn_id[1:]), q.start))
    at = first.answer.quotes.index(quote)
    claims = tuple(c.model_copy(update={"quotes": (0,)}) for c in first.answer.claims if c.quotes == (at,))
    answer = first.answer.model_copy(update={"quotes": (quote,), "claims": claims, "table": None, "notes": ()})
    return [first.model_copy(update={"answer": answer})]


def _lead(base: LibraryAnswer, put: Question, undated: Sequence[Card]) -> str:
    language = base.language
    names = list(dict.fromkeys(quote.speaker for _, quote in base.quotes))
    asked = [p.name for p in put.people]
    cards = [part.debate for part in base.parts]
    if len(put.hall.debates) == 1:
        return base.parts[0].answer.lead
    if base.manner == "over_time":
        return wording.lead_over_time(asked or names, cards, language)
    if base.manner == "first":
        rest = [card for card in undated if card.sha256 != cards[0].sha256]
        return wording.lead_first(base.parts[0].answer.quotes[0].speaker, cards[0], len(rest), language)
    if base.manner == "figures":
        return wording.lead_figures(len(base.quotes), len(cards), language)
    sure = base.confidence >= put.hall.debates[0].pipeline.rules.policy.sure_from
    return wording.lead_find(names, len(cards), len(base.scope), language, sure=sure)


def notes(base: LibraryAnswer, put: Question, *, silence: bool = True) -> tuple[str, ...]:
    """What is added: where nothing was found, where somebody does not speak, who was taken for one person."""
    people, language, said = put.people, base.language, list[str]()
    if silence and base.silent:
        said.append(wording.silent_in(base.silent, language))
    if silence and base.further:
        said.append(wording.further_in(base.further, language))
    if people and base.absent:
        said.append(wording.absent_from([p.name for p in people], base.absent, language))
    told = {part.debate.sha256 for part in base.parts}
    quoted = {(card.sha256, quote.speaker_id) for card, quote in base.quotes}
    for person in put.hall.people:
        spoken = [v for v in person.voices if v.sha256 in told and (v.sha256, v.speaker.id) in quoted]
        if len({v.sha256 for v in spoken}) > 1:
            cards = [part.debate for part in base.parts if any(v.sha256 == part.debate.sha256 for v in spoken)]
            said.append(wording.taken_for_one(person, cards, language))
    return tuple(said)


def _table(parts: Sequence[Part], put: Question) -> Table | None:
    manner, language = put.asked.manner, put.reading.understanding.language
    wanted = manner in ("over_time", "figures") or put.reading.plan.shape.form == "table"
    if not wanted:
        return None
    rows = []
    for part in parts:
        for quote in part.answer.quotes:
            row = [part.debate.date, part.debate.title, quote.speaker]
            if manner == "figures":
                row.append("; ".join(figures_in(quote.text)))
            rows.append((*row, f"“{quote.text}” [{part.debate.id} {quote.turn_id}]"))
    return Table(columns=wording.columns("figures" if manner == "figures" else "over_time", language), rows=tuple(rows))


def list_of_debates(base: LibraryAnswer, debates: Sequence[Opened]) -> LibraryAnswer:
    """Which debates there are, when they were, who speaks."""
    rows = tuple(
        (d.card.date, d.card.title, d.card.id, ", ".join(s.name for s in d.transcript.speakers if s.is_known))
        for d in debates
    )
    table = Table(columns=wording.columns("about", base.language), rows=rows)
    lead = wording.lead_about(len(rows), base.language)
    return base.model_copy(update={"manner": "about", "lead": lead, "table": table, "confidence": 1.0})


def twins(people: Sequence[Person]) -> list[list[Person]]:
    """People of one name who are kept apart."""
    groups: dict[str, list[Person]] = {}
    for person in people:
        if key := full_name(person.name):
            groups.setdefault(key, []).append(person)
    return [group for group in groups.values() if len(group) > 1]
