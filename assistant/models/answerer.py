"""The chat model as the drafter: numbered sentences, the thread and the calculators in, a checked draft out.

``model_drafting`` holds the exchange. Whatever goes wrong in it, the embedded draft is returned and the meter says why.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from assistant.logs import record
from assistant.models.chat import ChatModel
from assistant.models.drafting import Drafting, Question
from assistant.models.meter import Meter
from assistant.models.rewriting import reread
from assistant.models.trouble import ModelOutputError
from assistant.reading.read import Reading
from assistant.selection import Retrieval
from assistant.types import Answer, Draft
from index.search import PassageIndex

_HITS, _OTHERS = 36, 12  # sentences found under the speaker filter, and without it
_NEIGHBOURS = 1
_TOKENS_A_CHARACTER = 1.1  # of Chinese with ids and names; English needs a quarter
_ROOM = 0.5  # of the window that the transcript may fill


class ModelAnswerer:
    """Drafts with a chat model, and by the embedded rules when that fails. Holds no state of any conversation."""

    def __init__(self, index: PassageIndex, model: ChatModel) -> None:
        self.index, self.model = index, model
        # Learned once: a service that refuses tool calls is asked for JSON from then on.
        self._by_tool = model.settings.form != "json"

    @property
    def name(self) -> str:
        """The model's "provider:model"."""
        return self.model.name

    def draft(
        self,
        reading: Reading,
        found: Retrieval,
        thread: Sequence[Answer],
        meter: Meter,
        embedded: Draft,
        ticked: Sequence[str] = (),
    ) -> Draft:
        """The model's draft, or ``embedded`` when the model fails.

        Args:
            ticked: ids of the speakers whom the user chose; whom the rules read into the question is only a hint.

        Raises:
            ModelOutputError: "cancelled", and nothing else.
        """
        if meter.trouble is not None or reading.understanding.intent == "small_talk":
            return embedded  # a model that failed a moment ago is not asked again; a greeting needs no model
        question = Question(reading, thread, self.shown(found), embedded.confidence, tuple(ticked))
        drafting = Drafting(self.index, self.model, question, meter, by_tool=self._by_tool)
        try:
            return drafting.run()
        except ModelOutputError as trouble:
            if trouble.kind == "cancelled":
                raise
            meter.trouble = trouble
            record("model_trouble", logging.WARNING, model=self.name, kind=trouble.kind, status=trouble.status)
            return embedded.model_copy(update={"refused": drafting.refused})
        finally:
            self._by_tool = self._by_tool and drafting.by_tool

    def reread(self, reading: Reading, thread: Sequence[Answer], meter: Meter) -> Reading:
        """The reading of a follow-up as the model puts it. Raises ModelOutputError ("cancelled")."""
        return reread(reading, thread, self.index.transcript, self.model, meter, by_tool=self._by_tool)

    def shown(self, found: Retrieval) -> tuple[str, ...]:
        """Ids of the sentences that the model is shown: all when they fit, else what was found and around it."""
        transcript = self.index.transcript
        context, window = self.model.settings.context, self.model.window
        if context == "whole" or (context == "auto" and window is not None and self._tokens() <= _ROOM * window):
            return tuple(s.id for s in transcript.sentences)
        ids: dict[str, None] = {}
        for hit in (*found.hits[:_HITS], *found.everybody[:_OTHERS]):
            for sentence in transcript.neighbours(hit.id, _NEIGHBOURS, _NEIGHBOURS):
                ids[sentence.id] = None
        return tuple(ids)

    def _tokens(self) -> float:
        transcript = self.index.transcript
        return _TOKENS_A_CHARACTER * (sum(len(s.text) for s in transcript.sentences) + 10 * len(transcript.sentences))
