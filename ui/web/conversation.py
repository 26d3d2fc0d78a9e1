"""Conversations as the browser shows them: questions asked, answers rendered, threads kept apart by visitor.

Knows the assistant and the rendering; no gradio. Messages are ``{"role", "content"}`` dictionaries whose content is
escaped HTML on one line.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant import Assistant
from assistant.errors import QuestionCancelledError, QuestionError
from assistant.events import Event
from assistant.models.meter import Cancellation
from assistant.stored import from_record
from assistant.types import Answer
from corpus.errors import DebateError, UnknownThreadError
from corpus.store import Message
from ui.limits import AnswerQueue, BusyError
from ui.rest.presence import lane_after
from ui.web.rendering.answer import (
    answer_message,
    gone_message,
    kept_message,
    stopped_message,
    trouble_message,
)
from ui.web.rendering.answer import (
    question as question_message,
)
from ui.web.rendering.cast import Cast
from ui.web.rendering.making import Making
from ui.web.rendering.shell import welcome

Messages = list[dict[str, str]]
Key = tuple[str, Message, bool]  # thread, message, whether it is the last
_LATEST = 5  # threads among which an answer that came after its reader had left is looked for
_KEPT = 2_000  # rendered answers that are remembered
_log = logging.getLogger(__name__)


class View(NamedTuple):
    """What the page shows: the chat, and which thread it is ("" before its first answer)."""

    messages: Messages
    thread: str
    done: bool = False


class Conversations:
    """All visitors' conversations with one assistant. Thread-safe."""

    def __init__(self, assistant: Assistant, queue: AnswerQueue | None = None) -> None:
        """Args: queue: the line in which questions wait, with those of all other doors."""
        self.assistant = assistant
        self.queue = queue or AnswerQueue()
        self.cast = Cast(assistant.debate)
        self.opening: Messages = [_answered(welcome(assistant.debate, self.cast, assistant.tables))]
        self._rendered: OrderedDict[Key, str] = OrderedDict()
        self._mutex = threading.Lock()
        self._active = 0

    def messages(self, thread: str, owner: str) -> Messages:
        """A thread as it stands on record; for no thread ("") the welcome.

        Raises:
            UnknownThreadError: There is no such thread of that owner.
        """
        if not thread:
            return self.opening
        return self._shown(thread, self.assistant.store.messages(thread, owner))

    def _shown(self, thread: str, stored: Sequence[Message]) -> Messages:
        shown: Messages = []
        for message in stored:
            last = message is stored[-1]
            key = (thread, message, last)  # with every byte of it: what is changed on record is rendered anew
            html = self._recall(key)
            if html is None:
                html = self._remember(key, self._render(thread, message, last))
            shown += [_asked(message.question), _answered(html)]
        return shown

    def ask(
        self,
        words: str,
        thread: str,
        speakers: Sequence[str],
        owner: str,
        *,
        instead_of: int | None = None,
        stop: Cancellation | None = None,
    ) -> Iterator[View]:
        """Ask, and show what happens: the question at once, the steps, the verified answer; or what went wrong.

        Args:
            thread: conversation to go on with; "" starts one.
            instead_of: position of the last question, which this one is asked instead of. What stood there stays on
                record: as it was until the answer is there, afterwards as an older branch. An earlier question is
                asked again at the end: no answer goes out of sight because another was wanted anew.
            stop: turned by somebody else to give up.
        """
        try:
            stored = self.assistant.store.messages(thread, owner) if thread else []
        except UnknownThreadError:
            yield View([_asked(words), _answered(gone_message(words, thread))], "", True)
            return
        if instead_of is not None and instead_of < len(stored):
            words, instead_of = self._standalone(words, stored[instead_of - 1], thread), None
        kept = [message for message in stored if instead_of is None or message.position < instead_of]
        before = self._shown(thread, kept)
        shown = [*before, _asked(words)]
        making = Making(self.cast)
        yield View([*shown, _answered(making.html())], thread)
        with self._mutex:
            self._active += 1
        try:
            last_shown = time.monotonic()
            for event in self._events(words, thread, speakers, owner, instead_of, stop or Cancellation()):
                if event.kind == "answer":
                    assert isinstance(event.data, Answer)
                    yield self._ended(event.data, shown, thread, owner)
                    return
                making.add(event)
                # Many at once share the processor with the browser's stream: the busier, the rarer. A sentence that is
                # complete is shown at once, and so is what was said.
                if event.kind == "sketch" or time.monotonic() - last_shown > min(0.5, 0.08 + 0.006 * self._active):
                    last_shown = time.monotonic()
                    yield View([*shown, _answered(making.html())], thread)
        except QuestionCancelledError:
            yield View([*shown, _answered(stopped_message(words))], thread, True)
        except DebateError as error:
            yield View([*shown, _answered(trouble_message(str(error), words, _in_chinese(error)))], thread, True)
        except Exception:
            _log.exception("a question could not be answered")
            yield View([*shown, _answered(trouble_message("", words))], thread, True)
        finally:
            with self._mutex:
                self._active -= 1

    def _standalone(self, words: str, message: Message, thread: str) -> str:
        """A question as it is understood where it no longer follows what it followed; new words as they are."""
        if words != message.question:
            return words
        return from_record(message, self.assistant.debate, thread).standalone or words

    def _events(
        self,
        words: str,
        thread: str,
        speakers: Sequence[str],
        owner: str,
        instead_of: int | None,
        stop: Cancellation,
    ) -> Iterator[Event]:
        """The steps of an answer, which waits in the line of its kind."""
        return self.queue.iterate(
            lambda: self.assistant.stream(
                words,
                thread or None,
                speakers,
                owner=owner,
                create=False,
                instead_of=instead_of if thread else None,
                cancellation=stop,
            ),
            then=lane_after,
            cancellation=stop,
        )

    def _ended(self, answer: Answer, shown: Messages, thread: str, owner: str) -> View:
        """The chat with its new answer: as it stands on record, or, where it could not be saved, as it was given."""
        if answer.unsaved is None and answer.thread:
            return View(self.messages(answer.thread, owner), answer.thread, True)
        html = answer_message(answer, self.assistant.debate, self.cast, thread=thread, position=0)
        return View([*shown, _answered(html)], thread, True)

    def whole(self, words: str, thread: str, speakers: Sequence[str], owner: str) -> Answer:
        """The answer without its steps. Raises DebateError."""
        *_, last = self._events(words, thread, speakers, owner, None, Cancellation())
        assert isinstance(last.data, Answer)
        return last.data

    def resumed(self, thread: str, owner: str, unanswered: str = "") -> View:
        """A thread as a browser comes back to it, with the question that it last left without an answer.

        An answer may have come after the browser had left; then it is shown, in the thread that it started.

        Raises:
            UnknownThreadError: There is no such thread of that owner.
        """
        if not unanswered:
            return View(self.messages(thread, owner), thread, True)
        store = self.assistant.store
        for latest in [thread] if thread else [t.id for t in store.threads(owner)[:_LATEST]]:
            stored = store.messages(latest, owner)
            if stored and stored[-1].question == unanswered:
                return View(self._shown(latest, stored), latest, True)
        before = self.messages(thread, owner) if thread else []
        return View([*before, _asked(unanswered), _answered(kept_message(unanswered))], thread, True)

    def stopped(self, words: str, thread: str, owner: str) -> View:
        """The chat after the reader stopped the answer to ``words``."""
        try:
            before = self.messages(thread, owner) if thread else []
        except UnknownThreadError:
            before, thread = [], ""
        return View([*before, _asked(words), _answered(stopped_message(words))], thread, True)

    def _render(self, thread: str, message: Message, last: bool) -> str:
        return answer_message(
            from_record(message, self.assistant.debate, thread),
            self.assistant.debate,
            self.cast,
            thread=thread,
            position=message.position,
            last=last,
            branches=message.siblings,
            number=message.number,
        )

    def _recall(self, key: Key) -> str | None:
        with self._mutex:
            return self._rendered.get(key)

    def _remember(self, key: Key, html: str) -> str:
        with self._mutex:
            self._rendered[key] = html
            while len(self._rendered) > _KEPT:
                self._rendered.popitem(last=False)
        return html


def _in_chinese(error: DebateError) -> str:
    """The errors that readers meet, in Chinese; "" for others."""
    if isinstance(error, QuestionError):
        return "这个问题是空的、太长(超过 4,000 字)或不是文字;请改一改。"
    if isinstance(error, BusyError):
        return f"现在提问的人很多,请 {error.retry_after_s} 秒后再试。问题已保留。"
    return ""


def _asked(words: str) -> dict[str, str]:
    return {"role": "user", "content": question_message(words)}


def _answered(html: str) -> dict[str, str]:
    return {"role": "assistant", "content": html}
