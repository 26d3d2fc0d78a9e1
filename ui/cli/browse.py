"""`debate show`, `stances`, `figures`: reading the debate and the notes on it, without asking anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TextIO

from corpus.annotations import Figure, is_silent
from corpus.errors import UnknownReferenceError
from corpus.library import Debate
from corpus.quotes import seconds_at
from corpus.readers.times import clock
from corpus.speakers import resolve_speaker
from corpus.types import Sentence, Transcript, Turn
from ui.cli.terminal import Cast
from ui.errors import UsageError
from ui.layout import Line, Piece, has_light_ground, line, print_lines, print_table, visible
from ui.ledger import conflicts, voice
from ui.words import Language, word

_REFERENCE = re.compile(r"^#?(?P<turn>t\d+)(?:\.(?P<first>\d+)(?:[-–](?:t\d+\.)?(?P<last>\d+))?)?$", re.IGNORECASE)
_EDITORIAL = re.compile(r"^#?e\d+$", re.IGNORECASE)
_HIGHLIGHT = "bold black on #ffe38a"


# ── a turn in its context ──


def show(reference: str, debate: Debate, *, context: int, gloss: bool, out: TextIO) -> None:
    """Print a turn, sentence by sentence, the ones named highlighted, with ``context`` turns around it.

    Args:
        reference: "t12", "t12.4", "t12.4-6", or an editorial piece, "e3".

    Raises:
        UnknownReferenceError: The debate has no such turn, sentence or piece.
    """
    cast = Cast(debate.transcript.speakers, light=has_light_ground())
    print_lines(show_lines(reference.strip(), debate, cast, context=context, gloss=gloss), out)


def show_lines(reference: str, debate: Debate, cast: Cast, *, context: int = 1, gloss: bool = False) -> Iterator[Line]:
    """The lines of ``show``. Raises UnknownReferenceError."""
    transcript = debate.transcript
    if _EDITORIAL.match(reference):
        yield from _editorial_lines(reference.lower().lstrip("#"), transcript)
        return
    turn, chosen = _find(reference, transcript)
    around = [t for t in transcript.turns if abs(t.number - turn.number) <= max(0, context)]
    section = -1
    for other in around:
        if other.section != section and other.section:
            title = next((s.title for s in transcript.sections if s.number == other.section), "")
            yield line(Piece(visible(f"{other.section:02d} {title}"), "dim"))
        section = other.section
        yield from _turn_lines(other, chosen, debate, cast, gloss=gloss and other is turn, faint=other is not turn)
        if other is not around[-1]:
            yield line()


def _find(reference: str, transcript: Transcript) -> tuple[Turn, frozenset[str]]:
    match = _REFERENCE.match(reference)
    if match is None:
        raise UnknownReferenceError(
            f"{reference[:40]!r} is no turn or sentence; write t12, t12.4 or t12.4-6 "
            f"(turns t1 to t{len(transcript.turns)})."
        )
    turn = transcript.turn(match["turn"].lower())
    if match["first"] is None:
        return turn, frozenset()
    first, last = int(match["first"]), int(match["last"] or match["first"])
    if last < first or last > len(transcript.sentences_of(turn.id)) or first < 1:
        count = len(transcript.sentences_of(turn.id))
        raise UnknownReferenceError(
            f"The debate has no sentence {reference[:40]!r}; {turn.id} has {turn.id}.1 to {turn.id}.{count}."
        )
    return turn, frozenset(f"{turn.id}.{number}" for number in range(first, last + 1))


def _turn_lines(
    turn: Turn, chosen: frozenset[str], debate: Debate, cast: Cast, *, gloss: bool, faint: bool
) -> Iterator[Line]:
    speaker = debate.transcript.speaker_of(turn.id)
    role = f"  {speaker.role}" if speaker.role else ""
    begins = f"  {clock(turn.seconds)}" if turn.seconds is not None else ""
    yield line(cast.tag(speaker.name), Piece(f"  {turn.id}{begins}", "dim"), Piece(visible(role), "dim"))
    sentences = debate.transcript.sentences_of(turn.id)
    margins = [_margin(sentence, debate.transcript) for sentence in sentences]
    margin = max(map(len, margins), default=0)
    for sentence, place in zip(sentences, margins, strict=True):
        # The mark in the margin says what the highlight says, for those who see no colour.
        mark = "▶ " if sentence.id in chosen else "  "
        style = _HIGHLIGHT if sentence.id in chosen else "dim" if faint else ""
        prefix = (Piece(mark, cast.style(speaker.name)), Piece(f"{place:<{margin}}  ", "dim"))
        yield line(Piece(visible(sentence.text), style), prefix=prefix)
        note = debate.notes.note(sentence.id)
        if gloss and note.gloss:
            yield line(
                Piece(visible(f"[{word('gloss', 'en')}] {note.gloss}"), "dim italic"), prefix=(" " * (margin + 4),)
            )


def _margin(sentence: Sentence, transcript: Transcript) -> str:
    """The sentence's id, and when it begins where the file tells it."""
    seconds = seconds_at(transcript, sentence)
    return sentence.id if seconds is None else f"{sentence.id} {clock(seconds)}"


def _editorial_lines(reference: str, transcript: Transcript) -> Iterator[Line]:
    piece = next((e for e in transcript.editorials if e.id == reference), None)
    if piece is None:
        raise UnknownReferenceError(f"The debate has no editorial piece {reference!r}.")
    yield line(Piece(f"{piece.id}  {piece.kind}  (the publisher's words, nobody's in the debate)", "dim"))
    yield line(visible(piece.text))


# ── where they stand ──


def stances(
    debate: Debate, *, topic: str | None, names: Sequence[str], language: Language, as_json: bool, out: TextIO
) -> None:
    """Print topic × speaker with silence as a cell; with a topic or speakers named, what each said of it.

    Raises:
        UsageError: There are no stances, or no such topic.
        UnknownSpeakerError: A name matches nobody.
    """
    notes, everybody = debate.notes, debate.transcript.speakers
    if not notes.stances:
        raise UsageError("This transcript has no notes on stances; stances are read from the annotations beside it.")
    wanted = [s.name for name in names for s in resolve_speaker(name, everybody)] or [s.name for s in everybody]
    topics = [t for t in notes.topics if topic is None or topic.casefold() in (t.id, t.zh.casefold(), t.en.casefold())]
    if not topics:
        known = ", ".join(t.id for t in notes.topics)
        raise UsageError(f"There is no topic {str(topic)[:60]!r}; the topics are {known}.")
    if as_json:
        kept = {t.id for t in topics}
        pairs = [{"speaker": name, "topic": item.id} for item in topics for name in wanted]
        _dump(
            {
                "topics": [t.model_dump() for t in topics],
                "stances": [s.model_dump() for s in notes.stances if s.topic in kept and s.speaker in wanted],
                "neutral": [pair for pair in pairs if _side(debate, **pair) == "neutral"],
                "silent": [pair for pair in pairs if _side(debate, **pair) == "silent"],
            },
            out,
        )
        return
    if topic is None and not names:
        _print_matrix(debate, wanted, language, out)
        return
    cast = Cast(everybody, light=has_light_ground())
    rows: list[list[Piece | str]] = []
    for item in topics:
        proposition = (item.proposition_zh if language == "zh" else item.proposition_en) or item.id
        title = f"{item.zh if language == 'zh' else item.en} ({item.id}): {proposition}"
        for name in wanted:
            stance = notes.stance(name, item.id)
            summary = (stance.summary_zh if language == "zh" else stance.summary_en) if stance else ""
            rows.append(
                [title, cast.tag(name, language), word(_side(debate, name, item.id), language), summary,
                 " ".join(stance.sentences) if stance else ""]
            )  # fmt: skip
            title = ""
    print_table([word(key, language) for key in ("topic", "speaker", "stance", "summary", "sentence")], rows, out)


def _side(debate: Debate, speaker: str, topic: str) -> str:
    """The stance of somebody on a topic, or "neutral" or "silent"."""
    stance = debate.notes.stance(speaker, topic)
    if stance is not None:
        return stance.stance
    return "silent" if is_silent(debate.notes, debate.transcript, speaker, topic) else "neutral"


def _print_matrix(debate: Debate, names: Sequence[str], language: Language, out: TextIO) -> None:
    cast = Cast(debate.transcript.speakers, light=has_light_ground())
    rows: list[list[Piece | str]] = []
    for topic in debate.notes.topics:
        row: list[Piece | str] = [f"{topic.zh if language == 'zh' else topic.en} ({topic.id})"]
        for name in names:
            stance = debate.notes.stance(name, topic.id)
            text = word(_side(debate, name, topic.id), language)
            row.append(Piece(text, cast.style(name) if stance else "dim"))
        rows.append(row)
    print_table([word("topic", language), *(cast.tag(name, language) for name in names)], rows, out)


# ── what they put in figures ──


def figures(debate: Debate, *, group: str | None, language: Language, as_json: bool, out: TextIO) -> None:
    """Print the ledger of figures by quantity, and where voices differ.

    Raises:
        UsageError: There are no figures, or no such group.
    """
    notes = debate.notes
    if not notes.figures:
        raise UsageError("This transcript has no notes on figures; figures are read from the annotations beside it.")
    groups = [*dict.fromkeys(f.group for f in notes.figures if f.group), ""]
    if group is not None:
        if group not in groups or not group:
            raise UsageError(f"There is no group {group[:60]!r}; the groups are {', '.join(filter(None, groups))}.")
        groups = [group]
    if as_json:
        _dump(
            [
                {**f.model_dump(), "speaker": voice(f, debate)[0], "differs": f.group in conflicts(debate)}
                for f in notes.figures
                if f.group in groups
            ],
            out,
        )
        return
    cast = Cast(debate.transcript.speakers, light=has_light_ground())
    differing = conflicts(debate)
    rows: list[list[Piece | str]] = []
    for name in groups:
        title = name or word("no_group", language)
        mark = f" {word('differ', language)}" if name in differing else ""
        for figure in (f for f in notes.figures if f.group == name):
            speaker, originator = voice(figure, debate)
            said = f" {word('relaying', language, who=originator)}" if originator else ""
            rows.append(
                [Piece(title + mark, "bold yellow" if mark else "bold"), f"“{visible(figure.text)}”", _amount(figure),
                 Piece(cast.tag(speaker).text + said, cast.style(speaker)),
                 figure.what_zh if language == "zh" else figure.what_en, figure.sentence]
            )  # fmt: skip
            title = mark = ""
    headers = ["topic", "figure", "range", "voice", "what", "sentence"]
    print_table([word(key, language) for key in headers], rows, out)


def _amount(figure: Figure) -> str:
    if figure.low is None and figure.high is None:
        return "–"
    grouped = "," if "year" not in figure.unit else ""
    ends = [f"{end:{grouped}.10g}" for end in dict.fromkeys((figure.low, figure.high)) if end is not None]
    return f"{'–'.join(ends)} {figure.unit}".strip()


def _dump(value: object, out: TextIO) -> None:
    out.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
