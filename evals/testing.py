"""A system that is right by heart, and ways to break it: doubles for the tests of the evaluation.

``Perfect`` knows the cases and answers from their gold; a measure that does not give it full marks is wrong. The other
classes wrap a system and commit one mistake each; a measure that does not notice is worth nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.library import open_debate
from corpus.types import Transcript
from evals.ground import Ground
from evals.systems import System
from evals.types import Case, CaseTurn, PredictedCalculation, Prediction, SpokenQuote


class Perfect:
    """Answers every question of the cases with its gold, and abstains from all others."""

    def __init__(self, cases: Iterable[Case], transcript: Transcript | None = None) -> None:
        self.transcript = transcript or open_debate().transcript
        self.asked: list[tuple[str, ...]] = []
        self._ground = Ground(self.transcript)
        self._turns: dict[str, CaseTurn] = {}
        for case in cases:
            for turn in case.turns:
                self._turns[turn.question] = turn
                self._turns[turn.rewrite or turn.question] = turn

    def answer(self, questions: Sequence[str]) -> list[Prediction]:
        """The gold of each question."""
        self.asked.append(tuple(questions))
        return [self._answer(self._turns.get(question)) for question in questions]

    def _answer(self, turn: CaseTurn | None) -> Prediction:
        if turn is None or turn.unanswerable:
            return Prediction(abstained=True, latency_ms=1.0, confidence=0.05)
        quotes = tuple(need.any[0] for need in turn.gold)
        return Prediction(
            abstained=False,
            quotes=quotes,
            answer=" ".join(fact[0] for fact in turn.facts),
            calculations=tuple(
                PredictedCalculation(calculator=c.calculator, arguments=c.arguments, outputs=c.outputs)
                for c in turn.calculations
            ),
            latency_ms=2.0,
            confidence=0.95,
            evidence=tuple(dict.fromkeys(self._sentence(quote) for quote in quotes)),
        )

    def _sentence(self, quote: SpokenQuote) -> str:
        """The sentence that holds most of a quote."""
        place = self._ground.spans(quote.speaker, quote.quote)[0]
        siblings = self.transcript.sentences_of(place.turn_id)
        return max(siblings, key=lambda s: min(s.end, place.end) - max(s.start, place.start)).id


class _Wrapped:
    def __init__(self, inner: System) -> None:
        self.inner, self.transcript = inner, inner.transcript

    def answer(self, questions: Sequence[str]) -> list[Prediction]:
        """The inner system's answers, each broken."""
        return [self.broken(prediction) for prediction in self.inner.answer(questions)]

    def broken(self, prediction: Prediction) -> Prediction:
        """One mistake."""
        raise NotImplementedError


class ShuffledSpeakers(_Wrapped):
    """Ascribes every quote to the next speaker in the list."""

    def broken(self, prediction: Prediction) -> Prediction:
        """The right words, the wrong mouth."""
        names = [speaker.name for speaker in self.transcript.speakers]
        return prediction.model_copy(
            update={
                "quotes": tuple(
                    SpokenQuote(speaker=names[(names.index(q.speaker) + 1) % len(names)], quote=q.quote)
                    for q in prediction.quotes
                )
            }
        )


class AlteredCharacter(_Wrapped):
    """Changes one character in the middle of every quote."""

    def broken(self, prediction: Prediction) -> Prediction:
        """Almost verbatim."""

        def altered(quote: str) -> str:
            at = len(quote) // 2
            return quote[:at] + ("甲" if quote[at] != "甲" else "乙") + quote[at + 1 :]

        return prediction.model_copy(
            update={"quotes": tuple(SpokenQuote(speaker=q.speaker, quote=altered(q.quote)) for q in prediction.quotes)}
        )


class NeverAbstains(_Wrapped):
    """Quotes the first sentence of the debate rather than keep silent."""

    def broken(self, prediction: Prediction) -> Prediction:
        """An answer at any price."""
        if not prediction.abstained:
            return prediction
        first = self.transcript.sentences[0]
        quote = SpokenQuote(speaker=self.transcript.speaker_of(first.turn_id).name, quote=first.text)
        return prediction.model_copy(update={"abstained": False, "quotes": (quote,), "confidence": 0.95})


class AlwaysAbstains(_Wrapped):
    """Keeps silent on everything."""

    def broken(self, prediction: Prediction) -> Prediction:
        """No answer at all."""
        return Prediction(abstained=True, latency_ms=prediction.latency_ms, confidence=0.05)


class Forgetful(_Wrapped):
    """Understands no follow-up: abstains from every turn after a conversation's first."""

    def answer(self, questions: Sequence[str]) -> list[Prediction]:
        """Only the first question is understood."""
        answered = self.inner.answer(questions)
        lost = Prediction(abstained=True, latency_ms=1.0, confidence=0.05)
        return [answered[0], *(lost for _ in answered[1:])]


class WrongCalculator(_Wrapped):
    """Doubles every number it computes."""

    def broken(self, prediction: Prediction) -> Prediction:
        """A value beyond any tolerance."""
        return prediction.model_copy(
            update={
                "calculations": tuple(
                    made.model_copy(update={"outputs": {k: _doubled(v) for k, v in made.outputs.items()}})
                    for made in prediction.calculations
                )
            }
        )


def _doubled(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value * 2 + 1
    return [_doubled(item) for item in value] if isinstance(value, list) else f"not {value}"
