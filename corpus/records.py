"""A transcript as rows of the record, and back: nothing is parsed, decoded or split again when a debate is opened.

Words are not stored twice: a sentence's text is its pieces of ``raw``, as everywhere.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from corpus.seals import text_seal
from corpus.types import Doubt, Editorial, Section, Sentence, Span, Speaker, Stretch, Transcript, Turn
from corpus.words import Notation, words_of

# Raise it when the same bytes would be read otherwise than before: stored debates are then read from their bytes anew.
READER_VERSION = "2026-11-30"

Rows = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]
_PLAIN = ("form", "notation", "date", "language", "recording")


def save(db: sqlite3.Connection, transcript: Transcript, data: bytes | None) -> None:
    """Write a transcript inside the caller's transaction; an existing record is replaced."""
    sha = transcript.sha256
    facts = {name: getattr(transcript, name) for name in _PLAIN}
    facts |= {
        "facts": transcript.facts,
        "doubts": [(d.line, d.why) for d in transcript.doubts],
        "sections": [(s.title, s.start, s.end) for s in transcript.sections],
        "editorials": [(e.kind, e.start, e.end, e.text) for e in transcript.editorials],
    }
    db.execute(
        "INSERT INTO transcripts (sha256, id, title, raw, bytes, reader, facts) VALUES (?,?,?,?,?,?,?) "
        "ON CONFLICT (sha256) DO UPDATE SET id = excluded.id, title = excluded.title, raw = excluded.raw, "
        "bytes = coalesce(excluded.bytes, bytes), reader = excluded.reader, facts = excluded.facts",
        (sha, transcript.id, transcript.title, transcript.raw, data, READER_VERSION, _json(facts)),
    )
    for table in ("speakers", "turns", "sentences"):
        db.execute(f"DELETE FROM {table} WHERE sha256 = ?", (sha,))
    db.executemany(
        "INSERT INTO speakers VALUES (?,?,?,?,?,?)",
        [
            (sha, at, s.id, s.name, s.role, _json(s.model_dump(exclude={"id", "name", "role"})))
            for at, s in enumerate(transcript.speakers)
        ],
    )
    db.executemany(
        "INSERT INTO turns VALUES (?,?,?,?,?,?,?,?,?)",
        [
            (
                sha,
                t.number,
                t.speaker_id,
                t.section,
                t.start,
                t.end,
                t.line,
                t.seconds,
                _json([_flat(p) for p in t.paragraphs]),
            )
            for t in transcript.turns
        ],
    )
    db.executemany(
        "INSERT INTO sentences VALUES (?,?,?,?,?,?,?)",
        [
            (sha, int(s.turn_id[1:]), s.number, s.start, s.end, s.seconds, _json(_flat(s)) if s.pieces else None)
            for s in transcript.sentences
        ],
    )
    kept = _kept(lambda sql, values: db.execute(sql, tuple(values)).fetchall(), sha)
    db.execute("UPDATE transcripts SET seal = ? WHERE sha256 = ?", (_seal(sha, kept), sha))


def load(rows: Rows, sha256: str) -> Transcript | None:
    """The transcript with that hash; None when it is to be read from its file.

    That is when it is not on record, was read by another version of the readers, or is not what was written.
    """
    found = rows("SELECT 1 FROM transcripts WHERE sha256 = ? AND reader = ?", (sha256, READER_VERSION))
    if not found:
        return None
    kept = _kept(rows, sha256)
    if rows("SELECT seal FROM transcripts WHERE sha256 = ?", (sha256,)) != [(_seal(sha256, kept),)]:
        return None
    ((identifier, title, raw, facts),) = kept[0]
    more = json.loads(facts)
    return Transcript(
        id=identifier,
        title=title,
        raw=raw,
        sha256=sha256,
        **{name: more[name] for name in _PLAIN},
        facts=tuple((k, v) for k, v in more["facts"]),
        doubts=tuple(Doubt(line=line, why=why) for line, why in more["doubts"]),
        sections=tuple(
            Section(number=n, title=t, start=a, end=b) for n, (t, a, b) in enumerate(more["sections"], start=1)
        ),
        editorials=tuple(
            Editorial(id=f"e{n}", kind=kind, start=a, end=b, text=text)
            for n, (kind, a, b, text) in enumerate(more["editorials"], start=1)
        ),
        speakers=tuple(
            Speaker.model_validate({"id": i, "name": n, "role": r} | json.loads(str(more))) for i, n, r, more in kept[1]
        ),
        turns=_turns(kept[2]),
        sentences=_sentences(kept[3], raw, more["notation"]),
    )


def _kept(rows: Rows, sha256: str) -> list[list[tuple[Any, ...]]]:
    """All that is on record of a debate: itself, its speakers, turns and sentences, each in order."""
    return [
        rows(f"SELECT {columns} WHERE sha256 = ? {order}", (sha256,))
        for columns, order in (
            ("id, title, raw, facts FROM transcripts", ""),
            ("id, name, role, more FROM speakers", "ORDER BY position"),
            ("number, speaker_id, section, start, stop, line, seconds, paragraphs FROM turns", "ORDER BY number"),
            ("turn, number, start, stop, seconds, pieces FROM sentences", "ORDER BY turn, number"),
        )
    ]


def _seal(sha256: str, kept: Sequence[Sequence[tuple[Any, ...]]]) -> str:
    return text_seal(sha256, *kept)


def _turns(rows: Sequence[tuple[Any, ...]]) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            id=f"t{number}",
            number=number,
            speaker_id=who,
            section=section,
            start=start,
            end=stop,
            line=line,
            seconds=seconds,
            paragraphs=tuple(_stretch(flat) for flat in json.loads(str(paragraphs))),
        )
        for number, who, section, start, stop, line, seconds, paragraphs in rows
    )


def _sentences(rows: Sequence[tuple[Any, ...]], raw: str, notation: Notation) -> tuple[Sentence, ...]:
    made = []
    for turn, number, start, stop, seconds, pieces in rows:
        spans = _stretch(json.loads(str(pieces))).pieces if pieces else ()
        if spans or notation != "plain":
            text = words_of(raw, [(s.start, s.end) for s in spans] or [(start, stop)], notation)
        else:
            text = raw[start:stop]
        made.append(
            Sentence(
                id=f"t{turn}.{number}",
                turn_id=f"t{turn}",
                number=number,
                start=start,
                end=stop,
                pieces=spans,
                seconds=seconds,
                text=text,
            )
        )
    return tuple(made)


def _flat(stretch: Stretch) -> list[int]:
    return [at for span in stretch.spans for at in (span.start, span.end)]


def _stretch(flat: Sequence[int]) -> Stretch:
    spans = tuple(Span(start=a, end=b) for a, b in zip(flat[::2], flat[1::2], strict=True))
    return Stretch(start=spans[0].start, end=spans[-1].end, pieces=spans if len(spans) > 1 else ())


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
