"""Answers → Markdown and JSON that prove themselves. Pure; ``ui.verify`` reads both back.

In Markdown every quotation is a blockquote of three paragraphs, and nothing else is a blockquote:

    > “我甚至在会议上听到谷歌公开说,他们7年前的TPU至今仍满负荷运转。”
    >
    > — EX Ethan Xu, relaying Google · t12.4
    >
    > `[t12.4] 4463:4496 sha256:a1195c42f186…`

The reference line holds the sentence ids, the half-open spans in code points of the transcript file (several where the
words stand in pieces: ``120:164+180:201``), and the file's SHA-256. Where the file tells times, the moment stands after
the sentence ids. Both formats end in a checksum of the whole export, so that a change to our own words shows as well.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from assistant.calculators.trace import Argument, CalculationTrace
from assistant.proof import Reference, borrowed_words, locate
from assistant.types import Answer, Claim
from assistant.wording import checked, checks, named
from corpus.library import Debate
from corpus.quotes import quote_sentences, spans_of
from corpus.types import UNKNOWN_NAME, Quote
from ui.calculation import origin_text
from ui.citation import is_foreign, moment, relation, sentence_range
from ui.numbers import format_value
from ui.palette import initials
from ui.words import Language, word

FORMAT = "debate-export"
VERSION = 2  # 1 told neither the notes nor that a quotation is only part of its sentences
MAKER = "debate-assistant"

_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~&$#!]")
# Control, bidirectional, zero-width and tag characters; a newline is not among them.
_UNSAFE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|&#(\d{1,7});")


class Conversation(NamedTuple):
    """What is exported: answers in order, over one transcript."""

    title: str
    answers: tuple[Answer, ...]
    thread: str | None = None


def escape(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no HTML, no invisible characters. ``unescape`` undoes it."""
    return _UNSAFE.sub(lambda m: f"&#{ord(m[0])};", _MARKDOWN.sub(lambda m: f"\\{m[0]}", text))


def unescape(markdown: str) -> str:
    """The text that ``escape`` was given."""
    return _ESCAPED.sub(lambda m: m[1] if m[1] else chr(min(int(m[2]), 0x10FFFF)), markdown)


def checksum(content: str) -> str:
    """SHA-256 of an export's content; line ends and a byte order mark do not count."""
    plain = content.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n")
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def canonical(document: Mapping[str, JsonValue]) -> str:
    """The part of a JSON export that its checksum covers, in one spelling: indentation and key order do not count."""
    content = {key: value for key, value in document.items() if key != "checksum"}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


# ── JSON ──


def export_json(conversation: Conversation, debate: Debate) -> str:
    """The whole conversation, every field of every answer, as indented JSON."""
    transcript = debate.transcript
    document: dict[str, JsonValue] = {
        "format": FORMAT,
        "version": VERSION,
        "transcript": {"id": transcript.id, "title": transcript.title, "sha256": transcript.sha256},
        "notes": notes_hash(debate),
        "thread": conversation.thread,
        "title": conversation.title,
        "answers": [answer.model_dump(mode="json") for answer in conversation.answers],
    }
    document["checksum"] = checksum(canonical(document))
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


# ── Markdown ──


def export_markdown(conversation: Conversation, debate: Debate) -> str:
    """The conversation as a document to read, print or paste; each quotation carries its reference."""
    language: Language = conversation.answers[0].language if conversation.answers else "en"
    body = "\n".join(_document(conversation, debate, language)).rstrip("\n") + "\n"
    return f"{body}\n{checksum_line(body, language)}\n"


def notes_hash(debate: Debate) -> str:
    """SHA-256 of the notes that glosses, originators and stances come from."""
    return hashlib.sha256(debate.notes.model_dump_json().encode("utf-8", "surrogatepass")).hexdigest()


def checksum_line(body: str, language: Language, version: int = VERSION) -> str:
    """The last line of a Markdown export."""
    return f"{word('checksum', language)}: `{FORMAT} {version} sha256:{checksum(body)}`"


def _document(conversation: Conversation, debate: Debate, language: Language) -> Iterator[str]:
    transcript = debate.transcript
    yield f"# {escape(_one_line(conversation.title))}"
    yield ""
    facts = [f"{word('transcript', language)}: {escape(_one_line(transcript.title))} · SHA-256 `{transcript.sha256}`"]
    facts.append(f"{word('notes_hash', language)}: SHA-256 `{notes_hash(debate)}`")
    if conversation.thread:
        facts.append(escape(word("thread", language, id=conversation.thread)))
    facts.append(word("exported", language, maker=MAKER))
    yield " · ".join(facts)
    yield ""
    yield f"*{word('legend', language)}*"
    tags = initials(transcript.speakers)
    for number, answer in enumerate(conversation.answers, start=1):
        yield ""
        yield f"## {number}. {escape(_one_line(answer.question))}"
        yield ""
        yield from _answer(answer, debate, tags)


def _claimed(claim: Claim) -> str:
    """Our words as Markdown; those withdrawn struck through."""
    return f"~~{escape(_one_line(claim.withdrawn))}~~" if claim.withdrawn else escape(_one_line(claim.text))


def _answer(answer: Answer, debate: Debate, tags: Mapping[str, str]) -> Iterator[str]:
    language, sha256, shown = answer.language, debate.transcript.sha256, set[int]()
    if answer.altered:
        yield from _paragraph(word("altered", language, why="; ".join(answer.altered)))
    if answer.trouble:
        yield from _paragraph(word("trouble", language, why=answer.trouble))
    if answer.abstention is not None:
        yield from _paragraph(answer.abstention.message)
    if answer.lead:
        yield from _paragraph(answer.lead)
    if answer.table is not None:
        yield markdown_table(answer.table.columns, answer.table.rows).rstrip()
        yield ""
    yield from _prose(answer, sha256, tags, shown)
    for claim in answer.claims:
        if claim.block is not None:
            continue
        if claim.text or claim.speaker:
            who = f"**{escape(tagged(claim.speaker, tags, language))}**" if claim.speaker else ""
            yield " — ".join(part for part in (who, _claimed(claim)) if part)
            yield ""
            if status := checked(claim, language):
                yield from _paragraph(f"({status})")
        for at in claim.quotes:
            quote = answer.quotes[at]
            if at in shown:
                yield from _paragraph(f"({word('seen', language, ref=sentence_range(quote.sentence_ids))})")
            else:
                yield from quote_block(quote, sha256, tags, language)
            shown.add(at)
    for at, quote in enumerate(answer.quotes):
        if at not in shown:
            yield from quote_block(quote, sha256, tags, language)
    for note in answer.notes:
        yield from _paragraph(note.text)
    if told := checks(answer):
        yield from _paragraph(told)
    if answer.abstention is not None and answer.abstention.nearest:
        yield from _paragraph(f"{word('nearest', language)}:")
        for quote in answer.abstention.nearest:
            yield from quote_block(quote, sha256, tags, language)
    for trace in answer.calculations:
        yield from calculation_rows(trace, debate, tags, language)


def _prose(answer: Answer, sha256: str, tags: Mapping[str, str], shown: set[int]) -> Iterator[str]:
    """A chat model's prose, line by line, each followed by the quotes that it rests on."""
    language, row = answer.language, 0
    for block, claims in itertools.groupby(answer.claims, key=lambda claim: claim.block):
        if block is None:
            continue
        sentences = [*claims]
        told = []
        for claim in sentences:
            status = checked(claim, language) if claim.verdict != "supported" else ""
            if claim.text or claim.withdrawn:
                told.append(_claimed(claim) + (f" ({escape(status)})" if status else ""))
        line = " ".join(told)
        if line and sentences[0].shape == "row":
            row += 1
            yield "| " + line.replace("\\|", "|") + " |"
            if row == 1:
                yield "|" + " --- |" * (line.count("\\|") + 1)
        elif line:
            if row:
                yield ""
            row = 0
            marks = {"bullet": ("- ", ""), "heading": ("**", "**")}.get(sentences[0].shape, ("", ""))
            yield f"{marks[0]}{line}{marks[1]}"
            yield ""
        for at in dict.fromkeys(at for claim in sentences for at in claim.quotes):
            if at not in shown and sentences[0].shape != "row":  # a row's stand below the table
                yield from quote_block(answer.quotes[at], sha256, tags, language)
                shown.add(at)
    if row:
        yield ""


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; bars within a cell are escaped."""

    def row(cells: Sequence[str]) -> str:
        return "| " + " | ".join(escape(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"

    return f"{row(columns)}{'|---' * len(columns)}|\n{''.join(map(row, rows))}\n"


def quote_block(quote: Quote, sha256: str, tags: Mapping[str, str], language: Language) -> Iterator[str]:
    """One quotation: words, attribution, reference; our gloss follows outside of the blockquote."""
    reference = Reference(quote.sentence_ids, spans_of(quote), sha256)
    yield from _block(quote.text, attribution(quote, tags, language), reference)
    if is_foreign(quote, language):
        yield from _paragraph(f"[{word('gloss', language)}] {quote.gloss}")


def _block(text: str, credit: str, reference: Reference) -> Iterator[str]:
    for row in f"“{escape(text)}”".split("\n"):
        yield f"> {row}"
    yield from (">", f"> — {credit}", ">", f"> `{reference}`", "")


def attribution(quote: Quote, tags: Mapping[str, str], language: Language) -> str:
    """ "RL Rob Li, relaying Jason Furman · t12.4–6 · 0:39", escaped; the time links to the recording, if any."""
    said = relation(quote, language)
    who = tagged(quote.speaker, tags, language) + (f", {said}" if said else "")
    return f"{escape(who)} · {sentence_range(quote.sentence_ids)}{moment(quote)}"


def tagged(name: str, tags: Mapping[str, str], language: Language) -> str:
    """Initials and name; that nobody knows, where nobody does."""
    if name == UNKNOWN_NAME:
        return named(name, language)
    letters = tags.get(name, "")
    return f"{letters} {name}" if letters and letters != name else name


def _paragraph(text: str) -> Iterator[str]:
    yield escape(_one_line(text))
    yield ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def calculation_rows(
    trace: CalculationTrace, debate: Debate, tags: Mapping[str, str], language: Language
) -> Iterator[str]:
    """A calculation: result, inputs with their origin, outputs, formula, remarks, and borrowed words as quotes."""
    yield f"**{word('calculation', language)}: {escape(trace.title[language])}** (`{escape(trace.calculator)}`)"
    yield ""
    yield from _paragraph(trace.summary[language])
    yield from _table(
        [word(key, language) for key in ("input", "value", "origin")],
        [
            [a.label[language], format_value(a.value, a.unit, language, shown=None), _origin(a, language)]
            for a in trace.arguments
        ],
    )
    yield from _table(
        [word("result", language), word("value", language)],
        [[r.label[language], format_value(r.value, r.unit, language, shown=None)] for r in trace.outputs],
    )
    yield f"{word('equation', language)}: {escape(_one_line(trace.equation))}"
    yield ""
    for note in trace.notes:
        by = f" ({note.source})" if note.source else ""
        yield f"- {word(f'note_{note.kind}', language)}: {escape(_one_line(note.text[language] + by))}"
    if trace.notes:
        yield ""
    for words, speaker, sentence_id in borrowed_words(trace):
        reference = locate(words, speaker, sentence_id, debate.transcript)
        if reference is not None:
            around = quote_sentences(debate.transcript, reference.sentence_ids, debate.notes)
            credit = attribution(around, tags, language)
            if reference.spans != spans_of(around):
                credit += f" {word('in_part', language)}"
            yield from _block(words, credit, reference)


def _origin(argument: Argument, language: Language) -> str:
    origin = argument.origin
    if origin.kind == "quote":  # the words themselves stand in a quotation below the tables
        return " · ".join(p for p in (word("quote_of", language), origin.speaker, origin.sentence_id) if p)
    return origin_text(origin, language)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headers)} |"
    yield "|" + " --- |" * len(headers)
    for row in rows:
        yield f"| {' | '.join(escape(_one_line(cell)) for cell in row)} |"
    yield ""
