"""What a chat model is sent: how long a question's prompt is, and how much of it is the last question's again.

    python -m evals prompts

Nothing is sent anywhere. Tokens are counted by the tokenizer that ships with the encoder (XLM-RoBERTa's); those of
other models differ. The shared part is counted in characters from the beginning: tools, instructions, debate, thread,
question, in the order in which they are sent.
"""

from __future__ import annotations

import itertools
import json
import statistics
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from assistant import Answer, Assistant
from assistant.graph import State
from assistant.models.answerer import ModelAnswerer
from assistant.models.chat import ChatModel
from assistant.models.settings import ModelSettings
from assistant.models.toolbox import TOOLS
from evals.casebook import load_cases
from index.encoder import open_encoder

_EVERY = 4  # of the cases, every so manyth is asked


class Economy(NamedTuple):
    """What was measured; shares from 0 to 1, tokens a prompt."""

    prompts: int
    tokens: tuple[float, float]  # median, largest
    shared: tuple[float, float]  # median, least
    first: int  # tokens of what never changes

    def __str__(self) -> str:
        return (
            f"{self.prompts} prompts: median {self.tokens[0]:,.0f} tokens, at most {self.tokens[1]:,.0f}; "
            f"{self.first:,} of them are the same for every question.\n"
            f"{self.shared[0]:.1%} of a prompt (median; at least {self.shared[1]:.1%}) begin the one before it as well."
        )


def economy() -> Economy:
    """Measure the prompts of every fourth case of the suites, conversations with their threads."""
    with Assistant.open(save=False, light=True, model="none") as assistant:
        sent = [*_prompts(assistant)]
    count = _counter()
    shares = [_common(before, after) / len(after) for before, after in itertools.pairwise(sent)]
    first = min(_common(sent[0], other) for other in sent[1:])
    tokens = [count(text) for text in sent]
    return Economy(
        len(sent), (statistics.median(tokens), max(tokens)), (statistics.median(shares), min(shares)),
        count(sent[0][:first]),
    )  # fmt: skip


def _prompts(assistant: Assistant) -> Iterator[str]:
    """Each question's prompt as one text, tools first; a thread's answers are the rules'."""
    settings = ModelSettings(provider="openai", model="measured")
    writer = ModelAnswerer(assistant.index, ChatModel(None, settings))  # type: ignore[arg-type]  # nobody is asked
    tools = json.dumps(TOOLS, ensure_ascii=False)
    for case in load_cases()[::_EVERY]:
        thread: list[Answer] = []
        for turn in case.turns:
            yield tools + "\n".join(_asked(assistant, writer, turn.question, thread))
            thread.append(assistant.answer(turn.question, thread))


def _asked(assistant: Assistant, writer: ModelAnswerer, question: str, thread: Sequence[Answer]) -> list[str]:
    meter = writer.model.meter()
    state: State = {"question": question, "thread": thread, "meter": meter}
    for step in (assistant.pipeline.understand, assistant.pipeline.retrieve, assistant.pipeline.draft):
        state = {**state, **step(state)}
    drafting = writer.drafting(state["reading"], state["found"], thread, meter, state["draft"])
    return [str(message.content) for message in drafting.messages()]


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _counter() -> Any:
    """Text → number of tokens, by the encoder's tokenizer."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(open_encoder().folder / "tokenizer.json"))  # type: ignore[attr-defined]
    tokenizer.no_truncation()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)
