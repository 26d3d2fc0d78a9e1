"""Speaker-tagged text → Transcript.

Knows three layouts: the published article (a label such as ``Rob Li:`` alone on its line, paragraphs below, page noise
around them), the inline layout (``Rob Li: what he said``), and turns that come as data. Labels may carry a time.
Does not know what anybody meant. A line that merely ends a thought with a colon, a caption (``视频:…``) or a picture's
text is no speaker.

    >>> transcript = parse_transcript("Ann:\\n\\nIs it a bubble?\\n\\nBob:\\n\\nNo. It is not.\\n", "panel")
    >>> [(turn.id, transcript.speaker_of(turn.id).name) for turn in transcript.turns]
    [('t1', 'Ann'), ('t2', 'Bob')]
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from corpus.errors import TranscriptParseError
from corpus.labels import BULLET, CAPTION, IMAGE, Label, Line, find_labels, split_lines
from corpus.sentences import split_sentences
from corpus.speakers import make_speakers, slug
from corpus.types import Editorial, EditorialKind, Section, Sentence, Stretch, Transcript, Turn

MAX_BYTES = 32 * 1024 * 1024
MAX_TURNS = 50_000

_FINAL = re.compile(r"[。！？!?.…][”’」』）)》\"']*$")
_NUMBERED = re.compile(r"^\d{1,2}$")
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+(?P<title>\S.*)$")
_ROLE = re.compile(r"\s{0,8}[,，、|]|\s[-–—]\s")  # between a name and a role


def load_transcript(path: Path, transcript_id: str | None = None) -> Transcript:
    """Read a transcript file: BOM, then strict UTF-8, then a charset detector.

    Raises:
        TranscriptParseError: The file is missing, too large, not text, or holds no speaker-tagged turns.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # one more than allowed is enough to refuse the rest unread
    except OSError as error:
        raise TranscriptParseError(f"Cannot read {path}: {error.strerror or error}; give a text file.") from error
    return parse_bytes(data, transcript_id or slug(path.parent.name if path.stem == "transcript" else path.stem))


def parse_bytes(data: bytes, transcript_id: str) -> Transcript:
    """Bytes of a transcript file → Transcript; the hash is that of the bytes.

    Raises:
        TranscriptParseError: As ``load_transcript``.
    """
    if len(data) > MAX_BYTES:
        raise TranscriptParseError(f"The file has more than {MAX_BYTES:,} bytes; split it, or give a smaller one.")
    return parse_transcript(_decode(data), transcript_id, hashlib.sha256(data).hexdigest())


def _decode(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        if best is None:
            raise TranscriptParseError("The file is not text in any encoding we know; save it as UTF-8.") from None
        text = str(best)
    nul = text.find("\x00")
    if nul >= 0:
        raise TranscriptParseError(
            "there is a NUL character, so this is not text; save it as UTF-8 text.", text.count("\n", 0, nul) + 1
        )
    return text


def parse_transcript(raw: str, transcript_id: str, sha256: str | None = None) -> Transcript:
    """Speaker-tagged text → Transcript.

    Args:
        raw: The decoded file. Spans of the result are code points of exactly this string.
        transcript_id: A short name for the debate.
        sha256: Hash of the file's bytes; of ``raw`` in UTF-8 when left out.

    Raises:
        TranscriptParseError: No speaker label, a label without words, or too many turns; names the line.
    """
    lines = list(split_lines(raw))
    labels = find_labels(lines)
    if not labels:
        raise TranscriptParseError(
            "Found no speaker labels; write each turn as `Name:` on a line of its own, or `Name: what was said`."
        )
    return _Reader(raw, transcript_id, lines, labels).read(
        sha256 or hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
    )


def transcript_from_turns(turns: Iterable[tuple[str, str]], transcript_id: str, title: str = "") -> Transcript:
    """Turns that come as data → Transcript, one turn each, in order; ``raw`` is their plain rendering.

    Args:
        turns: (speaker name, words) pairs; empty words make a turn without sentences.

    Raises:
        TranscriptParseError: There are no turns, too many of them, or a speaker has no name.
    """
    parts: list[str] = []
    places: list[tuple[str, int, int]] = []
    at = 0
    for number, (name, words) in enumerate(turns, start=1):
        if not name.strip():
            raise TranscriptParseError(f"Turn {number} has no speaker; give every turn one.")
        if number > MAX_TURNS:
            raise TranscriptParseError(f"There are more than {MAX_TURNS:,} turns; split the debate.")
        head = f"{name.strip()}:\n\n"
        places.append((name.strip(), at + len(head), at + len(head) + len(words)))
        parts.append(f"{head}{words}\n\n")
        at += len(parts[-1])
    if not places:
        raise TranscriptParseError("The debate has no turns; give at least one.")
    raw = "".join(parts)
    speakers = make_speakers([name for name, _, _ in places], {})
    ids = {speaker.name: speaker.id for speaker in speakers}
    made: list[Turn] = []
    sentences: list[Sentence] = []
    line = 1
    for number, (name, start, end) in enumerate(places, start=1):
        paragraphs = _paragraphs(raw, start, end)
        made.append(
            Turn(
                id=f"t{number}",
                number=number,
                speaker_id=ids[name],
                section=0,
                start=start,
                end=end,
                line=line,
                paragraphs=paragraphs,
            )
        )
        sentences.extend(_sentences(raw, f"t{number}", paragraphs))
        line += parts[number - 1].count("\n")
    return Transcript(
        id=transcript_id,
        title=title or transcript_id,
        raw=raw,
        sha256=hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest(),
        speakers=speakers,
        sections=(),
        turns=tuple(made),
        sentences=tuple(sentences),
    )


def _paragraphs(raw: str, start: int, end: int) -> tuple[Stretch, ...]:
    lines = split_lines(raw[start:end])
    return tuple(Stretch(start=start + line.start, end=start + line.end) for line in lines if line.text)


def _sentences(raw: str, turn_id: str, paragraphs: Iterable[Stretch]) -> list[Sentence]:
    made: list[Sentence] = []
    for part in paragraphs:
        for a, b in split_sentences(raw[part.start : part.end]):
            start, end = part.start + a, part.start + b
            number = len(made) + 1
            made.append(
                Sentence(
                    id=f"{turn_id}.{number}", turn_id=turn_id, number=number, start=start, end=end, text=raw[start:end]
                )
            )
    return made


class _Reader:
    """One pass over the lines of one file."""

    def __init__(self, raw: str, transcript_id: str, lines: list[Line], labels: dict[int, Label]) -> None:
        self.raw, self.id, self.lines, self.labels = raw, transcript_id, lines, labels
        self.names = {label.name for label in labels.values()}
        self.roles: dict[str, str] = {}
        self.editorials: list[Editorial] = []
        self.sections: list[Section] = []
        self.turns: list[Turn] = []
        self.sentences: list[Sentence] = []
        self.label: Label | None = None
        self.label_line = 0
        self.title: str | None = None
        self.paragraphs: list[Stretch] = []

    def read(self, sha256: str) -> Transcript:
        lines = self.lines
        index = 0
        while index < len(lines):
            line = lines[index]
            if index in self.labels:
                self._close_turn()
                self.label, self.label_line = self.labels[index], line.number
                if self.label.words_at < line.end:
                    self.paragraphs.append(Stretch(start=self.label.words_at, end=line.end))
            elif line.text:
                index = self._other_line(index, line)
            index += 1
        self._close_turn()
        speakers = make_speakers([label.name for label in self.labels.values()], self.roles)
        ids = {speaker.name: speaker.id for speaker in speakers}
        turns = tuple(turn.model_copy(update={"speaker_id": ids[turn.speaker_id]}) for turn in self.turns)
        return Transcript(
            id=self.id,
            title=self.title or self.id,
            raw=self.raw,
            sha256=sha256,
            speakers=speakers,
            sections=tuple(self.sections),
            turns=turns,
            sentences=tuple(self.sentences),
            editorials=tuple(self.editorials),
        )

    def _other_line(self, index: int, line: Line) -> int:
        """Sort one unlabelled line; returns the index of the last line it used."""
        heading = self._heading_at(index)
        if heading is not None:
            self._close_turn()
            title = self.lines[heading]
            start = title.end - len(_MARKDOWN_HEADING.sub(r"\g<title>", title.text))
            text = self.raw[start : title.end]
            self.sections.append(Section(number=len(self.sections) + 1, title=text, start=start, end=title.end))
            self._editorial("heading", start, title.end)
            return heading
        kind = self._editorial_kind(line)
        if kind is None:
            self.paragraphs.append(Stretch(start=line.start, end=line.end))
            return index
        start = line.start
        if kind == "title":
            start = line.end - len(_MARKDOWN_HEADING.sub(r"\g<title>", line.text))
            self.title = self.raw[start : line.end]
        self._editorial(kind, start, line.end)
        return index

    def _heading_at(self, index: int) -> int | None:
        """Index of the title line when a section begins at ``index``: `01` and its title, or a Markdown heading."""
        text = self.lines[index].text
        if _MARKDOWN_HEADING.match(text):
            is_title = self.title is None and not self.turns and self.label is None and text.startswith("# ")
            return None if is_title else index
        if not _NUMBERED.match(text) or int(text) != len(self.sections) + 1:
            return None
        for at in range(index + 1, min(index + 4, len(self.lines))):
            if self.lines[at].text:
                return None if at in self.labels else at
        return None

    def _editorial_kind(self, line: Line) -> EditorialKind | None:
        """What kind of editorial text a line is; None for spoken words."""
        text = line.text
        if IMAGE.search(text):
            return "image"
        if self.label is not None:
            is_caption = CAPTION.search(text) and not _FINAL.search(text)
            return "caption" if is_caption or self._is_portrait(line) else None
        bullet = BULLET.match(text)
        named = self._role_on(text[bullet.end() :] if bullet else text)
        if named:
            self.roles.setdefault(*named)
            return "guest"
        if bullet:
            return "highlight"
        if " > " in text:
            return "page"
        if self.title is None:
            return "title"
        return "lead" if _FINAL.search(text) or text.endswith((":", "：")) else "heading"

    def _role_on(self, text: str) -> tuple[str, str] | None:
        """Name and role when the line is of the shape "Rob Li,纽约Amont Partners管理合伙人"."""
        if _FINAL.search(text):
            return None
        for match in _ROLE.finditer(text, 0, 60):  # a name has 40 characters at most
            name, role = text[: match.start()].strip(), text[match.end() :].strip()
            if name in self.names and role:
                return name, role
        return None

    def _is_portrait(self, line: Line) -> bool:
        """Whether a line within a turn stands under a picture of the person it names, or repeats a known role.

        Anything else of that shape ("Rob,你怎么看") was said.
        """
        named = self._role_on(line.text)
        if named is None:
            return False
        before = self.editorials[-1] if self.editorials else None
        under = before is not None and before.kind == "image" and not self.raw[before.end : line.start].strip()
        if under:
            self.roles.setdefault(*named)
        return under or self.roles.get(named[0]) == named[1]

    def _editorial(self, kind: EditorialKind, start: int, end: int) -> None:
        identifier = f"e{len(self.editorials) + 1}"
        self.editorials.append(Editorial(id=identifier, kind=kind, start=start, end=end, text=self.raw[start:end]))

    def _close_turn(self) -> None:
        if self.label is None:
            return
        if not self.paragraphs:
            raise TranscriptParseError(
                f"{self.label.name!r} is named as a speaker but says nothing; add the words or drop the label.",
                self.label_line,
            )
        number = len(self.turns) + 1
        if number > MAX_TURNS:
            raise TranscriptParseError(f"There are more than {MAX_TURNS:,} turns; split the file.", self.label_line)
        self.turns.append(
            Turn(
                id=f"t{number}",
                number=number,
                speaker_id=self.label.name,
                section=len(self.sections),
                start=self.paragraphs[0].start,
                end=self.paragraphs[-1].end,
                line=self.label_line,
                paragraphs=tuple(self.paragraphs),
                seconds=self.label.seconds,
            )
        )
        self.sentences.extend(_sentences(self.raw, f"t{number}", self.paragraphs))
        self.label, self.paragraphs = None, []
