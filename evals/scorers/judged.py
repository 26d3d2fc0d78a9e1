"""What a chat model thinks of an answer: faithfulness to its quotes, relevance to the question. Optional.

Uses openevals and its published prompts (groundedness and helpfulness) with any LangChain chat model. Nothing here runs
unless a judge is named; an abstention is not judged, and a judgement that fails is "could not be scored".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evals.errors import SystemUnavailableError
from evals.types import CaseTurn, Prediction, Score

Judge = Callable[[CaseTurn, Prediction], list[Score]]


def open_judge(model: Any) -> Judge:
    """A judge from a chat model, or from its name as LangChain writes it ("openai:gpt-…").

    Raises:
        SystemUnavailableError: openevals is not installed, or there is no such model.
    """
    try:
        from openevals.llm import create_llm_as_judge
        from openevals.prompts import RAG_GROUNDEDNESS_PROMPT, RAG_HELPFULNESS_PROMPT
    except ImportError as error:
        raise SystemUnavailableError("openevals is not installed; `pip install 'debate-assistant[judge]'`.") from error
    if isinstance(model, str):
        from langchain.chat_models import init_chat_model

        try:
            model = init_chat_model(model, temperature=0)
        except (ImportError, ValueError) as error:
            raise SystemUnavailableError(f"The judge {model!r} cannot be opened: {error}") from error
    faithful = create_llm_as_judge(prompt=RAG_GROUNDEDNESS_PROMPT, judge=model, feedback_key="faithfulness")
    relevant = create_llm_as_judge(prompt=RAG_HELPFULNESS_PROMPT, judge=model, feedback_key="relevance")

    def judge(turn: CaseTurn, prediction: Prediction) -> list[Score]:
        if prediction.abstained or prediction.error is not None:
            return [
                Score(measure=name, value=None, why="nothing was answered") for name in ("faithfulness", "relevance")
            ]
        context = "\n".join(f"{quote.speaker}: {quote.quote}" for quote in (*prediction.quotes, *prediction.shown))
        return [
            _asked("faithfulness", faithful, context=context, outputs=prediction.answer),
            _asked("relevance", relevant, inputs=turn.rewrite or turn.question, outputs=prediction.answer),
        ]

    return judge


def _asked(measure: str, evaluator: Callable[..., Any], **fields: str) -> Score:
    try:
        result = evaluator(**fields)
    except Exception as error:  # whatever a provider raises: the judgement is missing, the answer is not wrong
        return Score(measure=measure, value=None, why=f"the judge failed: {type(error).__name__}: {error}"[:200])
    return Score(measure=measure, value=float(result["score"]), why=str(result.get("comment") or "")[:500])
