"""The conversation: chat, composer and what happens when a question is asked, stopped, asked again or edited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import gradio as gr

from assistant.models.meter import Cancellation
from assistant.wording import named
from corpus.types import UNKNOWN_NAME
from ui.guard import owner_of
from ui.web.conversation import Conversations, View
from ui.web.desk import Desk
from ui.words import LANGUAGES, Language

HOLD = {"zh": "就这场辩论提问…(按 / 聚焦)", "en": "Ask this debate… (press / to focus)"}
SEND = {"zh": "发送", "en": "Send"}
STOP = {"zh": "停止", "en": "Stop"}
LABEL = {"zh": "问题", "en": "Question"}
ONLY = {"zh": "只引用这些发言人", "en": "Quote only these speakers"}
_AT_ONCE = 12  # answers being made at the same time; more wait in the queue


def _choice(name: str) -> str:
    return " / ".join(named(name, language) for language in LANGUAGES) if name == UNKNOWN_NAME else name


def choices(talks: Conversations) -> list[tuple[str, str]]:
    """Whom one can choose to quote: (shown, name)."""
    return [(_choice(name), name) for name in talks.cast.members]


class ChatTab(NamedTuple):
    """The components that others wire up."""

    chat: gr.Chatbot
    words: gr.Textbox
    speakers: gr.CheckboxGroup


def build(talks: Conversations) -> ChatTab:
    """Lay out the chat."""
    chat = gr.Chatbot(
        cast(Any, talks.opening),
        elem_id="chat",
        show_label=False,
        label="对话 / Chat",
        container=False,
        height="100%",
        layout="panel",
        autoscroll=False,
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        # Gradio's sanitiser strips SVG, data and ARIA attributes. Every message is made by ui.web.rendering, which
        # escapes all text; the page's policy runs no inline script whatever a message holds.
        sanitize_html=False,
        allow_tags=False,
    )
    with gr.Column(elem_id="composer"):
        speakers = gr.CheckboxGroup(
            choices=choices(talks),
            elem_id="only",
            show_label=False,
            label=ONLY["zh"],
            container=False,
        )
        words = gr.Textbox(
            elem_id="words", show_label=False, label=LABEL["zh"], placeholder=HOLD["zh"], lines=1, max_lines=6,
            max_length=4000, submit_btn=SEND["zh"], stop_btn=False, container=False, autofocus=True,
        )  # fmt: skip
    return ChatTab(chat, words, speakers)


class Asking:
    """The handlers of one chat; stops are kept by browser session."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stops: dict[str, tuple[Cancellation, str]] = {}

    def typed(
        self,
        words: str,
        only: list[str],
        thread: str,
        instead_of: int | None,
        language: Language,
        debate: str,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        """A question from the composer."""
        yield from self._ask(words, only, thread, instead_of, language, debate, request)

    def offered(
        self, only: list[str], thread: str, language: Language, debate: str, picked: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """A question from a button of the page: an opener, a follow-up, a retry."""
        said = picked._data or {}
        position = said.get("position")
        instead_of = position if isinstance(position, int) and position > 0 else None
        yield from self._ask(str(said.get("question", "")), only, thread, instead_of, language, debate, request)

    def stop(self, thread: str, language: Language, debate: str, request: gr.Request) -> tuple[Any, ...]:
        """Give up the answer under way; the question stays."""
        event, words = self._stops.get(str(request.session_hash), (Cancellation(), ""))
        event.cancel()
        if not words:
            return gr.skip(), composer(language)
        return self._desk.of(debate).stopped(words, thread, owner_of(request.cookies)).messages, composer(language)

    def _ask(
        self,
        words: str,
        only: list[str],
        thread: str,
        instead_of: int | None,
        language: Language,
        debate: str,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        owner = owner_of(request.cookies)
        session = str(request.session_hash)
        stop = Cancellation()
        self._stops[session] = (stop, words)
        try:
            for view in self._desk.of(debate).ask(words, thread, only, owner, instead_of=instead_of, stop=stop):
                yield self._shown(view, debate, owner, language)
        finally:
            if self._stops.get(session, (None,))[0] is stop:
                del self._stops[session]

    def _shown(self, view: View, debate: str, owner: str, language: Language) -> tuple[Any, ...]:
        from ui.web.rendering.threads import sidebar

        box = composer(language) if view.done else busy(language)
        threads = sidebar(self._desk.threads(debate, owner), view.thread, debate) if view.done else gr.skip()
        return view.messages, box, view.thread, None, threads


def composer(language: Language) -> Any:
    """The question box, ready."""
    return gr.update(submit_btn=SEND[language], stop_btn=False)


def busy(language: Language) -> Any:
    """The question box while an answer is made: emptied, with a stop button."""
    return gr.update(value="", submit_btn=False, stop_btn=STOP[language])


AT_ONCE = _AT_ONCE
