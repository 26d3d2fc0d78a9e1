"""Is an exported answer still what the transcript says? Reads our JSON and Markdown; imports nothing heavy.

Every quotation is made again from its sentence ids and compared: words, spans, time, speaker, originator, translation
and hash. Recorded calculations are run again. Quotation marks in our own words must hold what was said. The checksum
then covers everything else. Exports from before times were kept hold none; those that do must hold the right ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from pydantic import ValidationError

from assistant.library.types import Card
from assistant.proof import (
    READ,
    calculation_problems,
    claim_problems,
    first_difference,
    quote_problems,
    unsaid,
    written,
)
from assistant.types import Answer
from corpus.errors import DebateError
from corpus.library import Debate, date_of_debate, debate_on_record, open_debate
from corpus.quotes import quote_sentences, spans_of, spans_within
from corpus.store import Store
from corpus.types import Quote, Span
from corpus.words import words_of
from ui.docx_file import quotations_of
from ui.errors import NotAnExportError
from ui.export import (
    FORMAT,
    VERSION,
    attribution,
    canonical,
    checksum,
    checksum_line,
    notes_hash,
    unescape,
)
from ui.layout import visible
from ui.palette import initials
from ui.words import LANGUAGES, word

_REFERENCE = re.compile(
    r"^`\[(?P<ids>t\d+\.\d+(?: t\d+\.\d+)*)\] (?P<spans>\d{1,9}:\d{1,9}(?:\+\d{1,9}:\d{1,9})*) "
    r"sha256:(?P<sha>[0-9a-f]{64})`$",
    re.ASCII,
)
_CHECKSUM_LINE = re.compile(rf"\n[^\n]*`{FORMAT} (?P<version>\d{{1,3}}) sha256:(?P<sha>[0-9a-f]{{64}})`\s*\Z", re.ASCII)
_NOTES = re.compile(r"(?:注释|Notes): SHA-256 `(?P<sha>[0-9a-f]{64})`")
_TELLS_PARTS = 2  # the version since which a quotation in part says so
_OTHER_NOTES = "the notes here are not those it was made with: translations and originators may differ for that alone"
_REFUSED = re.compile(r"输入项 .{1,40}? 读到的是|Input .{1,60}? was read as")  # a calculator's refusal
_OURS = re.compile(rf'{FORMAT}|"transcript_sha256"|SHA-256 `[0-9a-f]{{64}}`|\] \d+:\d+[\d:+]* sha256:', re.ASCII)
_MAX_BYTES = 64_000_000


class Finding(NamedTuple):
    """Something that is not as it was exported."""

    where: str
    problem: str


@dataclass
class Report:
    """What was checked, and what was found altered."""

    answers: int = 0
    quotes: int = 0
    calculations: int = 0
    findings: list[Finding] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)  # quotations that hold only part of their sentences
    unchecked: list[str] = field(default_factory=list)  # what could not be compared, and why

    @property
    def empty(self) -> bool:
        """Whether there was nothing to verify."""
        return not (self.quotes or self.calculations)

    def add(self, where: str, problem: str) -> None:
        """Record an alteration."""
        self.findings.append(Finding(where, problem))


def verify_export(data: bytes, debate: Debate, *, quotes_only: bool = False) -> Report:
    """Check an exported file against a debate.

    Args:
        data: the file.
        quotes_only: leave the checksum aside, for a document whose own words somebody has edited.

    Raises:
        NotAnExportError: There is nothing of ours in the file.
    """
    in_word = data[:2] == b"PK"
    text = quotations_of(data) if in_word else data.decode("utf-8-sig", "replace")
    if not _OURS.search(text):
        raise NotAnExportError("This file is no export of ours; make one with `debate export` or `debate ask --json`.")
    report = Report()
    if text.lstrip()[:1] == "{":
        _check_json(text, debate, report, quotes_only)
    else:
        # Word keeps no line of ours as it was written: there the quotations are what is verified.
        _check_markdown(text.replace("\r\n", "\n"), debate, report, quotes_only or in_word)
    return report


# ── JSON ──


def _check_json(text: str, debate: Debate, report: Report, quotes_only: bool) -> None:
    try:
        document = json.loads(text, object_pairs_hook=_without_twins)
        content = canonical(document)
    except (ValueError, RecursionError) as error:
        report.add("file", f"it is damaged and cannot be read as JSON ({error})")
        return
    if "answers" not in document and "quotes" in document:  # what `ask --json` prints
        _check_answer("answer", document, debate, report)
        return
    if not quotes_only and document.get("checksum") != checksum(content):
        report.add("file", "its content is not what was exported (the checksum differs)")
    about = document.get("transcript")
    if not isinstance(about, dict) or about.get("sha256") != debate.transcript.sha256:
        report.add("file", _other_transcript(about.get("sha256") if isinstance(about, dict) else None, debate))
    noted = document.get("notes")
    if noted is not None and noted != notes_hash(debate):
        report.unchecked.append(_OTHER_NOTES)
    answers = document.get("answers")
    if document.get("format") != FORMAT or not isinstance(answers, list):
        report.add("file", "it is damaged: the format or the list of answers is missing")
        return
    for number, answer in enumerate(answers, start=1):
        _check_answer(f"answer {number}", answer, debate, report)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _check_answer(where: str, data: object, debate: Debate, report: Report) -> None:
    report.answers += 1
    if not isinstance(data, dict):
        report.add(where, "it is damaged: not an object")
        return
    fields = {key: value for key, value in data.items() if key != "abstained"}
    try:
        answer = Answer.model_validate_json(json.dumps(fields))
    except ValidationError as error:
        first = error.errors()[0]
        report.add(where, f"field {'.'.join(map(str, first['loc']))} is damaged ({first['msg']})")
        return
    for problem in answer.altered:
        report.add(where, f"it had been altered before it was exported: {problem}")
    if data.get("abstained", answer.abstained) is not answer.abstained:
        report.add(where, "the field abstained contradicts the answer")
    if answer.transcript_sha256 != debate.transcript.sha256:
        report.add(where, _other_transcript(answer.transcript_sha256, debate))
    nearest = answer.abstention.nearest if answer.abstention else ()
    for number, quote in enumerate((*answer.quotes, *nearest), start=1):
        report.quotes += 1
        for problem in quote_problems(quote, debate):
            report.add(f"{where}, quote {number} ({quote.speaker}, {quote.turn_id})", problem)
    for problem in claim_problems(answer, debate):
        report.add(where, problem)
    for trace in answer.calculations:
        report.calculations += 1
        for problem in calculation_problems(trace, debate):
            report.add(f"{where}, {trace.calculator}", problem)


# ── Markdown ──


def _check_markdown(text: str, debate: Debate, report: Report, quotes_only: bool) -> None:
    report.answers = len(re.findall(r"^## \d+\. ", text, re.MULTILINE))
    version = _check_last_line(text, report, quotes_only)
    noted = _NOTES.search(text)
    if noted is not None and noted["sha"] != notes_hash(debate):
        report.unchecked.append(_OTHER_NOTES)
    marks = tuple(word("altered", language, why="\0").split("\0")[0][:20] for language in LANGUAGES)
    for number, row in enumerate(text.split("\n"), start=1):
        if row.startswith(marks):
            report.add(f"line {number}", "it had been altered before it was exported")
    tags = initials(debate.transcript.speakers)
    for number, rows in _blockquotes(text):
        report.quotes += 1
        for problem in _block_problems(rows, debate, tags, report, number, version):
            report.add(f"line {number}", problem)
    for number, problem in _prose_problems(text, debate):
        report.add(f"line {number}", problem)


def _check_last_line(text: str, report: Report, quotes_only: bool) -> int:
    """Compare the checksum; the version that the export says it has."""
    body, _, last = text.rstrip("\n").rpartition("\n\n")
    body += "\n"
    found = _CHECKSUM_LINE.fullmatch(f"\n{last}")
    version = int(found["version"]) if found is not None else VERSION
    if quotes_only:
        report.unchecked.append("our own words around the quotes, as asked")
    elif found is None:
        report.add("file", "the checksum line at its end is missing or damaged")
    elif last not in (checksum_line(body, "zh", version), checksum_line(body, "en", version)):
        report.add("file", "its content is not what was exported (the checksum differs)")
    return version


def _prose_problems(text: str, debate: Debate) -> Iterator[tuple[int, str]]:
    """What is wrong outside of quotations: glosses that are not ours, quotation marks around what nobody said."""
    rows = text.split("\n")
    asked = [unescape(row) for row in rows if row.startswith("## ")]
    glosses = tuple(f"[{word('gloss', language)}]" for language in LANGUAGES)
    calculation = tuple(f"**{word('calculation', language)}:" for language in LANGUAGES)
    ids: tuple[str, ...] = ()
    computed = False  # within a calculation, whose own wording repeats inputs in quotation marks
    for number, row in enumerate(rows, start=1):
        told = unescape(row)
        if row.startswith(">"):
            reference = _REFERENCE.match(row[1:].strip())
            ids = tuple(reference["ids"].split(" ")) if reference else ids
        elif told.startswith(glosses):
            yield from ((number, problem) for problem in _gloss_problems(told, ids, debate))
        elif row.startswith("#"):
            computed = False
        else:
            computed = computed or row.startswith(calculation)
            short = READ if computed or _REFUSED.match(told) else 0
            for words in unsaid(told, debate, *asked):
                if len(words) > short:
                    yield number, f"“{words[:60]}” stands in quotation marks outside a quotation, and nobody said it"


def _gloss_problems(told: str, ids: tuple[str, ...], debate: Debate) -> Iterator[str]:
    try:
        true = quote_sentences(debate.transcript, ids, debate.notes).gloss
    except DebateError:
        yield "this translation belongs to no quotation"
        return
    shown = told.partition("] ")[2]
    if " ".join((true or "").split()) != shown:
        yield f"the translation “{shown[:60]}” is not the one in the notes, “{(true or '')[:60]}”"


def _blockquotes(text: str) -> Iterator[tuple[int, list[str]]]:
    """Blockquotes as (line from 1, rows without the mark); never str.splitlines, which splits inside quoted words."""
    rows: list[str] = []
    first = 0
    for number, row in enumerate([*text.split("\n"), ""], start=1):
        if row.startswith(">"):
            first = first if rows else number
            rows.append(row[1:].removeprefix(" "))
        elif rows:
            yield first, rows
            rows = []


def _block_problems(
    rows: list[str], debate: Debate, tags: Mapping[str, str], report: Report, line: int, version: int
) -> Iterator[str]:
    reference = _REFERENCE.match(rows[-1])
    if reference is None or len(rows) < 5 or rows[-2] or rows[-4]:
        yield "this quotation has lost its form or its reference line, so it cannot be checked"
        return
    transcript = debate.transcript
    if reference["sha"] != transcript.sha256:
        yield _other_transcript(reference["sha"], debate)
    ids = reference["ids"].split(" ")
    ends = [tuple(map(int, span.split(":"))) for span in reference["spans"].split("+")]
    spans = tuple(Span(start=start, end=end) for start, end in ends)
    start, end = spans[0].start, spans[-1].end
    try:
        around = quote_sentences(transcript, ids, debate.notes)
    except DebateError as error:
        yield str(error)
        return
    first, last = transcript.sentence(ids[0]), transcript.sentence(ids[-1])
    if not (first.start <= start < first.end and last.start < end <= last.end):
        yield f"its span {start}:{end} does not lie in {ids[0]}–{ids[-1]} ({around.start}:{around.end})"
        return
    if spans != (stand := spans_within(around, start, end)):
        yield f"its span is {written(spans)}, the words stand at {written(stand)}"
    shown = "\n".join(rows[:-4])
    spoken = words_of(transcript.raw, [(span.start, span.end) for span in stand], transcript.notation)
    if not (shown.startswith("“") and shown.endswith("”")):
        yield "the words are no longer in quotation marks"
    elif unescape(shown[1:-1]) != spoken:
        yield first_difference(spoken, unescape(shown[1:-1]))
    timeless = around.model_copy(update={"time": None})
    whole = {f"— {attribution(quote, tags, language)}" for language in LANGUAGES for quote in (around, timeless)}
    told = whole
    if stand != spans_of(around):
        report.partial.append(f"line {line} holds only part of {' '.join(ids)}")
        if version >= _TELLS_PARTS and rows[-3] in whole:
            yield f"it holds only part of {' '.join(ids)}, and does not say so"
        told = whole | {f"{credit} {word('in_part', language)}" for credit in whole for language in LANGUAGES}
    if rows[-3] not in told:
        yield f"the line that says whose words they are should read: — {attribution(around, tags, 'en')}"


def _other_transcript(sha256: object, debate: Debate) -> str:
    return (
        f"it is about the transcript {str(sha256)[:12]}…, not {debate.transcript.sha256[:12]}…; "
        "give the right file by --transcript"
    )


def verify_file(
    name: str, transcript: Path | None, *, quotes_only: bool, stdin: TextIO, out: TextIO, folder: Path | None = None
) -> int:
    """Check a file (or standard input, "-") and print what was found.

    Args:
        folder: data folder with the debates of an answer from several.

    Returns:
        1 when something was altered or there was nothing to verify, else 0.

    Raises:
        NotAnExportError: It cannot be read, or is none of ours.
        TranscriptParseError: The transcript cannot be read.
    """
    try:
        if name == "-":
            buffer = getattr(stdin, "buffer", None)
            data = buffer.read(_MAX_BYTES + 1) if buffer is not None else stdin.read().encode()
        else:
            with Path(name).open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise NotAnExportError(f"Cannot read {name} ({error.strerror}); give a file from `debate export`.") from error
    if len(data) > _MAX_BYTES:
        raise NotAnExportError(f"{name} is larger than {_MAX_BYTES // 1_000_000} MB; an export is not.")
    many = _many(data)
    if many is not None:
        return _print(verify_many(many, folder), None, out)
    debate = open_debate(transcript)
    report = verify_export(data, debate, quotes_only=quotes_only)
    return _print(report, debate, out)


def _many(data: bytes) -> dict[str, Any] | None:
    """An answer from several debates, as `ask --in … --json` prints it; None for anything else."""
    try:
        document = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_without_twins)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and isinstance(document.get("parts"), list) else None


def verify_many(document: dict[str, Any], folder: Path | None) -> Report:
    """Check each part of an answer against its own debate on record, older versions included.

    Raises:
        StoreError: There is no record.
    """
    report = Report()
    with Store.open(folder, write=False) as store:
        for number, part in enumerate(document["parts"], start=1):
            where = f"part {number}"
            try:
                card, answer = Card.model_validate(part["debate"]), part["answer"]
                debate = debate_on_record(store, card.sha256)
                named = store.shelved(card.sha256)
            except (KeyError, TypeError, ValidationError):
                report.add(where, "it is damaged: no debate and answer")
                continue
            except DebateError as error:
                report.add(where, str(error))
                continue
            told = Card(
                id=named.id, title=debate.transcript.title or named.name, date=date_of_debate(debate, named.name),
                sha256=named.sha256,
            )  # fmt: skip
            if card != told:
                report.add(where, f"it names another debate or date than {told.label('en')} [{told.id}]")
            _check_answer(where, answer, debate, report)
        for number, found in enumerate(document.get("nearest", ()), start=1):
            report.quotes += 1
            try:
                quote = Quote.model_validate(found["quote"])
                problems = list(quote_problems(quote, debate_on_record(store, str(found["debate"]["sha256"]))))
            except (KeyError, TypeError, ValidationError, DebateError) as error:
                problems = [f"it cannot be checked ({' '.join(str(error).split())[:80]})"]
            for problem in problems:
                report.add(f"nearest quote {number}", problem)
    return report


def _print(report: Report, debate: Debate | None, out: TextIO) -> int:
    for finding in report.findings:
        out.write(f"altered: {visible(finding.where)}: {visible(finding.problem)}\n")
    for told in report.partial:
        out.write(f"in part: {visible(told)}\n")
    for told in report.unchecked:
        out.write(f"not checked: {visible(told)}\n")
    counted = ((report.answers, "answer"), (report.quotes, "quote"), (report.calculations, "calculation"))
    checked = ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counted)
    if report.findings:
        out.write(f"{len(report.findings)} altered in {checked}.\n")
        return 1
    if report.empty:
        out.write(f"nothing to verify: {checked}.\n")
        return 1
    stands = f"transcript {debate.transcript.sha256[:16]}…" if debate is not None else "its debate on record"
    out.write(f"verified: {checked}; every quote is as it stands in {stands}.\n")
    return 0
