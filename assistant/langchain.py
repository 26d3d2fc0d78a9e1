"""The debate in other people's LangChain programs: a retriever, tools and a runnable.

>>> from assistant import Assistant
>>> assistant = Assistant.open(save=False, light=True, model="none")
>>> retriever = PassageRetriever(index=assistant.index, k=2, speakers=("Ethan Xu",))
>>> document = retriever.invoke("How long do chips stay useful?")[0]
>>> document.metadata["speaker"], document.metadata["sha256"][:8]
('Ethan Xu', 'a1195c42')
>>> chain = asking(assistant) | (lambda answer: [quote.speaker for quote in answer.quotes][:1])
>>> chain.invoke({"question": "Rob 怎么看 GPU 折旧?"})
['Rob Li']
>>> tools = debate_tools(assistant)
>>> tools[0].name, tools[1].name, len(tools) > 20
('ask_debate', 'search_debate', True)
>>> life = next(tool for tool in tools if tool.name == "useful_life_change")
>>> life.invoke({"cost": 100.0, "old_life": 4.0, "new_life": 6.0, "age": 2.0})[:34]
'{"calculator":"useful_life_change"'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tools import BaseTool, StructuredTool, ToolException
from pydantic import ConfigDict, Field

from assistant.api import Assistant
from assistant.tools import calculator_tools
from assistant.types import Answer
from corpus.errors import DebateError
from corpus.quotes import join_adjacent, quote_sentences
from corpus.speakers import resolve_speaker
from index.search import PassageIndex
from index.types import Filters

Asked = str | Mapping[str, Any]


class PassageRetriever(BaseRetriever):
    """Sentences of the debate as Documents, best first.

    ``page_content`` is verbatim; ``metadata`` says by ids, offsets (code points of the file, half-open) and hash
    where it stands, who said it, whose claim it is, and how well it matches.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: PassageIndex
    k: int = Field(default=8, ge=1, le=200, description="How many sentences are found.")
    speakers: tuple[str, ...] = Field(default=(), description="Only these; names, given names or descriptions.")
    neighbours: int = Field(default=0, ge=0, le=10, description="Sentences of the same turn added on either side.")

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        transcript, notes = self.index.transcript, self.index.notes
        wanted = [s.id for name in self.speakers for s in resolve_speaker(name, transcript.speakers)]
        hits = self.index.search(query, k=self.k, filters=Filters(speaker_ids=tuple(dict.fromkeys(wanted))))
        documents = []
        for hit in hits:
            around = transcript.neighbours(hit.id, self.neighbours, self.neighbours)
            # A turn may break into paragraphs: the run that holds the hit is one quotation.
            ids = next(run for run in join_adjacent(transcript, [s.id for s in around]) if hit.id in run)
            quote = quote_sentences(transcript, ids, notes)
            metadata = quote.model_dump(exclude={"text"}) | {
                "sentence_ids": list(quote.sentence_ids),
                "section": transcript.turn(quote.turn_id).section,
                "transcript": transcript.id,
                "sha256": transcript.sha256,
                "score": hit.score,
                "rank": hit.rank,
            }
            documents.append(Document(id=hit.id, page_content=quote.text, metadata=metadata))
        return documents


def asking(assistant: Assistant) -> Runnable[Asked, Answer]:
    """``Assistant.ask`` as a Runnable: a question, or a mapping with "question", "thread" and "speakers" → Answer."""

    def ask(asked: Asked) -> Answer:
        question, more = _arguments(asked)
        return assistant.ask(question, **more)

    async def aask(asked: Asked) -> Answer:
        question, more = _arguments(asked)
        return await assistant.aask(question, **more)

    return RunnableLambda(ask, aask, name="debate")


def debate_tools(assistant: Assistant) -> list[BaseTool]:
    """Tools for a model of yours: ask the debate, search it, and every calculator.

    What cannot be done reaches the model as a sentence. Calculators take any figures here: where they come from is
    the caller's business, and the trace labels them as given.
    """

    def ask_debate(question: str, speakers: list[str] | None = None) -> tuple[str, Answer]:
        """Ask who said what in the debate. The answer quotes verbatim, with speakers, or says that it was not said."""
        try:
            answer = assistant.answer(question, speakers=tuple(speakers or ()))
        except DebateError as error:
            raise ToolException(str(error)) from error
        return answer.text, answer

    def search_debate(query: str, k: int = 5) -> tuple[str, list[Document]]:
        """Find verbatim sentences of the debate, best first, with speaker and sentence ids."""
        documents = PassageRetriever(index=assistant.index, k=max(1, min(k, 50))).invoke(query)
        lines = [
            f"[{', '.join(d.metadata['sentence_ids'])}] {d.metadata['speaker']}: {d.page_content}" for d in documents
        ]
        return "\n".join(lines), documents

    made: list[BaseTool] = [
        StructuredTool.from_function(ask_debate, response_format="content_and_artifact", handle_tool_error=True),
        StructuredTool.from_function(search_debate, response_format="content_and_artifact", handle_tool_error=True),
    ]
    return [*made, *calculator_tools()]


def _arguments(asked: Asked) -> tuple[str, dict[str, Any]]:
    if isinstance(asked, str):
        return asked, {}
    more = {name: asked[name] for name in ("thread", "speakers") if asked.get(name) is not None}
    return str(asked["question"]), more
