"""Whatever can be asked: one small protocol, the product behind it, and the registry of configurations.

A system answers a conversation in order; a single question is a conversation of one. Configurations are names with a
function that opens the system, so that a worker process can open its own. Peers live in ``evals.peers`` and are
imported only when asked for.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from assistant.document import own_statements
from corpus.library import DEFAULT
from evals.types import PredictedCalculation, Prediction, SpokenQuote

if TYPE_CHECKING:
    from assistant import Assistant
    from assistant.types import Answer
    from corpus.types import Transcript


class System(Protocol):
    """Something that answers questions about one debate."""

    @property
    def transcript(self) -> Transcript:
        """The debate it answers about."""
        ...

    def answer(self, questions: Sequence[str]) -> list[Prediction]:
        """One prediction per question, the questions asked in order in one new thread."""
        ...


class Config(NamedTuple):
    """A named way to open a system."""

    name: str
    about: str
    open: Callable[[], System]


class Product:
    """The assistant behind the protocol."""

    def __init__(
        self, assistant: Assistant, transcript: Transcript, folder: tempfile.TemporaryDirectory[str] | None = None
    ) -> None:
        """Args: folder: the assistant's data, removed with this object."""
        self.assistant, self.transcript, self._folder = assistant, transcript, folder
        self._asked = 0

    def answer(self, questions: Sequence[str]) -> list[Prediction]:
        """Ask in order, in a thread of its own when there is more than one question."""
        self._asked += 1
        thread = f"evaluation-{id(self)}-{self._asked}" if len(questions) > 1 else None
        predictions: list[Prediction] = []
        for question in questions:
            started = time.perf_counter()
            try:
                answer = self.assistant.ask(question, thread=thread)
            except Exception as error:  # a crash is a result to be measured, not the end of the run
                predictions.append(failure(error, started))
                continue
            predictions.append(prediction_from(answer, (time.perf_counter() - started) * 1000))
        return predictions


def prediction_from(answer: Answer, latency_ms: float) -> Prediction:
    """An answer of ours in the words that every system is compared by."""
    nearest = answer.abstention.nearest if answer.abstention else ()
    shown = [SpokenQuote(speaker=quote.speaker, quote=quote.text) for quote in nearest]
    for trace in answer.calculations:
        origins = [argument.origin for argument in trace.arguments]
        shown.extend(SpokenQuote(speaker=o.speaker, quote=o.quote) for o in origins if o.kind == "quote" and o.quote)
    return Prediction(
        abstained=answer.abstained,
        quotes=tuple(SpokenQuote(speaker=quote.speaker, quote=quote.text) for quote in answer.quotes),
        shown=tuple(shown),
        answer=answer.text,
        calculations=tuple(
            PredictedCalculation(
                calculator=trace.calculator,
                arguments={argument.name: argument.value for argument in trace.arguments},
                outputs={result.name: result.value for result in trace.outputs},
            )
            for trace in answer.calculations
        ),
        lead=answer.lead or (answer.abstention.message if answer.abstention else ""),
        own=tuple(statement.text for statement in own_statements(answer)),
        plan=answer.plan.model_dump(mode="json") if answer.plan else None,
        headline=answer.headline.model_dump() if answer.headline else None,
        latency_ms=latency_ms,
        cost_usd=answer.usage.cost_usd if answer.usage else None,
        confidence=answer.confidence,
        evidence=tuple(evidence.sentence_id for evidence in answer.evidence),
    )


def failure(error: Exception, started: float) -> Prediction:
    """What is recorded of a question that raised: no answer, no abstention, the reason."""
    return Prediction(
        abstained=False, latency_ms=(time.perf_counter() - started) * 1000, error=f"{type(error).__name__}: {error}"
    )


def open_product(
    path: Path | None = None, *, encoder: str | None = None, legs: Callable[[str], bool] | None = None
) -> Product:
    """Our assistant on a debate (ours when left out), in a data folder of its own: nobody's conversations are touched.

    Args:
        encoder: As ``Assistant.open``.
        legs: Which legs of the search take part, by name ("lexical:text"); all when left out.

    Raises:
        DebateError: The debate, its index or the encoder cannot be opened.
    """
    from assistant import Assistant

    folder = tempfile.TemporaryDirectory(prefix="debate-evaluation-", ignore_cleanup_errors=True)
    assistant = Assistant.open(path, data=Path(folder.name), encoder=encoder)
    if legs is not None:
        weights = assistant.index.weights
        weights.update({name: 0.0 for name in weights if not legs(name)})
    return Product(assistant, assistant.debate.transcript, folder)


def _without_annotations() -> System:
    with tempfile.TemporaryDirectory(prefix="debate-evaluation-") as folder:
        copy = Path(folder) / DEFAULT.name  # notes are found beside a transcript; beside this copy there are none
        copy.write_bytes(DEFAULT.read_bytes())
        return open_product(copy)


def _lexical_only() -> System:
    return open_product(legs=lambda name: name.startswith("lexical:"))


def _dense_only() -> System:
    return open_product(legs=lambda name: name.startswith("dense:"))


def _no_fusion() -> System:
    return open_product(legs=lambda name: name == "dense:text")


def _minilm() -> System:
    from evals.peers.minilm import minilm_folder

    return open_product(encoder=str(minilm_folder()))


def _bm25() -> System:
    from evals.peers.bm25 import open_peer

    return open_peer()


def _langchain() -> System:
    from evals.peers.langchain import open_peer

    return open_peer()


def _llamaindex() -> System:
    from evals.peers.llamaindex import open_peer

    return open_peer()


def _haystack() -> System:
    from evals.peers.haystack import open_peer

    return open_peer()


CONFIGS: Mapping[str, Config] = {
    config.name: config
    for config in (
        Config("ours", "the product as it ships", open_product),
        Config("no-annotations", "the product without the notes on the debate", _without_annotations),
        Config("lexical-only", "the product without its dense legs", _lexical_only),
        Config("dense-only", "the product without its lexical legs", _dense_only),
        Config("no-fusion", "the product on one leg: dense search over the sentences' own words", _no_fusion),
        Config("minilm-encoder", "the product with all-MiniLM-L6-v2 for its encoder", _minilm),
        Config("bm25", "BM25 over sentences, the best 3 quoted", _bm25),
        Config("langchain", "LangChain: recursive splitter, Chroma, all-MiniLM-L6-v2, top 4", _langchain),
        Config("llamaindex", "LlamaIndex in its documented defaults, all-MiniLM-L6-v2", _llamaindex),
        Config("haystack", "Haystack in its documented defaults, all-MiniLM-L6-v2", _haystack),
    )
}
