"""The evaluation's commands: ``python -m evals …``, and ``debate eval …`` through ``register``.

Knows arguments, progress and exit codes: 0 done, 1 measured and found wanting, 2 could not be done. Everything that
takes time to import is imported by the command that needs it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from corpus.errors import DebateError

_SUITES = ("singles", "conversations", "numeric", "all")


def register(subparsers: Any) -> None:
    """Add the commands to a parser's ``add_subparsers()``; each sets ``handle``, which takes the arguments and returns
    the exit code.
    """
    run = _add(subparsers, "run", _run, "ask every question of the suite, save and score the answers")
    run.add_argument("--suite", choices=_SUITES, action="append", help="questions to ask (default: all); repeatable")
    run.add_argument("--config", action="append", help="configuration to run (default: ours); repeatable, or 'all'")
    run.add_argument("--jobs", type=int, default=2, help="worker processes (default: 2)")
    run.add_argument("--runs", type=Path, default=Path("runs"), help="folder of the runs (default: runs)")
    run.add_argument("--fresh", action="store_true", help="ask again what an earlier run of this revision answered")
    run.add_argument("--misses", choices=("dev", "all", "none"), default="dev",
                     help="splits whose misses are listed (default: dev)")  # fmt: skip
    run.add_argument("--judge", default=None, help="chat model that judges faithfulness and relevance, provider:model")

    compare = _add(subparsers, "compare", _compare, "paired test of two runs, question by question")
    compare.add_argument("before", type=Path, metavar="RUN", help="folder of a run")
    compare.add_argument("after", type=Path, metavar="RUN", help="folder of the run to compare with it")
    compare.add_argument("--measure", default="success", help="measure listed question by question (success)")
    compare.add_argument("--show", choices=("dev", "all"), default="dev", help="splits whose questions are listed")

    report = _add(subparsers, "report", _report, "one self-contained HTML file of a run")
    report.add_argument("run", type=Path, metavar="RUN", help="folder of a run")
    report.add_argument("-o", "--output", type=Path, help="file to write (default: report.html in the run)")
    report.add_argument("--show", choices=("dev", "all"), default="dev", help="splits whose misses are listed (dev)")

    predict = _add(subparsers, "predict", _predict, "answer questions of a JSON Lines file")
    predict.add_argument("input", type=Path, metavar="IN.jsonl", help='{"id","question"} or {"id","turns":[…]} a line')
    predict.add_argument("-o", "--output", required=True, type=Path, metavar="OUT.jsonl", help="file, or - to print")
    predict.add_argument("--config", default="ours", help="configuration that answers (default: ours)")

    retrieve = _add(subparsers, "retrieve", _retrieve, "find turns in any speaker-tagged corpus")
    retrieve.add_argument("transcripts", type=Path, metavar="TRANSCRIPTS.jsonl", help="meetings with turns")
    retrieve.add_argument("queries", type=Path, metavar="QUERIES.jsonl", help='{"qid","meeting_id","query"} a line')
    retrieve.add_argument("-o", "--output", required=True, type=Path, metavar="RUN.jsonl", help="file, or - to print")
    retrieve.add_argument("-k", "--passages", type=int, help="passages a query at most (default: every turn is ranked)")
    retrieve.add_argument("--budget", type=int, help="words a query at most (of Chinese, characters; default: no end)")

    _register_suites(subparsers)
    table = _add(subparsers, "table", _table, "the README's table from saved runs")
    table.add_argument("run", type=Path, nargs="*", metavar="RUN", help="runs (default: the latest of each system)")
    table.add_argument("--runs", type=Path, default=Path("runs"), help="folder of the runs (default: runs)")
    table.add_argument("--readme", type=Path, help="file whose table is replaced (default: print)")
    table.add_argument("--check", action="store_true", help="with --readme: only tell whether it is current (exit 1)")

    gate = _add(subparsers, "gate", _gate, "hold a run to the floors")
    gate.add_argument("run", type=Path, nargs="?", metavar="RUN", help="folder of a run (default: run ours now)")
    gate.add_argument("--floors", type=Path, help="floors file (default: evals/floors.toml)")
    gate.add_argument("--jobs", type=int, default=2, help="worker processes (default: 2)")
    gate.add_argument("--runs", type=Path, default=Path("runs"), help="folder of the runs (default: runs)")

    _register_fitting(subparsers)


def _register_suites(subparsers: Any) -> None:
    claims = _add(
        subparsers, "claims", _claims, "judge claims against the sentences that they cite; score labelled ones"
    )
    claims.add_argument("input", type=Path, metavar="IN.jsonl", help='{"id"?,"speaker","sentences","claim"} a line')
    claims.add_argument(
        "-o", "--output", type=Path, metavar="OUT.jsonl", help="verdicts, or - to print (default: a table)"
    )
    claims.add_argument("--transcript", type=Path, metavar="FILE", help="another debate (default: the one that ships)")

    _add(subparsers, "prompts", _prompts, "how long a chat model's prompts are, and how much of each is the last one's")

    reading = _add(subparsers, "reading", _reading, "who said what as read, against references; time and memory")
    reading.add_argument("folder", type=Path, nargs="*", metavar="FOLDER", help="files and their NAME.turns.json")
    reading.add_argument("--worst", type=int, default=20, help="faulty files listed (default: 20)")
    reading.add_argument("--no-cost", action="store_true", help="leave out time and memory of synthetic transcripts")

    unseen = _add(subparsers, "unseen", _unseen, "how well debates are answered that no model has seen, as a table")
    unseen.add_argument("--sealed", action="store_true", help="the fifth that nothing was fitted on; look once")
    _register_library(subparsers)
    answers = _add(subparsers, "answers", _answers, "whether questions are answered and our own words hold, as a table")
    answers.add_argument("--split", choices=("dev", "sealed", "all"), default="dev", help="part that is asked (dev)")
    answers.add_argument("--no-notes", action="store_true", help="only our debate, without its notes")
    answers.add_argument("--by", choices=("family", "kind", "measure"), default="family", help="rows (family)")
    answers.add_argument("--misses", action="store_true", help="list what is not good, of the development part alone")
    answers.add_argument("--check", action="store_true", help="only check the suite against the transcripts")
    _add(subparsers, "meetings", _meetings, "how well turns are found in meetings other than the debate, as a table")

    numbers = _add(subparsers, "numbers", _numbers, "how many numeric questions are answered as asked, as a table")
    numbers.add_argument("--split", choices=("dev", "sealed", "all"), default="dev", help="questions asked (dev)")
    numbers.add_argument("--by", choices=("family", "language"), default="language", help="rows (language)")
    numbers.add_argument("--misses", action="store_true", help="list what went wrong, of the development split only")
    numbers.add_argument("--product", action="store_true", help="ask the whole product, not its reader alone (slow)")


def _register_library(subparsers: Any) -> None:
    library = _add(subparsers, "library", _library, "how well many debates are asked at once, as a table")
    library.add_argument("--sealed", action="store_true", help="every third question; look once")
    library.add_argument("--misses", action="store_true", help="list what went wrong, of the development part alone")
    scale = _add(subparsers, "scale", _scale, "what a library of many debates costs: import, answers, memory, disk")
    scale.add_argument("--debates", type=int, default=20, metavar="N", help="debates to make (20)")
    scale.add_argument("--words", type=int, default=30_000, metavar="N", help="words of each, about (30000)")
    scale.add_argument("--questions", type=int, default=40, metavar="N", help="questions asked, warm (40)")
    scale.add_argument("--encode", action="store_true", help="by the encoder that is meant, not by the quick one")


_STEPS = ("encoder", "acts", "numbers", "doubt", "weights")  # each stands on the one before


def _register_fitting(subparsers: Any) -> None:
    _add(subparsers, "ablation", _ablation, "what each part of finding, choosing and abstaining is worth, as tables")
    fit = _add(subparsers, "fit", _fit, "make anew what is fitted: the encoder, what reads a message, then the weights")
    fit.add_argument("--only", choices=_STEPS, action="append", help="steps (default: all)")
    peers = _add(subparsers, "peers", _peers, "other systems beside ours on debates that nobody annotated, as a table")
    peers.add_argument("--held-out", action="store_true", help="debates that our weights were not fitted on")
    acts = _add(
        subparsers, "acts", _acts, "how well messages are read: act, leaning, matter; files in the lessons' form"
    )
    acts.add_argument("file", type=Path, nargs="+", metavar="FILE", help="labelled messages that are no lessons")
    timed = _add(subparsers, "bench", _bench, "time cold commands against importing the stack, and warm questions")
    timed.add_argument("--runs", type=int, default=5, help="processes of each kind (default: 5)")
    _add(subparsers, "check", _check, "check the cases against the transcript")
    _add(subparsers, "configs", _configs, "list the configurations")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code and prints errors as one sentence on stderr."""
    parser = argparse.ArgumentParser(prog="python -m evals", description="Measure the debate assistant.")
    register(parser.add_subparsers(dest="command", required=True, metavar="COMMAND"))
    arguments = parser.parse_args(argv)
    return dispatch(arguments)


def dispatch(arguments: argparse.Namespace) -> int:
    """The exit code of a parsed command.

    A reader that closes the pipe early, or Ctrl-C, ends it without a traceback.
    """
    try:
        handle: Callable[[argparse.Namespace], int] = arguments.handle
        return handle(arguments)
    except DebateError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; run the same command again to go on.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  # keeps the interpreter's last flush silent
        return 0


def _add(
    subparsers: Any, name: str, handle: Callable[[argparse.Namespace], int], about: str
) -> argparse.ArgumentParser:
    described = f"{about[0].upper()}{about[1:]}."
    parser: argparse.ArgumentParser = subparsers.add_parser(name, help=about, description=described)
    parser.set_defaults(handle=handle)
    return parser


def _run(arguments: argparse.Namespace) -> int:
    from evals.run import load_report, run
    from evals.summary import misses, summary
    from evals.systems import CONFIGS
    from evals.types import SUITES

    chosen = arguments.suite or ["all"]
    suites = [suite for suite in SUITES if suite in chosen or "all" in chosen]
    configs = arguments.config or ["ours"]
    for config in list(CONFIGS) if "all" in configs else configs:
        folder = run(config, suites=suites, jobs=arguments.jobs, root=arguments.runs, fresh=arguments.fresh,
                     progress=_bar(config), judge=arguments.judge)  # fmt: skip
        report = load_report(folder)
        print(summary(report))
        if arguments.misses != "none" and report.unavailable is None:
            print(misses(report, ("dev",) if arguments.misses == "dev" else ("dev", "test")))
        print(f"Saved in {folder}")
    return 0


def _ablation(arguments: argparse.Namespace) -> int:
    from evals.ablation import tables

    for line in tables():
        print(line, flush=True)
    return 0


def _fit(arguments: argparse.Namespace) -> int:
    from importlib import import_module

    for step in _STEPS:
        if step in (arguments.only or (step,)):
            print(f"fitting: {step}", flush=True)
            import_module(f"evals.fit.{step}").main()
    return 0


def _acts(arguments: argparse.Namespace) -> int:
    from evals.fit.acts import read_utterances, score

    print("| File | messages | act | leaning | matter F1 |\n|---|---:|---:|---:|---:|")
    for path in arguments.file:
        messages = read_utterances(path)
        told = score(messages)
        print(f"| {path.name} | {len(messages)} | {told['acts']:.3f} | {told['leans']:.3f} | {told['matter']:.3f} |")
    return 0


def _reading(arguments: argparse.Namespace) -> int:
    from evals import reading, reading_cost

    scores = reading.measure(arguments.folder or [reading.CASES])
    print(reading.table(scores, arguments.worst))
    if not arguments.no_cost:
        print(f"\n{reading_cost.table(reading_cost.costs())}")
    return 0


def _bench(arguments: argparse.Namespace) -> int:
    from evals.bench import bench, table

    print(table(bench(arguments.runs)))
    return 0


def _compare(arguments: argparse.Namespace) -> int:
    from evals.compare import comparison
    from evals.run import load_report

    splits = ("dev",) if arguments.show == "dev" else ("dev", "test")
    print(comparison(load_report(arguments.before), load_report(arguments.after), arguments.measure, splits))
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from evals.report import render
    from evals.run import load_report

    report = load_report(arguments.run)
    folder = arguments.run if arguments.run.is_dir() else arguments.run.parent
    output = arguments.output or folder / "report.html"
    page = render(report, ("dev",) if arguments.show == "dev" else ("dev", "test"))
    with _writable(output) as file:
        file.write(page)
    print(f"Wrote {output}")
    return 0


def _predict(arguments: argparse.Namespace) -> int:
    from evals.errors import EvaluationError
    from evals.predict import read_questions, write_predictions
    from evals.systems import CONFIGS

    conversations = read_questions(arguments.input)
    if arguments.config not in CONFIGS:
        raise EvaluationError(f"There is no configuration {arguments.config!r}; choose among {', '.join(CONFIGS)}.")
    system = CONFIGS[arguments.config].open()
    with _writable(arguments.output) as file:
        failed = write_predictions(conversations, system, file, _bar("predict"))
    for name, reason in failed:
        print(f"{name}: {reason}", file=sys.stderr)
    return 0


def _prompts(arguments: argparse.Namespace) -> int:
    from evals.prompts import economy

    sys.stdout.write(f"{economy()}\n")
    return 0


def _claims(arguments: argparse.Namespace) -> int:
    from corpus.library import open_debate
    from evals.claim_check import read_claims, table, write_verdicts
    from evals.errors import EvaluationError

    claims = read_claims(arguments.input, open_debate(arguments.transcript))
    if arguments.output is not None:
        with _writable(arguments.output) as file:
            write_verdicts(claims, file, _bar("claims"))
        return 0
    if any(claim.label is None for claim in claims) or not claims:
        raise EvaluationError(f'{arguments.input} has claims without a "label"; give -o OUT.jsonl to judge them.')
    print(table(claims))
    return 0


def _unseen(arguments: argparse.Namespace) -> int:
    from evals.unseen import print_unseen

    print_unseen(sys.stdout, sealed=arguments.sealed)
    return 0


def _answers(arguments: argparse.Namespace) -> int:
    from evals.answers.book import PARTS, faults, load

    if arguments.check:
        wrong = list(faults(load()))
        print("\n".join((*wrong, f"{len(wrong)} faults.")))
        return int(bool(wrong))
    from evals.answers.table import COLUMNS, misses, run, table

    items = load(PARTS if arguments.split == "all" else (arguments.split,))
    columns = ("without notes",) if arguments.no_notes else COLUMNS
    outcomes = run(items, columns, _bar("answers"))
    print(table(outcomes, arguments.by))
    if arguments.misses:
        for told in misses(outcomes):
            print(told)
    return 0


def _library(arguments: argparse.Namespace) -> int:
    from evals.library.score import print_library

    return print_library(sys.stdout, sealed=arguments.sealed, misses=arguments.misses)


def _scale(arguments: argparse.Namespace) -> int:
    from evals.scale import print_scale

    print_scale(
        sys.stdout, debates=arguments.debates, words=arguments.words, asked=arguments.questions,
        encode=arguments.encode,
    )  # fmt: skip
    return 0


def _meetings(arguments: argparse.Namespace) -> int:
    from evals.meetings import table

    print(table(_bar("meetings")))
    return 0


def _numbers(arguments: argparse.Namespace) -> int:
    from evals.errors import EvaluationError
    from evals.numbers import ask, table
    from evals.numbers.items import load_items, worded_prompts

    if arguments.misses and arguments.split != "dev":
        raise EvaluationError("Misses are listed of the development split alone; leave out --split.")
    begin = ask.open_product() if arguments.product else ask.ReaderThread
    judged = ask.ask_all(load_items(arguments.split), begin, _bar("numbers"))
    prompts = list(ask.ask_prompts(worded_prompts(arguments.split)))
    print(f"{table.table(judged, arguments.by)}\n\n{table.prompts_table(prompts)}")
    if arguments.misses:
        for line in (*table.misses(judged), *table.prompt_misses(prompts)):
            print(line)
    return 0


def _peers(arguments: argparse.Namespace) -> int:
    from evals.foreign import print_peers

    print_peers(held_out=arguments.held_out, progress=_bar("peers"))
    return 0


def _retrieve(arguments: argparse.Namespace) -> int:
    from evals.errors import EvaluationError
    from evals.jsonl import dump
    from evals.retrieve import read_queries, read_transcripts, retrieve

    if min(arguments.passages or 1, arguments.budget or 1) < 1:
        raise EvaluationError("--passages must be at least 1.")
    meetings = read_transcripts(arguments.transcripts)
    queries = read_queries(arguments.queries, meetings)
    lines = retrieve(meetings, queries, passages=arguments.passages, budget=arguments.budget, progress=_bar("retrieve"))
    with _writable(arguments.output) as file:
        for line in lines:
            file.write(dump(line) + "\n")
            file.flush()
    return 0


def _table(arguments: argparse.Namespace) -> int:
    from evals.errors import EvaluationError
    from evals.run import load_report
    from evals.table import latest, markdown, replace

    runs = arguments.run or latest(arguments.runs)
    text = markdown([load_report(run) for run in runs])
    if arguments.readme is None:
        print(text)
        return 0
    try:
        before = arguments.readme.read_text("utf-8")
    except OSError as error:
        raise EvaluationError(f"Cannot read {arguments.readme}: {error.strerror or error}.") from error
    after = replace(before, text)
    if arguments.check:
        print("The table is current." if after == before else "The table is out of date; run this without --check.")
        return int(after != before)
    arguments.readme.write_text(after, encoding="utf-8", newline="\n")
    print(f"Wrote the table into {arguments.readme}")
    return 0


def _gate(arguments: argparse.Namespace) -> int:
    from evals.gate import FLOORS, hold, read_floors
    from evals.run import load_report, run

    floors = read_floors(arguments.floors or FLOORS)
    folder = arguments.run or run("ours", jobs=arguments.jobs, root=arguments.runs, progress=_bar("ours"))
    verdicts = hold(load_report(folder), floors)
    for verdict in verdicts:
        print(verdict.sentence)
    broken = sum(not verdict.holds for verdict in verdicts)
    print(f"{len(verdicts) - broken} of {len(verdicts)} floors hold.")
    return int(broken > 0)


def _check(arguments: argparse.Namespace) -> int:
    from corpus.library import open_debate
    from evals.casebook import check_cases, load_cases
    from evals.ground import Ground

    cases = load_cases()
    problems = check_cases(cases, Ground(open_debate().transcript))
    asked = sum(len(case.turns) for case in cases)
    print("\n".join(problems) or f"{len(cases)} cases, {asked} questions: no problems.")
    return int(bool(problems))


def _configs(arguments: argparse.Namespace) -> int:
    from evals.systems import CONFIGS

    for config in CONFIGS.values():
        print(f"{config.name:18} {config.about}")
    return 0


def _writable(path: Path) -> IO[str]:
    from evals.errors import EvaluationError

    if str(path) == "-":
        return os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="\n")
    try:
        return path.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise EvaluationError(f"Cannot write {path}: {error.strerror or error}.") from error


def _bar(label: str) -> Callable[[int, int], None] | None:
    """A progress bar on stderr; nothing where stderr is not a terminal."""
    if not sys.stderr.isatty():
        return None

    def shown(done: int, whole: int) -> None:
        width = 30
        filled = width * done // max(whole, 1)
        end = "\n" if done == whole else ""
        bar = "█" * filled + "·" * (width - filled)
        print(f"\r{label:14} {bar} {done}/{whole}", end=end, file=sys.stderr, flush=True)

    return shown
