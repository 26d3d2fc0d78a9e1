"""Every command with its options, their units and defaults. Parses, and does nothing; ``ui.cli.command`` runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

PROGRAM = "debate"


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose refusals are one sentence and a pointer to the help."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on stderr and leave with 2."""
        self.exit(2, f"{PROGRAM}: {message}; see `{self.prog} --help`.\n")


def build_parser() -> argparse.ArgumentParser:
    """Every command with its options, their units and defaults."""
    parser = Parser(prog=PROGRAM, description="Ask a debate who said what: verbatim, attributed answers, offline.")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    place, debate = _place_options(), _debate_options()
    _add_asking(commands, place, _place_options(several=True))
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
            parser.error(f"{option} takes one file; `debate ask` alone takes several")
        setattr(namespace, self.dest, values)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *unused: object, **unused_too: object) -> NoReturn:
        from importlib.metadata import version

        parser.exit(0, f"debate-assistant {version('debate-assistant')}\n")


def _debate_options(*, several: bool = False) -> Parser:
    options = Parser(add_help=False)
    more = "; twice or more: ask them together" if several else ""
    options.add_argument(
        "--transcript", metavar="FILE", type=Path, action="append" if several else _Once,
        help=f"another debate (default: the one that ships){more}",
    )  # fmt: skip
    return options


def _place_options(*, several: bool = False) -> Parser:
    options = Parser(add_help=False, parents=[_debate_options(several=several)])
    options.add_argument(
        "--data", metavar="FOLDER", type=Path, help="data folder (default: $DEBATE_HOME or the platform's)"
    )
    options.add_argument(
        "--encoder", metavar="MODEL", help="sentence-transformers model, hub name or folder (default: ours)"
    )
    return options


def _add_asking(commands: argparse._SubParsersAction[Parser], place: Parser, places: Parser) -> None:
    ask = commands.add_parser(
        "ask", parents=[places], help="ask a question", description="Ask a question, Chinese or English."
    )
    ask.add_argument("question", nargs="*", help="up to 4,000 characters; - or nothing reads standard input")
    ask.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    ask.add_argument(
        "--in", dest="within", action="append", default=[], metavar="DEBATE",
        help="a debate of the library by id or title, or `all` (may be repeated)",
    )  # fmt: skip
    ask.set_defaults(run="ask")
    ask.add_argument(
        "--instead-of", type=_count, metavar="N",
        help="ask this instead of the N-th question of the thread, from 1; the old answer is kept on its own branch",
    )  # fmt: skip
    chat = commands.add_parser(
        "chat", parents=[place], help="converse", description="Converse; /help inside lists what one can type."
    )
    chat.set_defaults(run="chat")
    for parser in (ask, chat):
        _add_model(parser)
        parser.add_argument(
            "--speaker", action="append", default=[], metavar="NAME", help="quote only this speaker (may be repeated)"
        )
        parser.add_argument("--thread", metavar="ID", help="go on with a thread, by id or `last` (default: a new one)")


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", metavar="PROVIDER:MODEL",
        help="chat model that writes, or none (default: $DEBATE_MODEL, else none); keys come from the environment, and "
        "so do DEBATE_MODEL_BASE_URL, _FIRST, _IDLE, _DEADLINE (seconds), _CONTEXT (whole, retrieved, auto), _WINDOW "
        "(tokens), _FORM (prose, json), _EFFORT, _BACKGROUND (on, off), _PRICE (USD per million tokens)",
    )  # fmt: skip


def _add_reading(commands: argparse._SubParsersAction[Parser], debate: Parser) -> None:
    show = commands.add_parser("show", parents=[debate], help="read a turn in its context")
    show.add_argument("reference", help="t12, t12.4, t12.4-6, or e3 for an editorial piece")
    show.add_argument("--context", type=_count, default=1, metavar="N", help="turns before and after (default: 1)")
    show.add_argument("--gloss", action="store_true", help="with our English translation under each sentence")
    show.set_defaults(run="show")
    stances = commands.add_parser("stances", parents=[debate], help="who stands where, silence included")
    stances.add_argument("--topic", metavar="ID", help="one topic, with summaries (default: all, as a matrix)")
    stances.add_argument(
        "--speaker", action="append", default=[], metavar="NAME", help="only this speaker (may be repeated)"
    )
    stances.set_defaults(run="stances")
    figures = commands.add_parser("figures", parents=[debate], help="the ledger of figures, and where voices differ")
    figures.add_argument("--group", metavar="NAME", help="one quantity only (default: all)")
    figures.set_defaults(run="figures")
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
    speakers.set_defaults(run="speakers")


def _add_keeping(commands: argparse._SubParsersAction[Parser], place: Parser) -> None:
    threads = commands.add_parser("threads", parents=[place], help="list, rename, delete or restore conversations")
    threads.add_argument("--json", action="store_true", help="print as JSON")
    threads.add_argument("--deleted", action="store_true", help="those that were deleted and can be restored")
    threads.set_defaults(run="threads", deed=None)
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
    export.set_defaults(run="export")
    verify = commands.add_parser(
        "verify", parents=[place], help="check an export against the transcript",
        description="Check every quote of an export (or of `ask --json`): words, span, speaker, originator, hash. "
        "Exit 1 if anything was altered, 2 if the file is no export.",
    )  # fmt: skip
    verify.add_argument("file", metavar="FILE", help="Markdown or JSON; - reads standard input")
    verify.add_argument("--quotes-only", action="store_true", help="do not mind changes to the words around the quotes")
    verify.set_defaults(run="verify")
    bring = commands.add_parser(
        "import", parents=[place], help="bring debates of your own into the library, and hear how they were read",
        description="Read transcripts (text, Markdown, WebVTT, SRT, JSON, CSV, HTML, XML, Word, PDF), report who "
        "speaks and what is doubtful, and keep them with their vectors. Of a folder every file is tried. Exit 2 if a "
        "file that was named could not be read; nothing is kept by half, and the same file twice is one debate.",
    )  # fmt: skip
    bring.add_argument("files", metavar="FILE|FOLDER", nargs="+", type=Path)
    bring.add_argument("--dry-run", action="store_true", help="only report; keep nothing")
    bring.add_argument("--json", action="store_true", help="one JSON object a file, each on a line")
    bring.set_defaults(run="import")
    _add_library(commands)
    _add_copying(commands, place)
    index = commands.add_parser("index", parents=[place], help="fill and probe the search index")
    index.add_argument("--rebuild", action="store_true", help="fill it anew even if it is good")
    index.set_defaults(run="index")
    annotate = commands.add_parser(
        "annotate", help="have a chat model write the notes on a transcript",
        description="Write glosses, topics, questions, stances and figures beside FILE, as NAME.annotations.json. "
        "What does not hold against the words is dropped; a run that was stopped goes on where it was.",
    )  # fmt: skip
    annotate.add_argument("file", metavar="FILE", type=Path, help="the transcript")
    annotate.add_argument("--force", action="store_true", help="replace notes that are there already")
    _add_model(annotate)
    annotate.set_defaults(run="annotate")
    _add_serving(commands, place)


def _add_library(commands: argparse._SubParsersAction[Parser]) -> None:
    listed = commands.add_parser("list", help="the debates of the library, by date")
    listed.add_argument("--older", action="store_true", help="with versions that a newer one replaced")
    listed.add_argument("--json", action="store_true", help="print as JSON")
    listed.set_defaults(run="list")
    remove = commands.add_parser(
        "remove", help="take a debate out of the library",
        description="Take a debate, its older versions and its vectors off the record. No other debate is touched.",
    )  # fmt: skip
    remove.add_argument("debate", metavar="DEBATE", help="its id or the beginning of it, or its title")
    remove.set_defaults(run="remove")
    people = commands.add_parser(
        "people", help="who speaks in which debates, and who is one person",
        description="Speakers of several debates are taken for one person when their names agree and their roles do "
        "not contradict. A speaker is written DEBATE:NAME.",
    )  # fmt: skip
    for option, text in (("apart", "are two people"), ("same", "are one person"), ("forget", "go by names again")):
        people.add_argument(f"--{option}", nargs=2, metavar=("A", "B"), default=[], help=f"these two {text}")
    people.add_argument("--json", action="store_true", help="print as JSON")
    people.set_defaults(run="people")
    for parser in (listed, remove, people):
        parser.add_argument(
            "--data", metavar="FOLDER", type=Path, help="data folder (default: $DEBATE_HOME or the platform's)"
        )


def _add_copying(commands: argparse._SubParsersAction[Parser], place: Parser) -> None:
    back = commands.add_parser("backup", parents=[place], help="copy all conversations and debates to a file")
    back.add_argument("file", metavar="FILE", type=Path, help="a new file; a server may be running meanwhile")
    bring = commands.add_parser("restore", parents=[place], help="bring a backup back; what was there stays beside it")
    bring.add_argument("file", metavar="FILE", type=Path, help="made by `debate backup`")
    mend = commands.add_parser(
        "repair", parents=[place], help="rescue what can be read of a damaged database",
        description="Rescue what can be read into a new database; the damaged one is kept. Exit 1 if some "
        "conversations could not be read.",
    )  # fmt: skip
    for parser, deed in ((back, "backup"), (bring, "restore"), (mend, "repair")):
        parser.set_defaults(run="copy", deed=deed)
    doctor = commands.add_parser(
        "doctor", parents=[place], help="check this installation, or how a file is read; exit 1 if it is broken"
    )
    doctor.add_argument("file", metavar="FILE", nargs="?", type=Path, help="a transcript: its whole reading report")
    doctor.add_argument("--repair", action="store_true", help="first mend what can be mended; nothing is thrown away")
    doctor.add_argument("--json", action="store_true", help="print as JSON")
    doctor.set_defaults(run="doctor")
    drill = commands.add_parser(
        "drill", help="put this installation under fire and print what holds",
        description="Alter, kill, fill, flood and stall a copy of everything on this machine alone, and print each "
        "promise with its figure. Nothing of yours is touched. Exit 1 where a promise falls short.",
    )  # fmt: skip
    drill.add_argument("--only", metavar="NAME", action="append", default=[], help="this drill only (may be repeated)")
    drill.add_argument("--json", action="store_true", help="print as JSON")
    drill.set_defaults(run="drill")


def _add_serving(commands: argparse._SubParsersAction[Parser], place: Parser) -> None:
    page = commands.add_parser(
        "ui", parents=[place], help="the chat in your browser", description="Serve the page on this machine alone."
    )
    page.add_argument("--port", type=_count, default=7860, metavar="N", help="0 takes a free one (default: 7860)")
    page.add_argument("--no-browser", action="store_true", help="do not open a browser (default: open one)")
    page.set_defaults(run="ui")
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
    serve.set_defaults(run="serve")
    mcp = commands.add_parser("mcp", parents=[place], help="speak the Model Context Protocol on stdin and stdout")
    mcp.set_defaults(run="mcp")
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
