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
from typing import TYPE_CHECKING

from assistant import environment
from ui.cli.parsers import PROGRAM, Parser, build_parser

if TYPE_CHECKING:
    from ui.session import Place
    from ui.words import Language


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
            what = "write the output" if error.filename is None else f"use {error.filename}"
            sys.stderr.write(f"{PROGRAM}: Cannot {what} ({error.strerror or error}); is there space, and may you?\n")
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
        status: int = (
            run(arguments[1:]) if parsed is None else globals()[f"_{parsed.run}"](parsed)
        )  # the parser names it
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
    question, files = checked_question(question), parsed.transcript or []
    parsed.transcript = files[0] if len(files) == 1 else None
    within = [*map(from_argument, parsed.within), *(files if len(files) > 1 or parsed.within else ())]
    thread = _library_thread(parsed, bool(within))
    if within or thread is not None:
        from ui.cli.library import ask_library

        _refuse_with_many(parsed)
        return ask_library(
            question, _place(parsed), within, thread=thread, as_json=parsed.json, out=sys.stdout, err=sys.stderr
        )
    return ask(
        question, _place(parsed), speakers=[from_argument(name) for name in parsed.speaker],
        thread=parsed.thread, instead_of=parsed.instead_of, as_json=parsed.json, out=sys.stdout, err=sys.stderr,
    )  # fmt: skip


def _library_thread(parsed: argparse.Namespace, named: bool) -> str | None:
    """The thread over several debates that is to be gone on with; None where it is none."""
    if parsed.thread is None or parsed.transcript is not None:
        return None
    from ui.cli.library import library_thread

    found = library_thread(_place(parsed), parsed.thread)
    return found or (parsed.thread if named and parsed.thread != "last" else None)


def _refuse_with_many(parsed: argparse.Namespace) -> None:
    from ui.errors import UsageError

    if parsed.instead_of is not None:
        raise UsageError("--instead-of is for threads of one debate; ask anew in this one.")
    if parsed.speaker:
        raise UsageError("--speaker is for one debate; over several, name the person in the question.")


def _people(parsed: argparse.Namespace) -> int:
    from ui.cli.library import people
    from ui.session import Place

    people(Place(data=parsed.data), parsed.apart, parsed.same, parsed.forget, as_json=parsed.json, out=sys.stdout)
    return 0


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

    return verify_file(
        parsed.file,
        parsed.transcript,
        quotes_only=parsed.quotes_only,
        stdin=sys.stdin,
        out=sys.stdout,
        folder=parsed.data,
    )


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


def _list(parsed: argparse.Namespace) -> int:
    from ui.cli.importing import list_debates
    from ui.session import Place

    list_debates(Place(data=parsed.data), older=parsed.older, as_json=parsed.json, out=sys.stdout)
    return 0


def _remove(parsed: argparse.Namespace) -> int:
    from ui.cli.importing import remove_debate
    from ui.session import Place

    remove_debate(Place(data=parsed.data), parsed.debate, sys.stdout)
    return 0


def _copy(parsed: argparse.Namespace) -> int:
    from ui.cli import keeping

    if parsed.deed == "repair":
        return keeping.repair(_place(parsed), sys.stdout)
    deed = keeping.backup if parsed.deed == "backup" else keeping.restore
    return deed(_place(parsed), parsed.file, sys.stdout)


def _drill(parsed: argparse.Namespace) -> int:
    from ui.drill.run import drill

    return drill(parsed.only, as_json=parsed.json, out=sys.stdout, err=sys.stderr)


def _doctor(parsed: argparse.Namespace) -> int:
    if parsed.file is not None:
        from ui.cli.doctor import doctor_file

        return doctor_file(parsed.file, _place(parsed), as_json=parsed.json, out=sys.stdout)
    from ui.cli.doctor import doctor

    return doctor(_place(parsed), as_json=parsed.json, out=sys.stdout, repair=parsed.repair)


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
