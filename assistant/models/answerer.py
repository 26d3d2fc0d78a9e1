"""The chat model as the writer: numbered sentences, the thread and tools in, checked sentences out, as they come.

``drafting`` holds the exchange. Whatever goes wrong in it, the embedded draft is returned and the meter says why.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from assistant.events import Writing
from assistant.logs import record
from assistant.models.chat import ChatModel
from assistant.models.drafting import Abilities, Drafting, Question
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
_ROOM = 0.75  # of the window that the transcript may fill


class ModelAnswerer:
    """Drafts with a chat model, and by the embedded rules when that fails. Holds no state of any conversation."""

    def __init__(self, index: PassageIndex, model: ChatModel) -> None:
        self.index, self.model = index, model
        self._abilities = Abilities()

    @property
    def name(self) -> str:
        """The model's "provider:model"."""
        return self.model.name

    def write(
        self,
        reading: Reading,
        found: Retrieval,
        thread: Sequence[Answer],
        meter: Meter,
        embedded: Draft,
        ticked: Sequence[str] = (),
    ) -> Iterator[Writing | Draft]:
        """The model's sentences as they come, and at last its draft, or ``embedded`` when the model fails.

        Args:
            ticked: ids of the speakers whom the user chose; whom the rules read into the question is only a hint.

        Raises:
            ModelOutputError: "cancelled", and nothing else.
        """
        drafting = self.drafting(reading, found, thread, meter, embedded, ticked)
        try:
            yield from drafting.run()
        except ModelOutputError as trouble:
            if trouble.kind == "cancelled":
                raise
            meter.trouble = trouble
            record("model_trouble", logging.WARNING, model=self.name, kind=trouble.kind, status=trouble.status)
            yield embedded.model_copy(update={"refused": drafting.refused})

    def drafting(
        self,
        reading: Reading,
        found: Retrieval,
        thread: Sequence[Answer],
        meter: Meter,
        embedded: Draft,
        ticked: Sequence[str] = (),
    ) -> Drafting:
        """The exchange over one question, not yet begun; arguments as ``write``."""
        question = Question(reading, thread, self.shown(found), embedded, tuple(ticked))
        return Drafting(self.index, self.model, question, meter, self._abilities)

    def reread(self, reading: Reading, thread: Sequence[Answer], meter: Meter) -> Reading:
        """The reading of a follow-up as the model puts it, where what it is shown hangs on that.

        Raises:
            ModelOutputError: "cancelled", and nothing else.
        """
        return reading if self.whole else reread(reading, thread, self.index.transcript, self.model, meter)

    @property
    def whole(self) -> bool:
        """Whether the model is shown the whole debate."""
        context = self.model.settings.context
        return context == "whole" or (context == "auto" and self._tokens() <= _ROOM * self.model.window)

    def shown(self, found: Retrieval) -> tuple[str, ...]:
        """Ids of the sentences that the model is shown: all when they fit, else what was found and around it."""
        transcript = self.index.transcript
        if self.whole:
            return tuple(s.id for s in transcript.sentences)
        ids: dict[str, None] = {}
        for hit in (*found.hits[:_HITS], *found.everybody[:_OTHERS]):
            for sentence in transcript.neighbours(hit.id, _NEIGHBOURS, _NEIGHBOURS):
                ids[sentence.id] = None
        return tuple(ids)

    def _tokens(self) -> float:
        """About how many tokens the whole debate is, with ids and names."""
        wide = slim = 0
        for sentence in self.index.transcript.sentences:
            chinese = sum("\u3000" <= c <= "\u9fff" or c > "\uac00" for c in sentence.text)
            wide, slim = wide + chinese, slim + len(sentence.text) - chinese + 12
        return _TOKENS_A_CHARACTER * wide + 0.3 * slim
