"""JSON and JSON lines → turns, whatever service wrote them: found by shape, never by name.

``json_walk`` gives the objects, ``json_records`` those that are speech, ``utterances`` the turns. Here: parsing within
limits, what the document says of itself (title, date, recording, participants), and words split by their times.

    >>> import json
    >>> turns = [{"speaker": "Ann", "text": "Is it late?"}, {"speaker": None, "text": "Yes."}]
    >>> text = json.dumps({"title": "Panel", "turns": turns})
    >>> reading = JsonForms().read(Source(text.encode(), "a.json", text))
    >>> reading.title, [turn.name for turn in reading.turns]
    ('Panel', ['Ann', None])
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain, pairwise

from corpus.errors import TranscriptParseError
from corpus.readers.dates import date_of
from corpus.readers.fields import Moment, moment, plain_key, ranked
from corpus.readers.json_exports import form_of, is_chat, joined
from corpus.readers.json_people import people_in
from corpus.readers.json_records import Record, speech
from corpus.readers.json_walk import Json, Node, nodes, strings
from corpus.readers.reading import Reading, Source
from corpus.readers.utterances import Utterance, in_seconds, lay
from corpus.types import Doubt

MAX_CONTAINERS = 600_000
_START = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’」』）)\]]*(?:\s+|(?<=[。！？…])|(?<=[」』]))")
_MEDIA = re.compile(
    r"^https?://\S+?(?:\.(?:mp3|mp4|m4a|ogg|opus|wav|webm)(?:[?#]|$)|youtu\.?be|vimeo\.com)", re.IGNORECASE
)


class JsonForms:
    """The reader of JSON documents, and of files with one JSON object a line."""

    form = "JSON"

    def claims(self, source: Source) -> float:
        """0.95 where the text begins as JSON does."""
        return 0.95 if source.text is not None and _START.match(source.text.lstrip("\ufeff")) else 0.0

    def read(self, source: Source) -> Reading:
        """Read it.

        Raises:
            TranscriptParseError: It is no JSON, too deep, has too many objects, or no records with words.
        """
        document, lines = _parse((source.text or "").lstrip("\ufeff"))
        found = list(nodes(joined(document)))
        fields = {plain_key(key) for node in found for key in node.value}
        form = form_of(fields)
        form = "JSON lines" if lines and form == "JSON" else form
        names, roles = people_in(found)
        records = speech(found, names)
        if not any(record.name for record in records if not record.note):
            labelled = _labelled(found, form)
            if labelled is not None:
                return labelled
        if not any(record.words.strip() for record in records if not record.note):
            raise TranscriptParseError(
                f"This is {form}, but no list in it has records with words; give each record a `text` and a `speaker`."
            )
        return _reading(form, records, found, roles)


def _parse(text: str) -> tuple[Json, bool]:
    """The document, and whether it came as one object a line."""
    if text.count("{") + text.count("[") > MAX_CONTAINERS:
        raise TranscriptParseError(f"The JSON has more than {MAX_CONTAINERS:,} objects and lists; split the file.")
    try:
        return json.loads(text), False
    except RecursionError:
        raise TranscriptParseError("The JSON is nested too deeply for a transcript; export it again, flat.") from None
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return _parse_lines(text), True
        raise TranscriptParseError(
            f"The JSON breaks off or has a mistake at column {error.colno} ({error.msg}); export it again.",
            error.lineno,
        ) from error
    except ValueError as error:  # a number with thousands of digits
        raise TranscriptParseError(f"The JSON cannot be read ({error}); export it again.") from error


def _parse_lines(text: str) -> list[Json]:
    made: list[Json] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            made.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise TranscriptParseError(
                "This line is not one whole JSON object, as in JSON lines; write each record on a line of its own.",
                number,
            ) from error
    return made


def _reading(form: str, records: Sequence[Record], found: Sequence[Node], roles: dict[str, str]) -> Reading:
    parts = list(chain.from_iterable(_at_sentences(record) for record in records))
    seconds, day = in_seconds([part.moment for part in parts], (part.words for part in parts))
    if is_chat(form):
        seconds = [None] * len(seconds)  # there is no recording
    glued = _bring_blanks(records)
    several = len({record.section for record in records}) > 1
    layer = lay(
        form,
        (
            Utterance(
                part.words, part.name, at, part.role, part.section if several else "",
                part.around, part.siblings if part.siblings in glued else -1, part.note,
            )
            for part, at in zip(parts, seconds, strict=True)
        ),
        "never" if is_chat(form) else "segments",
    )  # fmt: skip
    title, date, recording, facts = _about(found)
    title = title or (records[0].section if not several else "")
    reading = layer.reading(
        title=title, date=date or day or date_of(title), recording=recording, facts=facts, roles=tuple(roles.items())
    )
    mixed = [record for record in records if record.name and record.others - {record.name, ""}]
    if mixed:
        return reading._replace(doubts=(*reading.doubts, _mixed_doubt(mixed, reading)))
    return reading


def _bring_blanks(records: Iterable[Record]) -> set[int]:
    """The lists in which words come with their own blanks ("Good", " evening"), to be put together as they are."""
    total: Counter[int] = Counter()
    spaced: Counter[int] = Counter()
    for record in records:
        total[record.siblings] += 1
        spaced[record.siblings] += record.words != record.words.strip()
    return {siblings for siblings, count in spaced.items() if count > 0.3 * total[siblings]}


def _at_sentences(record: Record) -> list[Record]:
    """A record cut at its sentences, each with the time of its first word, where it lists its words with times."""
    if len(record.singles) < 2:
        return [record]
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(record.words) if match.end() < len(record.words))]
    nowhere = len(record.words), None
    times = iter(_placed(record))
    place, when = next(times, nowhere)
    known = record.moment
    parts: list[Record] = []
    for start, end in pairwise([*starts, len(record.words)]):
        while place < start:
            place, when = next(times, nowhere)
        known = when if start and place < end else known
        parts.append(record._replace(words=record.words[start:end], moment=known))
    return parts


def _placed(record: Record) -> Iterable[tuple[int, Moment]]:
    """Where each single word stands in the text, in order; words that are not in it are passed over."""
    at = 0
    for word, when in record.singles:
        found = record.words.find(word.strip(), at, at + len(word) + 200)
        if found >= 0:
            yield found, when
            at = found + len(word.strip())


def _mixed_doubt(mixed: Sequence[Record], reading: Reading) -> Doubt:
    first = max(reading.raw.find(mixed[0].words.strip()[:40]), 0)
    segments = "1 segment holds" if len(mixed) == 1 else f"{len(mixed)} segments hold"
    why = f"{segments} words that the file itself ascribes to somebody else than the segment; its speaker was kept."
    return Doubt(line=reading.raw.count("\n", 0, first) + 1, why=why)


def _labelled(found: Sequence[Node], form: str) -> Reading | None:
    """A document whose only words are one text with labels in it ("Ann: Yes.\\nBob: No."), or a list of such lines."""
    from corpus.readers.labelled import read_text

    texts: dict[tuple[str, ...], list[str]] = {}
    for node in found:
        for key, value in node.value.items():
            lines = strings(value)
            text = "\n".join(lines) if lines else value
            if isinstance(text, str) and text.count("\n") > 0:
                texts.setdefault((*node.path, key), []).append(text)
    if not texts:
        return None
    raw = "\n\n".join(max(texts.values(), key=lambda parts: sum(map(len, parts))))
    reading = read_text(raw, form)
    if not any(turn.name for turn in reading.turns):
        return None
    title, date, recording, facts = _about(found)
    return reading._replace(
        title=title or reading.title,
        date=date or reading.date,
        recording=recording or reading.recording,
        facts=(*facts, *reading.facts),
    )


def _about(found: Sequence[Node]) -> tuple[str, str, str, list[tuple[str, str]]]:
    """Title, date, recording and facts, by the objects around the records."""
    title = date = recording = ""
    facts: list[tuple[str, str]] = []
    whole = [node for node in found if len(node.path) <= 2 and "*" not in node.path]
    if not whole and sum(node.path == ("*",) for node in found) == 1:
        whole = [node for node in found if node.path == ("*",)]
    for node in whole:
        given = node.value
        title = title or _first_text(given, ranked("title", given))
        date = date or next((day for key in ranked("date", given) if (day := _day(given[key]))), "")
        urls = (str(given[key]) for key in ranked("recording", given) if isinstance(given[key], str))
        recording = recording or next((url for url in urls if _MEDIA.match(url)), "")
        for key in ranked("fact", given):
            listed = strings(given[key])
            value = ", ".join(listed) if listed else given[key]
            if isinstance(value, str) and 0 < len(value) <= 300:
                facts.append((key, value))
    return title, date, recording, facts


def _day(value: Json) -> str:
    found = moment(value) if isinstance(value, int | float) else None
    if found is not None and found.is_absolute:
        return datetime.fromtimestamp(found.seconds, UTC).date().isoformat()
    return date_of(value) if isinstance(value, str) else ""


def _first_text(given: dict[str, Json], keys: Iterable[str]) -> str:
    values = (given[key] for key in keys)
    return next((" ".join(v.split()) for v in values if isinstance(v, str) and 0 < len(v.strip()) <= 300), "")


READERS = (JsonForms(),)
