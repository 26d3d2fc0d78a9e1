"""A numeric plan → a draft: the number asked for, its calculation with the quotes it stands on, or a question."""

from __future__ import annotations

from assistant import wording
from assistant.calculators.declaration import Language
from assistant.calculators.trace import CalculationTrace, Origin
from assistant.numeric.plan import Clarification, NumericPlan, Refusal
from assistant.numeric.work import Done, work
from assistant.types import Draft, DraftAbstention, DraftClaim, Headline, Statement, Table
from corpus.errors import QuoteNotFoundError
from corpus.quotes import locate_quote
from corpus.types import Transcript


def draft_calculation(plan: NumericPlan, transcript: Transcript) -> Draft:
    """Calculate, ask back or refuse, in the plan's language."""
    done = work(plan)
    if isinstance(done, Clarification):
        return Draft(abstention=DraftAbstention(reason="needs_context", message=done.message))
    if isinstance(done, Refusal):
        return Draft(abstention=DraftAbstention(reason="refused_input", message=done.message))
    traces = tuple(with_places(trace, transcript) for trace in done.traces)
    cited = dict.fromkeys(a.origin.sentence_id for t in traces for a in t.arguments if a.origin.sentence_id)
    claims = tuple(
        DraftClaim(text=wording.input_note(plan.language), sentence_ids=(sentence_id,)) for sentence_id in cited
    )
    basis = tuple(f"calculation:{trace.calculator}" for trace in traces[:1])
    return Draft(
        lead=done.lead[plan.language],
        basis=basis,
        claims=claims,
        notes=_unused(plan, basis),
        table=_table(done, plan.language),
        headline=_headline(done, plan.language),
        calculations=traces,
        confidence=1.0,
    )


def _unused(plan: NumericPlan, basis: tuple[str, ...]) -> tuple[Statement, ...]:
    """Figures of the question that found no place are named."""
    if not plan.unused:
        return ()
    return (Statement(text=wording.unused_figures(plan.unused, plan.language), basis=basis),)


def _headline(done: Done, language: Language) -> Headline | None:
    if done.asked is None or done.tentative:
        return None
    return Headline(value=done.asked.value, unit=done.asked.unit, text=done.asked.text[language])


def _table(done: Done, language: Language) -> Table | None:
    if not done.rows:
        return None
    return Table(
        columns=tuple(column[language] for column in done.columns),
        rows=tuple(tuple(cell[language] for cell in row) for row in done.rows),
    )


def with_places(trace: CalculationTrace, transcript: Transcript) -> CalculationTrace:
    """The trace with the sentence of every quoted input.

    The calculators quote the debate that ships. In another debate nobody said it: there such an input is a default, and
    its source names where it comes from.
    """
    arguments = []
    for argument in trace.arguments:
        if argument.origin.kind == "quote":
            argument = argument.model_copy(update={"origin": _placed(argument.origin, transcript)})
        arguments.append(argument)
    return trace.model_copy(update={"arguments": tuple(arguments)})


def _placed(origin: Origin, transcript: Transcript) -> Origin:
    for turn in transcript.turns:
        if transcript.speaker(turn.speaker_id).name == origin.speaker:
            try:
                start, end = locate_quote(origin.quote, turn, transcript)
            except QuoteNotFoundError:
                continue
            sentence = transcript.sentence_at(start)
            assert sentence is not None and start < end
            return origin.model_copy(update={"sentence_id": sentence.id})
    source = f"{origin.speaker}, 硅谷101, 2025-11-15: {origin.quote}"
    return Origin(kind="default", source=source, unit=origin.unit)
