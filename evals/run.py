"""Ask a system every question of the suite, save what it says, score what was saved.

Predictions are appended to ``runs/<config>/<revision>/predictions.jsonl`` case by case, so that a run that was stopped
goes on where it was; scores are computed from the file, so that a new measure needs no new answers.

    python -m evals run --suite singles --config ours
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from corpus.library import open_debate
from evals.casebook import CASES, load_cases
from evals.errors import EvaluationError, RunNotFoundError, SystemUnavailableError
from evals.ground import Ground
from evals.jsonl import dump, read_lines
from evals.revision import revision
from evals.score import score_case
from evals.scorers.judged import Judge, open_judge
from evals.statistics import RESAMPLES, aggregate, reliability
from evals.systems import CONFIGS
from evals.types import SUITES, Case, Prediction, Record, Report, Score, ScoredTurn
from evals.workers import Opener, answered, fingerprint

RUNS = Path("runs")
Progress = Callable[[int, int], None]  # (cases done, cases in all)


def run(
    config: str,
    *,
    suites: Sequence[str] = SUITES,
    jobs: int = 2,
    root: Path = RUNS,
    cases_folder: Path = CASES,
    fresh: bool = False,
    progress: Progress | None = None,
    judge: str | None = None,
) -> Path:
    """Run one configuration and score it; returns the folder of the run, with ``report.json`` in it.

    Args:
        suites: Which of singles, conversations, numeric.
        jobs: Worker processes.
        root: Where runs are saved.
        fresh: Forget what an earlier run of this configuration and revision left.
        progress: Told after every case.
        judge: Chat model that judges answers, as LangChain names it; nothing is judged when left out.

    Raises:
        EvaluationError: The configuration or a suite is unknown.
    """
    if config not in CONFIGS:
        raise EvaluationError(f"There is no configuration {config!r}; choose among {', '.join(CONFIGS)}.")
    opened = open_judge(judge) if judge is not None else None
    return run_system(
        config, CONFIGS[config].open, load_cases(cases_folder, suites), root / config / revision(), jobs=jobs,
        fresh=fresh, progress=progress, judge=opened,
    )  # fmt: skip


def run_system(
    name: str,
    opener: Opener,
    cases: Sequence[Case],
    folder: Path,
    *,
    jobs: int = 2,
    fresh: bool = False,
    progress: Progress | None = None,
    resamples: int = RESAMPLES,
    judge: Judge | None = None,
) -> Path:
    """As ``run``, for any system and any cases; with ``jobs`` 0 in this very process.

    A system that cannot be opened leaves a report that says why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    predictions, meta_path = folder / "predictions.jsonl", folder / "run.json"
    if fresh:
        predictions.unlink(missing_ok=True)
        meta_path.unlink(missing_ok=True)
    meta: dict[str, object] = json.loads(meta_path.read_text("utf-8")) if meta_path.is_file() else {}
    meta.setdefault("started", datetime.now(UTC).isoformat(timespec="seconds"))
    meta |= {"config": name, "revision": folder.name, "machine": _machine(), "unavailable": None}
    done = _resume(predictions, cases)
    todo = [case for case in cases if case.id not in done]
    if progress is not None:
        progress(len(done), len(cases))
    try:
        with predictions.open("a", encoding="utf-8", newline="\n") as file:
            for number, (record, cost) in enumerate(answered(opener, todo, jobs), start=len(done) + 1):
                file.write(record.model_dump_json() + "\n")
                file.flush()
                for key, value in cost.items():
                    old = meta.get(key)
                    meta[key] = max(value, old) if isinstance(old, float) else value
                if progress is not None:
                    progress(number, len(cases))
    except SystemUnavailableError as error:
        meta["unavailable"] = str(error)
    finally:
        _write(meta_path, json.dumps(meta, ensure_ascii=False, indent=1) + "\n")
    if judge is not None:
        _judge(folder, cases, judge)
    _write(folder / "report.json", score_run(folder, cases, resamples).model_dump_json() + "\n")
    return folder


def score_run(folder: Path, cases: Sequence[Case], resamples: int = RESAMPLES) -> Report:
    """The report of a saved run over those of its cases that were answered.

    Raises:
        RunNotFoundError: There is no such run.
    """
    meta_path = folder / "run.json"
    if not meta_path.is_file():
        raise RunNotFoundError(f"{folder} holds no run; make one with `python -m evals run`.")
    meta = json.loads(meta_path.read_text("utf-8"))
    transcript = open_debate().transcript
    ground = Ground(transcript)
    records = _resume(folder / "predictions.jsonl", cases)
    turns: list[ScoredTurn] = []
    confidences: dict[tuple[str, int], float] = {}
    judged = _judgements(folder / "judged.jsonl")
    for case in cases:
        record = records.get(case.id)
        if record is None:
            continue
        for turn in score_case(case, record, ground):
            more = judged.get(_key(case, turn.turn, record.asked[turn.turn - 1]), {})
            turns.append(turn.model_copy(update={"scores": turn.scores | more}))
        for number, prediction in enumerate(record.asked, start=1):
            if prediction.confidence is not None:
                confidences[case.id, number] = prediction.confidence
    by_split = {split: [turn for turn in turns if turn.split == split] for split in ("dev", "test")}
    return Report(
        config=meta["config"], revision=meta["revision"], transcript_sha256=transcript.sha256, started=meta["started"],
        machine=meta["machine"], opening_s=meta.get("opening_s"), memory_mb=meta.get("memory_mb"),
        unavailable=meta["unavailable"], aggregates=tuple(aggregate(turns, resamples)),
        reliability={split: reliability(held, confidences) for split, held in by_split.items()}, turns=tuple(turns),
    )  # fmt: skip


def load_report(run: Path) -> Report:
    """The report of a run, given its folder or its report.json.

    Raises:
        RunNotFoundError: There is none, or it was written in another format.
    """
    path = run if run.is_file() else run / "report.json"
    if not path.is_file():
        inside = sorted(run.glob("*/report.json"), key=lambda found: found.stat().st_mtime) if run.is_dir() else []
        if not inside:
            raise RunNotFoundError(f"{run} holds no run; give a folder such as runs/ours/<revision>.")
        path = inside[-1]
    try:
        return Report.model_validate_json(path.read_bytes())
    except ValueError as error:
        raise RunNotFoundError(f"{path} is not a report of this version; run it again.") from error


def _resume(path: Path, cases: Iterable[Case]) -> dict[str, Record]:
    """What was already answered, of cases that have not changed. A last line cut short is cut off the file."""
    if not path.is_file():
        return {}
    _cut(path)
    wanted = {case.id: fingerprint(case) for case in cases}
    found: dict[str, Record] = {}
    for line, value in read_lines(path):
        try:
            record = Record.model_validate(value)
        except ValueError as error:
            raise RunNotFoundError(f"{path}, line {line} was written by another version; run with --fresh.") from error
        if wanted.get(record.case_id) == record.fingerprint:
            found[record.case_id] = record
    return found


def _cut(path: Path) -> None:
    """Cut a last line that was not finished off a file."""
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        _write(path, whole.decode("utf-8"))


def _key(case: Case, turn: int, prediction: Prediction) -> str:
    return f"{case.id}#{turn} {hashlib.sha256(prediction.answer.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _judge(folder: Path, cases: Sequence[Case], judge: Judge) -> None:
    """Judge every answer that was not judged before; a judgement that failed is asked for again."""
    path = folder / "judged.jsonl"
    records, judged = _resume(folder / "predictions.jsonl", cases), _judgements(path)
    with path.open("a", encoding="utf-8", newline="\n") as file:
        for case in cases:
            record = records.get(case.id)
            for number, prediction in enumerate(record.asked if record else (), start=1):
                key = _key(case, number, prediction)
                if key not in judged:
                    scores = judge(case.turns[number - 1], prediction)
                    file.write(dump({"key": key, "scores": [score.model_dump() for score in scores]}) + "\n")
                    file.flush()


def _judgements(path: Path) -> dict[str, dict[str, Score]]:
    if not path.is_file():
        return {}
    _cut(path)
    found: dict[str, dict[str, Score]] = {}
    for _, value in read_lines(path):
        scores = [Score.model_validate(score) for score in value["scores"]]
        if not any(score.why.startswith("the judge failed") for score in scores):
            found[value["key"]] = {score.measure: score for score in scores}
    return found


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)
