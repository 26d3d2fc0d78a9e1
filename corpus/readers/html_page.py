"""HTML pages → turns: marked-up transcripts (``<cite>``, ``class="speaker"``, ``<dt>``), tables, and plain pages.

A mark-up that names speakers is believed where it covers most of the page's words. Otherwise the page is read as the
text it shows, by the grammar of labelled text.

    >>> html = "<h1>Panel</h1><cite>Ann:</cite><time>0:08</time><p>Is it late?</p><cite>Bob:</cite><p>It is.</p>"
    >>> reading = HtmlPage().read(Source(html.encode(), "a.html", html))
    >>> reading.title, [(turn.name, turn.seconds) for turn in reading.turns]
    ('Panel', [('Ann', 8.0), ('Bob', None)])
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import TranscriptParseError
from corpus.readers.dates import date_of
from corpus.readers.fields import moment
from corpus.readers.html_text import check_size, is_block, lines_of, main_of, open_page, steps, words_in
from corpus.readers.reading import Reading, Source
from corpus.readers.tables import turns_in_rows
from corpus.readers.utterances import Utterance, lay

_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html\b)", re.IGNORECASE | re.DOTALL)
_FRAGMENT = re.compile(
    r"\s*<(?:cite|p|div|table|dl|h[1-6]|section|article|main|body|head|span|ul|ol|pre|b|strong|blockquote|meta|title|time)"
    r"(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"(?:^|[\s_-])speakers?(?:$|[\s_-](?!list|bio|photo|image))|speaker-?name|speakerlabel", re.IGNORECASE
)
_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:from_name|author|username|sender|participant|nick(?:name)?)(?:$|[\s_-])", re.IGNORECASE
)
_CLOCK = re.compile(r"[\[(]?\b(\d{1,2}:\d{2}(?::\d{2})?)\b[\])]?")
_VIDEO = re.compile(
    r"(?:youtube(?:-nocookie)?\.com/(?:embed/|watch\?(?:.*&)?v=|live/)|youtu\.be/)(?P<id>[\w-]{11})", re.IGNORECASE
)
_VIMEO = re.compile(r"(?:player\.)?vimeo\.com/(?:video/)?(?P<id>\d+)")
_AUDIO = re.compile(r"^https?://\S+\.(?:mp3|mp4|m4a|m4v|ogg|opus|wav|webm|mov)(?:[?#]|$)", re.IGNORECASE)


class _Mark(NamedTuple):
    """A place where a page says who speaks next."""

    node: LexborNode
    name: str
    seconds: float | None
    within: bool = False  # whether the node holds the words too, and names the speaker by an attribute


class HtmlPage:
    """The reader of HTML."""

    form = "HTML"

    def claims(self, source: Source) -> float:
        """0.96 for a page, 0.9 for a fragment that begins with a tag of HTML and has more."""
        head = (source.text or "")[:20_000]
        if _PAGE.match(head):
            return 0.96
        if not _FRAGMENT.match(head):
            return 0.0
        # A Markdown file may begin with a tag or two; in HTML they go on.
        lines = [line for line in head.split("\n") if line.strip()]
        tagged = sum(1 for line in lines if re.search(r"</\w+>|<(?:br|p|li|dd|td)\b", line))
        return 0.9 if len(re.findall(r"</\w+>", head)) > 1 and tagged > 0.3 * len(lines) else 0.0

    def read(self, source: Source) -> Reading:
        """Read it.

        Raises:
            TranscriptParseError: It shows no text, or has too many tags.
        """
        from corpus.readers.labelled import read_text

        html = source.text or ""
        check_size(html)
        recording = _recording(LexborHTMLParser(html))
        page = open_page(html)
        title = _title(page)
        said = _in_tables(page) or _marked(page)
        if said:
            layer = lay(self.form, said, "paragraphs")
            return layer.reading(title=title, date=date_of(title), recording=recording)
        text = lines_of(page)
        if not text.strip():
            raise TranscriptParseError("The page shows no text; save it whole after it has loaded, or copy its text.")
        reading = read_text(text, self.form)
        return reading._replace(
            title=title or reading.title,
            date=reading.date or date_of(title),
            recording=recording or reading.recording,
        )


def _title(page: LexborHTMLParser) -> str:
    for selector in ("h1", "title"):
        node = page.css_first(selector)
        if node is not None and 0 < len(words_in(node)) <= 300:
            return words_in(node)
    return ""


def _recording(page: LexborHTMLParser) -> str:
    """Address of the recording: of a player on the page, or of a link to a video or a sound file."""
    for node in page.css("audio, video, source, iframe, embed, a"):
        address = node.attributes.get("src") or node.attributes.get("href") or node.attributes.get("data-src") or ""
        if video := _VIDEO.search(address):
            return f"https://www.youtube.com/watch?v={video['id']}"
        if video := _VIMEO.search(address):
            return f"https://vimeo.com/{video['id']}"
        if _AUDIO.match(address):
            return address
    return ""


def _in_tables(page: LexborHTMLParser) -> list[Utterance]:
    """The turns of the tables with a column of speakers, where these hold most of the page's words."""
    said: list[Utterance] = []
    for table in page.css("table"):
        if table.css_first("table table") is None:
            rows = [[_cell(cell) for cell in row.css("td, th")] for row in table.css("tr")]
            said += turns_in_rows([row for row in rows if row]) or []
    return said if _covers(said, page) else []


def _cell(node: LexborNode) -> str:
    lines = "".join(
        "\n" if p.kind != "text" and (p.node.tag == "br" or is_block(p.node)) else p.text for p in steps(node)
    )
    return "\n".join(" ".join(line.split()) for line in lines.split("\n") if line.strip())


def _covers(said: Sequence[Utterance], page: LexborHTMLParser, share: float = 0.5) -> bool:
    spoken = sum(len("".join(f"{one.name or ''}{one.words}".split())) for one in said if not one.note)
    return bool(said) and spoken > share * len("".join(words_in(main_of(page)).split()))


def _marked(page: LexborHTMLParser) -> list[Utterance]:
    """The turns of a page whose mark-up names the speakers; none where no mark-up does."""
    # The author of a post or an article is seldom somebody who speaks on the page.
    finders = ((_attributes, 0.3), (_cites, 0.3), (_classes, 0.3), (_terms, 0.5), (_authors, 0.5))
    for find, share in finders:
        marks = find(page)
        if len(marks) > 1:
            said = list(_between(page, marks))
            if _covers(said, page, share):
                return said
    return []


def _mark(node: LexborNode) -> _Mark | None:
    text = words_in(node)
    clock = _CLOCK.search(text)
    at = moment(clock[1]) if clock else None
    name = (text[: clock.start()] + text[clock.end() :] if clock else text).strip(" :：-–—|\t")
    return _Mark(node, name, at.seconds if at else None) if 0 < len(name) <= 80 else None


def _marks(nodes: Sequence[LexborNode]) -> list[_Mark]:
    found = [mark for node in nodes if (mark := _mark(node))]
    # Of marks within marks the innermost is the name.
    outer = {parent.mem_id for mark in found for parent in _parents(mark.node)}
    return [mark for mark in found if mark.node.mem_id not in outer]


def _attributes(page: LexborHTMLParser) -> list[_Mark]:
    nodes = page.css("[data-speaker], [data-speaker-name]")
    names = [
        (node, node.attributes.get("data-speaker-name") or node.attributes.get("data-speaker") or "") for node in nodes
    ]
    return [_Mark(node, name.strip(), _start(node), True) for node, name in names if words_in(node)]


def _start(node: LexborNode) -> float | None:
    given = node.attributes
    found = next(
        (given[key] for key in ("data-start", "data-time", "data-timestamp", "data-begin") if given.get(key)), None
    )
    at = moment(found)
    return at.seconds if at and not at.is_absolute else None


def _cites(page: LexborHTMLParser) -> list[_Mark]:
    return _marks(page.css("cite"))


def _terms(page: LexborHTMLParser) -> list[_Mark]:
    return _marks(page.css("dt"))


def _classes(page: LexborHTMLParser) -> list[_Mark]:
    return _marks([node for node in page.css("[class]") if _SPEAKER.search(node.attributes.get("class") or "")])


def _authors(page: LexborHTMLParser) -> list[_Mark]:
    return _marks([node for node in page.css("[class]") if _AUTHOR.search(node.attributes.get("class") or "")])


def _parents(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _around(marks: Sequence[_Mark]) -> tuple[LexborNode, set[int]]:
    """The smallest element around all marks; of its children those that hold one turn each, where it is built so."""
    lines = [{node.mem_id: node for node in [mark.node, *_parents(mark.node)]} for mark in marks]
    shared = set(lines[0]).intersection(*lines[1:])
    if shared & {mark.node.mem_id for mark in marks}:
        shared -= {mark.node.mem_id for mark in marks}
    around = next(node for identity, node in lines[0].items() if identity in shared)
    units = [
        next(n for n in line.values() if n.parent is not None and n.parent.mem_id == around.mem_id) for line in lines
    ]
    # A paragraph that begins with a mark may be followed by others of the same speaker; a box may not.
    boxes = {
        unit.mem_id
        for unit, mark in zip(units, marks, strict=True)
        if unit.tag != "p" and unit.mem_id != mark.node.mem_id
    }
    return around, boxes if len(boxes) == len(marks) else set()


def _between(page: LexborHTMLParser, marks: Sequence[_Mark]) -> Iterator[Utterance]:
    """What stands behind each mark, up to the next, a heading, or the end of the element that holds the mark."""
    around, units = _around(marks)
    by_node = {mark.node.mem_id: (number, mark) for number, mark in enumerate(marks)}
    current: tuple[int, _Mark] | None = None
    seconds: float | None = None
    heading = skipped = 0
    parts: list[str] = []

    def flush() -> Iterator[Utterance]:
        nonlocal seconds
        words = " ".join("".join(parts).split())
        parts.clear()
        stamp = _CLOCK.fullmatch(words)
        if stamp and current is not None:
            at = moment(stamp[1])
            seconds = at.seconds if at else seconds
        elif words and current is not None and not heading:
            yield Utterance(words, current[1].name, seconds, record=current[0])
        elif words:
            yield Utterance(words, note=True)

    for part in steps(around):
        node, identity = part.node, part.node.mem_id
        is_mark = identity in by_node
        is_heading = bool(re.fullmatch(r"h[1-6]", node.tag or ""))
        if part.kind == "text":
            parts.append(part.text if not skipped else "")
        elif is_mark and not by_node[identity][1].within:
            skipped += 1 if part.kind == "open" else -1
            if part.kind == "open":
                yield from flush()
                current, seconds = by_node[identity], by_node[identity][1].seconds
        elif is_block(node) or is_mark or _is_time(node) or identity in units:
            yield from flush()
            heading += 0 if not is_heading else 1 if part.kind == "open" else -1
            if is_mark:
                current = by_node[identity] if part.kind == "open" else None
                seconds = current[1].seconds if current else None
            elif identity in units or is_heading or node.tag == "hr":
                current = None
        elif node.tag == "br":
            parts.append(" ")
    yield from flush()


def _is_time(node: LexborNode) -> bool:
    return node.tag == "time" or bool(re.search(r"time|stamp", node.attributes.get("class") or "", re.IGNORECASE))


READERS = (HtmlPage(),)
