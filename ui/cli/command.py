"""The command `debate`: parsers and dispatch, nothing else; what a command needs is imported when it is run.

    debate ask "Rob 怎么看 GPU 折旧?"
    debate show t12.4

Exit status: 0 answered (an abstaining answer too), 1 something checked is wrong (verify, doctor, calc validate), 2 it
could not be done (one sentence on stderr says why), 130 Ctrl-C, 141 the reader of the pipe went away.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from assistant import environment

if TYPE_CHECKING:
    from ui.session import Place
    from ui.words import Language

PROGRAM = "debate"


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose refusals are one sentence and a pointer to the help."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on stderr and leave with 2."""
        self.exit(2, f"{PROGRAM}: {message}; see `{self.prog} --help`.\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; the exit status."""
    environment.apply()
    _speak_utf8()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _dispatch(arguments)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read us has gone (head, a pager); nothing more may be written, not even by the interpreter at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        # The disk is full, the terminal gone: the rest of the output is lost, and the interpreter must not try again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        with suppress(OSError):
            sys.stderr.write(f"{PROGRAM}: Cannot write the output ({error.strerror or error}); send it elsewhere.\n")
        return 2
    except KeyboardInterrupt:
        return 130
    except SystemExit as left:  # argparse: --help, --version, usage errors
        return left.code if isinstance(left.code, int) else 0 if left.code is None else 2


def _dispatch(arguments: list[str]) -> int:
    # These two have command lines of their own, read where they are declared.
    own: dict[str, Callable[[list[str]], int]] = {"calc": _calc, "eval": _eval}
    if arguments and arguments[0] in own:
        run, parsed = own[arguments[0]], None
    else:
        parsed = build_parser().parse_args(arguments)
    from corpus.errors import DebateError

    try:
        status: int = run(arguments[1:]) if parsed is None else parsed.run(parsed)
    except (DebateError, UnicodeEncodeError) as error:
        from ui.layout import visible

        told = str(error) if isinstance(error, DebateError) else "An argument holds bytes that are not UTF-8 text."
        sys.stdout.flush()
        sys.stderr.write(f"{PROGRAM}: {visible(told)}\n")
        return 2
    return status


def _speak_utf8() -> None:
    """UTF-8 in and out whatever the locale says; what cannot be written is spelled out."""
    for stream, errors in ((sys.stdin, "strict"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors=errors)


# ── parsers ──


def build_parser() -> argparse.ArgumentParser:
    """Every command with its options, their units and defaults."""
    parser = Parser(prog=PROGRAM, description="Ask a debate who said what: verbatim, attributed answers, offline.")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    place, debate = _place_options(), _debate_options()
    _add_asking(commands, place)
    _add_reading(commands, debate)
    _add_speakers(commands, debate)
    _add_keeping(commands, place)
    for name, text in (
        ("calc", "calculators: calc list, calc NAME --help, calc NAME --field value, calc validate"),
        ("eval", "run the evaluation suites"),
    ):
        commands.add_parser(name, add_help=False, help=text)
    return parser


class _Once(argparse.Action):
    """An option that is refused when given twice, rather than half forgotten."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        if getattr(namespace, self.dest, None) is not None:
            parser.error(f"{option} takes one file; ask the debates one after the other")
        setattr(namespace, self.dest, values)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *unused: object, **unused_too: object) -> NoReturn:
        from importlib.metadata import version

        parser.exit(0, f"debate-assistant {version('debate-assistant')}\n")


def _debate_options() -> Parser:
    options = Parser(add_help=False)
    options.add_argument(
        "--transcript", metavar="FILE", type=Path, action=_Once, help="another debate (default: the one that ships)"
    )
    return options


def _place_options() -> Parser:
    options = Parser(add_help=False, parents=[_debate_options()])
    options.add_argument(
        "--data", metavar="FOLDER", type=Path, help="data folder (default: $DEBATE_HOME or the platform's)"
    )
    options.add_argument(
        "--encoder", metavar="MODEL", help="sentence-transformers model, hub name or folder (default: ours)"
    )
    return options


def _add_asking(commands: argparse._SubParsersAction[Parser], place: Parser) -> None:
    ask = commands.add_parser(
        "ask", parents=[place], help="ask a question", description="Ask a question, Chinese or English."
    )
    ask.add_argument("question", nargs="*", help="up to 4,000 characters; - or nothing reads standard input")
    ask.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    ask.set_defaults(run=_ask)
    ask.add_argument(
        "--instead-of", type=_count, metavar="N",
        help="ask this instead of the N-th question of the thread, from 1; the old answer is kept on its own branch",
    )  # fmt: skip
    chat = commands.add_parser(
        "chat", parents=[place], help="converse", description="Converse; /help inside lists what one can type."
    )
    chat.set_defaults(run=_chat)
    for parser in (ask, chat):
        _add_model(parser)
        parser.add_argument(
            "--speaker", action="append", default=[], metavar="NAME", help="quote only this speaker (may be repeated)"
        )
        parser.add_argument("--thread", metavar="ID", help="go on with a thread, by id or `last` (default: a new one)")


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", metavar="PROVIDER:MODEL",
        help="chat model that drafts, or none (default: $DEBATE_MODEL, else none); keys come from the environment",
    )  # fmt: skip


def _add_reading(commands: argparse._SubParsersAction[Parser], debate: Parser) -> None:
    show = commands.add_parser("show", parents=[debate], help="read a turn in its context")
    show.add_argument("reference", help="t12, t12.4, t12.4-6, or e3 for an editorial piece")
    show.add_argument("--context", type=_count, default=1, metavar="N", help="turns before and after (default: 1)")
    show.add_argument("--gloss", action="store_true", help="with our English translation under each sentence")
    show.set_defaults(run=_show)
    stances = commands.add_parser("stances", parents=[debate], help="who stands where, silence included")
    stances.add_argument("--topic", metavar="ID", help="one topic, with summaries (default: all, as a matrix)")
    stances.add_argument(
        "--speaker", action="append", default=[], metavar="NAME", help="only this speaker (may be repeated)"
    )
    stances.set_defaults(run=_stances)
    figures = commands.add_parser("figures", parents=[debate], help="the ledger of figures, and where voices differ")
    figures.add_argument("--group", metavar="NAME", help="one quantity only (default: all)")
    figures.set_defaults(run=_figures)
    for parser in (stances, figures):
        parser.add_argument("--json", action="store_true", help="print as JSON")
    for parser in (stances, figures):
        parser.add_argument("--lang", choices=("zh", "en"), help="language of the labels (default: the locale's)")


def _add_speakers(commands: argparse._SubParsersAction[Parser], debate: Parser) -> None:
    speakers = commands.add_parser(
        "speakers", parents=[debate], help="who speaks, how much, who hosts; and corrections of it",
        description="List who speaks. With options, correct it: corrections are kept in the data folder, never in the "
        "file of the debate. Each option may be repeated.",
    )  # fmt: skip
    speakers.add_argument("file", metavar="FILE", nargs="?", type=Path, help="transcript (default: the one that ships)")
    speakers.add_argument(
        "--data", metavar="FOLDER", type=Path, help="data folder (default: $DEBATE_HOME or the platform's)"
    )
    speakers.add_argument("--rename", action="append", default=[], metavar="OLD=NEW", help="put a name on a speaker")
    speakers.add_argument("--merge", action="append", default=[], metavar="A=B", help="A is the same person as B")
    speakers.add_argument("--host", action="append", default=[], metavar="NAME", help="this speaker hosts")
    speakers.add_argument("--no-host", action="append", default=[], metavar="NAME", help="this speaker does not host")
    speakers.add_argument("--role", action="append", default=[], metavar="NAME=ROLE", help="what this speaker is")
    speakers.add_argument("--reset", action="store_true", help="forget earlier corrections first")
    speakers.add_argument("--json", action="store_true", help="print as JSON")
    speakers.set_defaults(run=_speakers)


def _add_keeping(commands: argparse._SubParsersAction[Parser], place: Parser) -> None:
    threads = commands.add_parser("threads", parents=[place], help="list, rename, delete or restore conversations")
    threads.add_argument("--json", action="store_true", help="print as JSON")
    threads.add_argument("--deleted", action="store_true", help="those that were deleted and can be restored")
    threads.set_defaults(run=_threads, deed=None)
    deeds = threads.add_subparsers(metavar="DEED", parser_class=Parser)
    rename = deeds.add_parser("rename", help="threads rename ID TITLE")
    rename.add_argument("thread", metavar="ID")
    rename.add_argument("title", metavar="TITLE", nargs="+")
    rename.set_defaults(deed="rename")
    delete = deeds.add_parser("delete", help="threads delete ID; it can be restored for thirty days")
    delete.add_argument("--forever", action="store_true", help="at once and for good")
    restore = deeds.add_parser("restore", help="threads restore ID: bring a deleted one back")
    branches = deeds.add_parser("branches", help="threads branches ID: every question, those edited too, by number")
    switch = deeds.add_parser("switch", help="threads switch ID N: show the branch through message N")
    for name, deed in (("delete", delete), ("restore", restore), ("branches", branches), ("switch", switch)):
        deed.add_argument("thread", metavar="ID")
        deed.set_defaults(deed=name)
    switch.add_argument("number", metavar="N", type=_count)
    export = commands.add_parser("export", parents=[place], help="write a thread as Markdown or JSON that verifies")
    export.add_argument("thread", metavar="THREAD", help="id, or `last`")
    export.add_argument("--format", choices=("md", "json"), help="default: by the file's suffix, else md")
    export.add_argument("-o", "--output", metavar="FILE", type=Path, help="file to write (default: standard output)")
    export.set_defaults(run=_export)
    verify = commands.add_parser(
        "verify", parents=[place], help="check an export against the transcript",
        description="Check every quote of an export (or of `ask --json`): words, span, speaker, originator, hash. "
        "Exit 1 if anything was altered, 2 if the file is no export.",
    )  # fmt: skip
    verify.add_argument("file", metavar="FILE", help="Markdown or JSON; - reads standard input")
    verify.add_argument("--quotes-only", action="store_true", help="do not mind changes to the words around the quotes")
    verify.set_defaults(run=_verify)
    bring = commands.add_parser(
        "import", parents=[place], help="read transcripts of any form and report how",
        description="Read transcripts (text, Markdown, WebVTT, SRT, JSON, CSV, HTML, XML, Word, PDF), report who "
        "speaks and what is doubtful, and keep them with their vectors. Exit 2 if any could not be read; nothing is "
        "kept by half.",
    )  # fmt: skip
    bring.add_argument("files", metavar="FILE", nargs="+", type=Path)
    bring.add_argument("--dry-run", action="store_true", help="only report; keep nothing")
    bring.add_argument("--json", action="store_true", help="one JSON object a file, each on a line")
    bring.set_defaults(run=_import)
    index = commands.add_parser("index", parents=[place], help="fill and probe the search index")
    index.add_argument("--rebuild", action="store_true", help="fill it anew even if it is good")
    index.set_defaults(run=_index)
    annotate = commands.add_parser(
        "annotate", help="have a chat model write the notes on a transcript",
        description="Write glosses, topics, questions, stances and figures beside FILE, as NAME.annotations.json. "
        "What does not hold against the words is dropped; a run that was stopped goes on where it was.",
    )  # fmt: skip
    annotate.add_argument("file", metavar="FILE", type=Path, help="the transcript")
    annotate.add_argument("--force", action="store_true", help="replace notes that are there already")
    _add_model(annotate)
    annotate.set_defaults(run=_annotate)
    _add_serving(commands, place)
    doctor = commands.add_parser(
        "doctor", parents=[place], help="check this installation, or how a file is read; exit 1 if it is broken"
    )
    doctor.add_argument("file", metavar="FILE", nargs="?", type=Path, help="a transcript: its whole reading report")
    doctor.add_argument("--json", action="store_true", help="print as JSON")
    doctor.set_defaults(run=_doctor)


def _add_serving(commands: argparse._SubParsersAction[Parser], place: Parser) -> None:
    page = commands.add_parser(
        "ui", parents=[place], help="the chat in your browser", description="Serve the page on this machine alone."
    )
    page.add_argument("--port", type=_count, default=7860, metavar="N", help="0 takes a free one (default: 7860)")
    page.add_argument("--no-browser", action="store_true", help="do not open a browser (default: open one)")
    page.set_defaults(run=_ui)
    serve = commands.add_parser(
        "serve", parents=[place], help="serve the page, REST, OpenAI-compatible chat and MCP",
        description="Serve over HTTP. Any address but loopback demands a token: set DEBATE_TOKEN.",
    )  # fmt: skip
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=_count, default=8000, metavar="N", help="0 takes a free one (default: 8000)")
    serve.add_argument("--no-ui", action="store_true", help="the doors for programs only (default: the page too)")
    serve.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME",
        help="answer to this name in Host as well, such as a proxy's (may be repeated)",
    )  # fmt: skip
    serve.add_argument(
        "--rate", type=_rate, metavar="N", help="requests a second by one caller (default: 20 with a token, else any)"
    )
    serve.add_argument("--workers", type=_count, metavar="N", help="questions answered at a time (default: 2)")
    serve.set_defaults(run=_serve)
    mcp = commands.add_parser("mcp", parents=[place], help="speak the Model Context Protocol on stdin and stdout")
    mcp.set_defaults(run=_mcp)
    for parser in (page, serve, mcp):
        _add_model(parser)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no number of requests a second above 0")
    return rate


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no number of turns, 0 or more")
    return int(text)


# ── dispatch ──


def _place(parsed: argparse.Namespace) -> Place:
    from ui.session import Place

    return Place(parsed.transcript, parsed.data, parsed.encoder, getattr(parsed, "model", None))


def _language(chosen: str | None) -> Language:
    if chosen is None:
        named = next((os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
        chosen = "zh" if named.lower().startswith("zh") else "en"
    return "zh" if chosen == "zh" else "en"


def _ask(parsed: argparse.Namespace) -> int:
    from ui.cli.ask import ask
    from ui.cli.questions import checked_question, from_argument, from_stream
    from ui.layout import is_terminal

    typed = parsed.question
    if typed == ["-"] or (not typed and not is_terminal(sys.stdin)):
        question = from_stream(sys.stdin)
    else:
        question = from_argument(" ".join(typed))
    return ask(
        checked_question(question), _place(parsed), speakers=[from_argument(name) for name in parsed.speaker],
        thread=parsed.thread, instead_of=parsed.instead_of, as_json=parsed.json, out=sys.stdout, err=sys.stderr,
    )  # fmt: skip


def _chat(parsed: argparse.Namespace) -> int:
    from ui.cli.questions import from_argument
    from ui.cli.repl import chat

    names = [from_argument(name) for name in parsed.speaker]
    return chat(_place(parsed), speakers=names, thread=parsed.thread, stdin=sys.stdin, out=sys.stdout, err=sys.stderr)


def _show(parsed: argparse.Namespace) -> int:
    from corpus.library import open_debate
    from ui.cli.browse import show

    show(parsed.reference, open_debate(parsed.transcript), context=parsed.context, gloss=parsed.gloss, out=sys.stdout)
    return 0


def _speakers(parsed: argparse.Namespace) -> int:
    from ui.cli.speakers import Changes, file_of, speakers
    from ui.session import Place

    place = Place(file_of(parsed.file, parsed.transcript), parsed.data)
    changes = Changes(parsed.rename, parsed.merge, parsed.host, parsed.no_host, parsed.role, parsed.reset)
    speakers(place, changes, as_json=parsed.json, out=sys.stdout)
    return 0


def _stances(parsed: argparse.Namespace) -> int:
    from corpus.library import open_debate
    from ui.cli.browse import stances

    stances(
        open_debate(parsed.transcript), topic=parsed.topic, names=parsed.speaker, language=_language(parsed.lang),
        as_json=parsed.json, out=sys.stdout,
    )  # fmt: skip
    return 0


def _figures(parsed: argparse.Namespace) -> int:
    from corpus.library import open_debate
    from ui.cli.browse import figures

    language = _language(parsed.lang)
    figures(open_debate(parsed.transcript), group=parsed.group, language=language, as_json=parsed.json, out=sys.stdout)
    return 0


def _threads(parsed: argparse.Namespace) -> int:
    from ui.cli import threads

    place = _place(parsed)
    if parsed.deed == "rename":
        threads.rename_thread(place, parsed.thread, " ".join(parsed.title))
    elif parsed.deed == "delete":
        threads.delete_thread(place, parsed.thread, forever=parsed.forever, out=sys.stdout)
    elif parsed.deed == "restore":
        threads.restore_thread(place, parsed.thread)
    elif parsed.deed == "branches":
        threads.list_branches(place, parsed.thread, out=sys.stdout)
    elif parsed.deed == "switch":
        threads.show_branch(place, parsed.thread, parsed.number)
    else:
        threads.list_threads(place, as_json=parsed.json, out=sys.stdout, deleted=parsed.deleted)
    return 0


def _export(parsed: argparse.Namespace) -> int:
    from ui.cli.threads import export_thread

    export_thread(_place(parsed), parsed.thread, parsed.format, parsed.output, sys.stdout)
    return 0


def _verify(parsed: argparse.Namespace) -> int:
    from ui.verify import verify_file

    return verify_file(parsed.file, parsed.transcript, quotes_only=parsed.quotes_only, stdin=sys.stdin, out=sys.stdout)


def _index(parsed: argparse.Namespace) -> int:
    from ui.cli.indexing import build_index

    build_index(_place(parsed), rebuild=parsed.rebuild, out=sys.stdout, err=sys.stderr)
    return 0


def _annotate(parsed: argparse.Namespace) -> int:
    from ui.cli.annotating import annotate

    return annotate(parsed.file, parsed.model, force=parsed.force, out=sys.stdout, err=sys.stderr)


def _import(parsed: argparse.Namespace) -> int:
    from ui.cli.importing import import_files

    return import_files(
        parsed.files, data=parsed.data, encoder=parsed.encoder, dry_run=parsed.dry_run, as_json=parsed.json,
        out=sys.stdout, err=sys.stderr,
    )  # fmt: skip


def _doctor(parsed: argparse.Namespace) -> int:
    if parsed.file is not None:
        from ui.cli.doctor import doctor_file

        return doctor_file(parsed.file, _place(parsed), as_json=parsed.json, out=sys.stdout)
    from ui.cli.doctor import doctor

    return doctor(_place(parsed), as_json=parsed.json, out=sys.stdout)


def _ui(parsed: argparse.Namespace) -> int:
    from ui.cli.launch import launch

    return launch(_place(parsed), port=parsed.port, browser=not parsed.no_browser, out=sys.stdout)


def _serve(parsed: argparse.Namespace) -> int:
    from ui.serve import serve

    return serve(
        _place(parsed), host=parsed.host, port=parsed.port, with_ui=not parsed.no_ui, allowed=tuple(parsed.allow_host),
        rate=parsed.rate, workers=parsed.workers, out=sys.stdout,
    )  # fmt: skip


def _mcp(parsed: argparse.Namespace) -> int:
    from ui.serve import mcp

    return mcp(_place(parsed))


def _calc(arguments: list[str]) -> int:
    from ui.cli.calc import calc

    return calc(arguments, _language(None), Parser, sys.stdout)


def _eval(arguments: list[str]) -> int:
    # By name, so that the doors never import the evaluation and stand without it.
    from importlib import import_module

    from ui.errors import UsageError

    try:
        command = import_module("evals.command")
    except ModuleNotFoundError as error:
        if error.name not in ("evals", "evals.command"):
            raise
        raise UsageError("The evaluation suites are not installed here; use a checkout of the project.") from error
    status: int = command.main(arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
