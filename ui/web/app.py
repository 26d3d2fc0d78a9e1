"""The page: tabs, and what leads from one to another. With ``ui.web.tabs`` the only home of gradio.

The page's own script (``static/``) raises events on one invisible component, the hub: ``select`` for what is done to
threads and the page, ``submit`` for questions that come from buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from corpus.errors import DebateError, UnknownThreadError
from ui.guard import owner_of
from ui.web.components.memo import call as memo_call
from ui.web.components.memo import pane as memo_pane
from ui.web.components.wizard import wizard
from ui.web.conversation import Conversations, View
from ui.web.desk import Desk
from ui.web.evaluations import saved_runs
from ui.web.feedback import give
from ui.web.find import finder
from ui.web.rendering.cast import colours
from ui.web.rendering.shell import header
from ui.web.rendering.threads import sidebar
from ui.web.rendering.transcript import pane
from ui.web.tabs import calculate as calculate_tab
from ui.web.tabs import chat as chat_tab
from ui.web.tabs import compare as compare_tab
from ui.web.tabs import evaluate as evaluate_tab
from ui.words import Language

TABS = {
    "chat": {"zh": "对话", "en": "Chat"},
    "compare": {"zh": "对比", "en": "Compare"},
    "calculate": {"zh": "计算", "en": "Calculate"},
    "memo": {"zh": "备忘", "en": "Memo"},
    "add": {"zh": "+ 辩论", "en": "+ Debate"},
    "evaluate": {"zh": "评测", "en": "Evaluate"},
}
_IN_LINE = 64  # questions that gradio holds before they come into our line
_LONGEST = 4_000  # characters of a question
_CONNECT = "window.debateHub = {trigger, server}; document.dispatchEvent(new Event('debate:hub'));"


def build(desk: Desk, *, runs: Path | None = None) -> gr.Blocks:
    """The whole page over the debates of a desk.

    Args:
        runs: folder of saved evaluation runs; None shows none.
    """
    talks = desk.main
    assistant = talks.assistant
    with gr.Blocks(title="辩论助手 Debate assistant", fill_width=True, analytics_enabled=False) as page:
        thread, instead_of, language, debate = gr.State(""), gr.State(None), gr.State("zh"), gr.State("")
        bar = gr.HTML(header(assistant.debate, talks.cast, desk.listed(), ""), elem_id="bar", apply_default_css=False)
        with gr.Row(elem_id="shell"):
            with gr.Column(elem_id="side", scale=0):
                threads = gr.HTML(sidebar([], "", restored=False), elem_id="threads", apply_default_css=False)
            with gr.Column(elem_id="main"), gr.Tabs(elem_id="tabs"):
                tabs = {}
                with gr.Tab(TABS["chat"]["zh"], id="chat", elem_id="tab-chat") as tabs["chat"]:
                    chat = chat_tab.build(talks)
                with gr.Tab(TABS["compare"]["zh"], id="compare", elem_id="tab-compare") as tabs["compare"]:
                    compare = compare_tab.build(talks)
                with gr.Tab(TABS["calculate"]["zh"], id="calculate", elem_id="tab-calculate") as tabs["calculate"]:
                    calculate_tab.build(talks)
                with gr.Tab(TABS["memo"]["zh"], id="memo", elem_id="tab-memo") as tabs["memo"]:
                    memo_pane()
                with gr.Tab(TABS["add"]["zh"], id="add", elem_id="tab-add") as tabs["add"]:
                    wizard()
                if saved_runs(runs):  # for whoever measures it; a reader has none
                    with gr.Tab(TABS["evaluate"]["zh"], id="evaluate", elem_id="tab-evaluate") as tabs["evaluate"]:
                        evaluate_tab.build(page, runs)
            with gr.Column(elem_id="pane", scale=0):
                script = gr.HTML(pane(assistant.debate, talks.cast), elem_id="script-pane", apply_default_css=False)
        calls: list[Callable[..., Any]] = [*calculate_tab.calls(desk), _feedback(desk), _find(desk), memo_call(desk)]
        hub = gr.HTML("", elem_id="hub", js_on_load=_CONNECT, server_functions=calls)
        parts = Parts(threads, tabs, thread, instead_of, language, debate, bar, compare, script)
        _wire(desk, hub, chat, parts)
    # Gradio's own line only hands over to ours; it too has an end, and says so to whoever does not fit.
    blocks: gr.Blocks = page.queue(max_size=_IN_LINE)
    return blocks


def _find(desk: Desk) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def script_find(said: dict[str, Any]) -> dict[str, Any]:
        """Where words stand in the transcript or in our English under it."""
        about = desk.of(str(said.get("debate", ""))).assistant.debate
        found = finder(about).places(str(said.get("words", "")))
        return {"places": [list(place) for place in found]}

    return script_find


def _feedback(desk: Desk) -> Callable[[dict[str, Any], gr.Request], dict[str, Any]]:
    def feedback(said: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """A verdict on an answer or on one of its quotes."""
        position = said.get("position")
        try:
            owner, thread = owner_of(request.cookies), str(said.get("thread", ""))
            give(
                desk.of_thread(thread, owner).assistant,
                owner,
                thread=thread,
                position=position if isinstance(position, int) else 0,
                verdict=str(said.get("verdict", "")),
                sentences=str(said.get("sentences", "")),
            )
        except DebateError as error:
            return {"ok": False, "why": str(error)}
        return {"ok": True}

    return feedback


class Parts(NamedTuple):
    """What stands around the chat, and what the page remembers."""

    threads: gr.HTML
    tabs: Mapping[str, gr.Tab]
    thread: gr.State
    instead_of: gr.State
    language: gr.State
    debate: gr.State
    bar: gr.HTML
    compare: gr.HTML
    script: gr.HTML


def _wire(desk: Desk, hub: gr.HTML, chat: chat_tab.ChatTab, parts: Parts) -> None:
    threads, tabs, thread, instead_of, language, debate, *rest = parts
    asking = chat_tab.Asking(desk)
    shown = [chat.chat, chat.words, thread, instead_of, threads]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    typed = chat.words.submit(
        asking.typed, [chat.words, chat.speakers, thread, instead_of, language, debate], shown,
        concurrency_limit=chat_tab.AT_ONCE, concurrency_id="ask", **quiet,
    )  # fmt: skip
    offered = hub.submit(
        asking.offered, [chat.speakers, thread, language, debate], shown,
        concurrency_limit=chat_tab.AT_ONCE, concurrency_id="ask", **quiet,
    )  # fmt: skip
    chat.words.stop(
        asking.stop, [thread, language, debate], [chat.chat, chat.words], cancels=[typed, offered], queue=False, **quiet
    )

    def ask(question: str, thread: str, speakers: list[str], request: gr.Request) -> dict[str, Any]:
        """Ask the debate.

        Args:
            question: Chinese or English, up to 4,000 characters.
            thread: id of a conversation of the same visitor to go on with; "" starts one.
            speakers: only these may be quoted; [] is everybody.

        Returns:
            The whole answer: claims, verbatim quotes with offsets, calculations, abstention.
        """
        answer = desk.main.whole(question, thread, speakers, owner_of(request.cookies))
        return answer.model_dump(mode="json")

    gr.api(  # type: ignore[attr-defined]
        ask, api_name="ask", concurrency_limit=chat_tab.AT_ONCE, concurrency_id="ask"
    )

    act = Deeds(desk, chat, parts).act
    everything: list[Any] = [chat.chat, chat.words, chat.speakers, thread, instead_of, language, threads, debate]
    everything += [*rest, *tabs.values()]
    hub.select(act, [thread, language, debate], everything, queue=False, trigger_mode="multiple", **quiet)


class Deeds:
    """What the page's script asks for: open, new, rename, delete and its undo, edit, branches, language, debate."""

    def __init__(self, desk: Desk, chat: chat_tab.ChatTab, parts: Parts) -> None:
        self._desk, self._chat, self._parts = desk, chat, parts

    def act(
        self, current: str, speaking: Language, shown: str, picked: gr.EventData, request: gr.Request
    ) -> dict[Any, Any]:
        """One deed; what it changes on the page. ``shown``: the debate that is open now."""
        owner, said, parts = owner_of(request.cookies), picked._data or {}, self._parts
        gone, debate = "", self._wanted(said, shown, owner)
        talks = self._desk.of(debate)
        try:
            changed, current, gone = self._done(said, current, owner, talks)
        except DebateError:
            # A link to a thread that is gone, or that is somebody else's: an empty chat says no more than that. What
            # was to be done to another thread than the one that is open leaves that one as it is.
            changed = {}
            if said.get("deed") in ("open", "branch", "restore") or said.get("thread") == current:
                changed, current = self._view(View(talks.opening, "")), ""
        if debate != shown:
            changed |= self._dressed(talks, debate)
        if said.get("language") in ("zh", "en"):
            speaking = said["language"]
            changed |= {parts.language: speaking, **_labels(self._chat, parts.tabs, speaking)}
        listed = self._desk.threads(debate, owner)
        opening = said.get("opening")
        opening = opening if isinstance(opening, int) else None
        return {**changed, parts.threads: sidebar(listed, current, debate, gone=gone, opening=opening)}

    def _wanted(self, said: dict[str, Any], shown: str, owner: str) -> str:
        """The debate that a deed is about: that of the thread it opens, else the one it names, else the open one."""
        wanted = str(said.get("debate", shown)) if said.get("deed") == "open" else shown
        try:
            if said.get("deed") in ("open", "restore") and said.get("thread"):
                wanted = self._desk.name(self._desk.store.thread(str(said["thread"]), owner).sha256)
            self._desk.of(wanted)
        except UnknownThreadError:
            return self._known(wanted)
        except DebateError:
            return ""
        return wanted

    def _known(self, wanted: str) -> str:
        return wanted if wanted in dict(self._desk.listed()) else ""

    def _dressed(self, talks: Conversations, debate: str) -> dict[Any, Any]:
        """Everything on the page that is about one debate."""
        about, cast, parts = talks.assistant.debate, talks.cast, self._parts
        return {
            parts.debate: debate,
            parts.bar: header(about, cast, self._desk.listed(), debate) + f"<style>{colours(about)}</style>",
            parts.script: pane(about, cast),
            parts.compare: compare_tab.sheets(talks),
            self._chat.speakers: gr.update(choices=chat_tab.choices(talks), value=[]),
        }

    def _view(self, view: View) -> dict[Any, Any]:
        return {self._chat.chat: view.messages, self._parts.thread: view.thread, self._parts.instead_of: None}

    def _done(
        self, said: dict[str, Any], current: str, owner: str, talks: Conversations
    ) -> tuple[dict[Any, Any], str, str]:
        """(What changes, the thread that is then open, the thread whose deletion can be undone)."""
        deed, wanted, store = said.get("deed"), str(said.get("thread", "")), self._desk.store
        number = said.get("number")
        if deed == "rename":
            store.rename_thread(wanted, str(said.get("title", "")).strip()[:200] or wanted, owner)
        elif deed == "delete":
            store.delete_thread(wanted, owner)
            if wanted == current:
                return self._view(View(talks.opening, "")), "", wanted
            return {}, current, wanted
        elif deed == "edit":
            position = said.get("position")
            box = gr.update(value=str(said.get("question", "")))
            instead = position if isinstance(position, int) and position > 0 else None
            return {self._chat.words: box, self._parts.instead_of: instead}, current, ""
        elif deed in ("open", "branch", "restore"):
            if deed == "restore":
                store.restore_thread(wanted, owner)
            elif deed == "branch" and isinstance(number, int):
                store.show_branch(wanted, number, owner)
            view = talks.resumed(wanted, owner, str(said.get("unanswered") or "")[:_LONGEST])
            return self._view(view), view.thread, ""
        return {}, current, ""


def _labels(chat: chat_tab.ChatTab, tabs: Mapping[str, gr.Tab], language: Language) -> dict[Any, Any]:
    words = gr.update(
        placeholder=chat_tab.HOLD[language], label=chat_tab.LABEL[language], submit_btn=chat_tab.SEND[language]
    )
    return {
        chat.words: words,
        chat.speakers: gr.update(label=chat_tab.ONLY[language]),
        **{tab: gr.update(label=TABS[name][language]) for name, tab in tabs.items()},
    }
