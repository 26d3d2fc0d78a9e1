"""A numeric request → a draft: the calculation with the quotes its inputs come from, or what is missing or refused."""

from __future__ import annotations

from assistant import wording
from assistant.calculators.trace import CalculationTrace, Origin
from assistant.numeric.follow_up import Clarification, NumericRequest, Refusal, calculate
from assistant.types import Draft, DraftAbstention, DraftClaim
from corpus.errors import QuoteNotFoundError
from corpus.quotes import locate_quote
from corpus.types import Transcript


def draft_calculation(request: NumericRequest, transcript: Transcript) -> Draft:
    """Calculate, ask back or refuse, in the request's language."""
    done = calculate(request)
    if isinstance(done, Clarification):
        return Draft(abstention=DraftAbstention(reason="needs_context", message=done.message))
    if isinstance(done, Refusal):
        return Draft(abstention=DraftAbstention(reason="refused_input", message=done.message))
    traces = tuple(with_places(trace, transcript) for trace in done)
    cited = dict.fromkeys(a.origin.sentence_id for t in traces for a in t.arguments if a.origin.sentence_id)
    claims = tuple(
        DraftClaim(text=wording.input_note(request.language), sentence_ids=(sentence_id,)) for sentence_id in cited
    )
    return Draft(lead=traces[0].summary[request.language], claims=claims, calculations=traces, confidence=1.0)


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
