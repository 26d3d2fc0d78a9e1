"""`debate chat`: a conversation in the terminal, with history, completion and a few commands.

From a pipe it reads one question a line and needs no terminal library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from assistant.types import Answer
from corpus.errors import DebateError, StoreError
from corpus.speakers import resolve_speaker
from ui.cli.browse import show
from ui.cli.following import follow
from ui.cli.questions import checked_question, from_argument
from ui.errors import UsageError
from ui.export import Conversation, export_json, export_markdown
from ui.layout import Piece, is_terminal, line, print_lines, visible
from ui.session import OWNER, Place, Session, open_session, open_thread, tell_where_to_go_on
from ui.words import word

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer

COMMANDS: dict[str, str] = {
    "/help": "what one can type here",
    "/speakers": "who speaks; /speakers Rob, Ethan quotes only them; /speakers all lifts that",
    "/show": "read on: /show t12 or /show t12.4",
    "/new": "start a new thread",
    "/threads": "the threads on record",
    "/thread": "go on with one: /thread 3f9c2a1b",
    "/export": "write this thread to a file: /export notes.md or notes.json",
    "/quit": "leave (or Ctrl-D)",
}


_SEPARATORS = re.compile("[,\uff0c、]")


class _Left(Exception):  # noqa: N818 (no error: somebody typed /quit)
    """The conversation is over."""


class Chat:
    """One conversation: what is typed → what is printed."""

    def __init__(self, session: Session, speakers: Sequence[str], out: TextIO, err: TextIO) -> None:
        """Args: speakers: only these may be quoted, until /speakers says otherwise."""
        self.session, self.out, self.err = session, out, err
        self.thread = session.thread
        self.answers: list[Answer] = []
        self.speakers: tuple[str, ...] = ()
        self._choose_speakers(speakers)
        if self.thread is not None:
            self.answers = session.assistant.thread(self.thread)

    def take(self, typed: str) -> bool:
        """Deal with one line; False when the conversation is over. Errors are one sentence, and it goes on."""
        typed = typed.strip()
        if not typed:
            return True
        try:
            if typed.startswith("/"):
                self._command(typed)
            else:
                self._ask(typed)
        except _Left:
            return False
        except DebateError as error:
            self.out.flush()
            self.err.write(f"{visible(str(error))}\n")
        self.out.flush()
        return True

    def _ask(self, typed: str) -> None:
        question, fresh = checked_question(from_argument(typed)), self.thread is None
        assistant = self.session.assistant
        events = assistant.stream(question, thread=self.thread, speakers=self.speakers, create=fresh)
        answer = follow(events, assistant.debate.transcript.speakers, self.out)
        self.thread = answer.thread
        self.answers.append(answer)

    def _command(self, typed: str) -> None:
        name, _, rest = typed.partition(" ")
        deeds: dict[str, Callable[[str], None]] = {
            "/help": self._help,
            "/speakers": self._speakers,
            "/show": lambda what: show(what, self.session.assistant.debate, context=1, gloss=True, out=self.out),
            "/new": self._new,
            "/threads": self._threads,
            "/thread": self._go_on,
            "/export": self._export,
            "/quit": self._leave,
            "/exit": self._leave,
        }
        if name not in deeds:
            raise UsageError(f"There is no command {name[:40]}; /help lists them.")
        deeds[name](rest.strip())

    def _help(self, _: str) -> None:
        print_lines((line(Piece(f"{name:<10}", "bold"), text) for name, text in COMMANDS.items()), self.out)

    def _speakers(self, names: str) -> None:
        everybody = self.session.assistant.debate.transcript.speakers
        if names:
            wanted = [name.strip() for name in _SEPARATORS.split(names)]
            everyone = names.casefold() in ("all", "全部", "所有")
            self._choose_speakers([] if everyone else [name for name in wanted if name])
        chosen = self.speakers or tuple(speaker.name for speaker in everybody)
        for speaker in everybody:
            mark = "●" if speaker.name in chosen else "○"
            self.out.write(f"{mark} {visible(speaker.name)}  {visible(speaker.role)}".rstrip() + "\n")

    def _choose_speakers(self, names: Sequence[str]) -> None:
        everybody = self.session.assistant.debate.transcript.speakers
        self.speakers = tuple(dict.fromkeys(s.name for name in names for s in resolve_speaker(name, everybody)))

    def _new(self, _: str) -> None:
        self.thread, self.answers = None, []
        self.out.write("A new thread.\n")

    def _threads(self, _: str) -> None:
        for thread in self.session.assistant.store.threads(OWNER):
            mark = "▶" if thread.id == self.thread else " "
            self.out.write(f"{mark} {thread.id}  {visible(thread.title)}\n")

    def _go_on(self, identifier: str) -> None:
        assistant = self.session.assistant
        found, _ = open_thread(assistant.store, identifier or "last", assistant.debate.transcript.sha256)
        self.thread, self.answers = found.id, assistant.thread(found.id)
        self.out.write(f"{found.id}  {visible(found.title)}\n")

    def _export(self, target: str) -> None:
        if not target:
            raise UsageError("Name a file: /export notes.md or /export notes.json.")
        if not self.answers:
            raise UsageError("There is nothing to export yet; ask something first.")
        path = Path(target).expanduser()
        make = export_json if path.suffix.lower() == ".json" else export_markdown
        conversation = Conversation(self.answers[0].question, tuple(self.answers), self.thread)
        try:
            path.write_text(make(conversation, self.session.assistant.debate), encoding="utf-8", newline="\n")
        except OSError as error:
            raise UsageError(f"Cannot write {path} ({error.strerror}); give another file.") from error
        self.out.write(f"{path}\n")

    def _leave(self, _: str) -> None:
        raise _Left


def chat(place: Place, *, speakers: Sequence[str], thread: str | None, stdin: TextIO, out: TextIO, err: TextIO) -> int:
    """Converse until end of input; 0.

    Raises:
        DebateError: It cannot begin: no such thread or speaker, or something cannot be opened.
    """
    interactive = is_terminal(stdin) and is_terminal(out)
    if interactive:
        import prompt_toolkit  # noqa: F401 (before the index is built beside it, or the prompt waits for that)
    with open_session(place, thread, background=interactive) as session:
        conversation = Chat(session, speakers, out, err)
        if interactive:
            out.write(f"{visible(session.assistant.debate.transcript.title)} — /help\n")
            _interact(conversation, session)
        else:
            for typed in _piped(stdin):
                if not conversation.take(typed):
                    break
        last = conversation.answers[-1].language if conversation.answers else "en"
        if conversation.answers:
            labels = (word("continue", last), word("unsaved", last))
            tell_where_to_go_on(session, conversation.thread, place, labels, err)
    return 0


def _piped(stdin: TextIO) -> Iterator[str]:
    while typed := stdin.readline(8_192):  # a line without end is cut; the question limit then refuses it
        yield typed


def _interact(conversation: Chat, session: Session) -> None:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    history: History = InMemoryHistory()
    folder = session.assistant.store.folder
    if session.unsaved is None:
        try:
            (folder / "chat_history").touch(mode=0o600)
            history = FileHistory(str(folder / "chat_history"))
        except OSError as error:
            raise StoreError(f"Cannot write to {folder} ({error.strerror}); give another by --data.") from error
    completer = _completer(session)
    prompt: PromptSession[str] = PromptSession(history=history, completer=completer, complete_while_typing=False)
    while True:
        try:
            typed = prompt.prompt("› ")
        except KeyboardInterrupt:
            continue  # drops the line, as a shell does
        except EOFError:
            return
        try:
            if not conversation.take(typed):
                return
        except KeyboardInterrupt:
            conversation.out.write("\n")  # drops the question


def _completer(session: Session) -> Completer:
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document

    words = completions(session)

    class Words(Completer):
        """Commands at the start of the line; speakers and, after /show and /thread, ids elsewhere."""

        def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
            for found in matching(document.text_before_cursor, words):
                yield Completion(found.text, start_position=-found.replaces, display_meta=found.meta)

    return Words()


class Vocabulary(NamedTuple):
    """What can be completed."""

    speakers: tuple[str, ...]
    turns: tuple[str, ...]
    threads: tuple[str, ...]


class Match(NamedTuple):
    """One completion: the text, how many characters before the cursor it replaces, and a remark."""

    text: str
    replaces: int
    meta: str = ""


def completions(session: Session) -> Vocabulary:
    """The words of an open debate."""
    transcript = session.assistant.debate.transcript
    aliases = [alias for s in transcript.speakers for alias in (s.name, *s.aliases)]
    threads = tuple(thread.id for thread in session.assistant.store.threads(OWNER))
    return Vocabulary(tuple(dict.fromkeys(aliases)), tuple(turn.id for turn in transcript.turns), threads)


def matching(typed: str, words: Vocabulary) -> Iterator[Match]:
    """What the text before the cursor may become."""
    if typed.startswith("/") and " " not in typed:
        yield from (Match(name, len(typed), meta) for name, meta in COMMANDS.items() if name.startswith(typed))
        return
    last = _SEPARATORS.sub(" ", typed).split(" ")[-1]
    source = words.speakers
    if typed.startswith("/show "):
        source = words.turns
    elif typed.startswith("/thread "):
        source = words.threads
    if last:
        yield from (Match(text, len(last)) for text in source if text.casefold().startswith(last.casefold()))
