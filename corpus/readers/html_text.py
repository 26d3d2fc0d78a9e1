"""An HTML page → what a reader of it sees: its parts in order, or lines of text with bold words as ``**bold**``.

Scripts, styles, navigation, forms and footers are dropped. Knows nothing of speakers.

    >>> print(lines_of(open_page("<h2>Ferries</h2><p><b>Ann:</b> Is it<br>late?</p><script>x()</script>")))
    ## Ferries
    <BLANKLINE>
    **Ann:** Is it
    late?
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import TranscriptParseError

MAX_TAGS = 500_000
MAX_DEPTH = 500
MAX_TEXT = 5_000_000  # characters between two tags
_DROPPED = (
    "script, style, noscript, template, svg, nav, footer, aside, form, button, select, iframe, object, dialog, "
    "[hidden], [aria-hidden=true], [role=navigation], [role=banner], [role=contentinfo]"
)
_BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "html", "cite", "time",
}  # fmt: skip
_INLINE_HERE = {"cite", "time", "td", "th"}  # blocks for finding parts, but not a line of their own when shown
_NESTING = re.compile(  # of elements that do not end by themselves
    r"<(/?)(?:div|span|section|article|main|blockquote|table|[uod]l|b|i|u|em|strong|font|a|center|small|big|sup|sub|cite)\b",
    re.IGNORECASE,
)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_BOLD_EDGES = re.compile(r"\*\*([^\S\n]*)(\S.*?)([^\S\n]*)\*\*")
_BLANKS = re.compile(r"[ \t\r\n\f]+")


class Part(NamedTuple):
    """One step through a page."""

    kind: Literal["open", "close", "text"]
    node: LexborNode
    text: str = ""


def check_size(html: str) -> None:
    """Refuse pages that only exist to break readers.

    Raises:
        TranscriptParseError: There are too many tags, or they are nested too deeply.
    """
    if html.count("<") > MAX_TAGS:
        raise TranscriptParseError(f"The page has more than {MAX_TAGS:,} tags; split it.")
    if len(html) > MAX_TEXT and max(map(len, html.split("<"))) > MAX_TEXT:
        raise TranscriptParseError(f"The page has more than {MAX_TEXT:,} characters between two tags; split it.")
    depth = 0
    for tag in _NESTING.finditer(html):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            raise TranscriptParseError(
                f"The page nests more than {MAX_DEPTH} tags; save it again from a browser, or copy its text.",
                html.count("\n", 0, tag.start()) + 1,
            )


def open_page(html: str) -> LexborHTMLParser:
    """A parsed page without what is not read."""
    page = LexborHTMLParser(html)
    for node in page.css(_DROPPED):
        node.decompose()
    return page


def steps(node: LexborNode) -> Iterator[Part]:
    """All of a node in order: elements opening and closing, and the texts between; white space made one blank."""
    stack: list[Part] = [Part("open", node)]
    while stack:
        part = stack.pop()
        if part.kind == "close":
            yield part
            continue
        if part.node.is_text_node:
            text = part.node.text_content or ""
            yield Part("text", part.node, text if in_pre(part.node) else _BLANKS.sub(" ", text))
            continue
        yield part
        stack.append(Part("close", part.node))
        stack += [Part("open", child) for child in reversed(list(part.node.iter(include_text=True)))]


def in_pre(node: LexborNode) -> bool:
    """Whether a text keeps its white space."""
    parent = node.parent
    return parent is not None and (parent.tag == "pre" or (parent.parent is not None and parent.parent.tag == "pre"))


def is_block(node: LexborNode) -> bool:
    """Whether an element stands on lines of its own."""
    return node.tag in _BLOCKS


def is_bold(node: LexborNode) -> bool:
    """Whether the words of an element are bold."""
    return node.tag in ("b", "strong") or bool(_BOLD.search(node.attributes.get("style") or ""))


def words_in(node: LexborNode) -> str:
    """The words of a node on one line."""
    return " ".join(node.text(deep=True, separator=" ").split())


def lines_of(page: LexborHTMLParser) -> str:
    """The text of a page's main part: a paragraph a line, headings with ``##``, bold words with ``**``."""
    parts: list[str] = []
    bold = 0
    for part in steps(main_of(page)):
        node = part.node
        if part.kind == "text":
            parts.append(part.text)
        elif is_bold(node):
            bold += 1 if part.kind == "open" else -1
            parts.append("**" if bold == (1 if part.kind == "open" else 0) else "")
        elif node.tag == "br" and part.kind == "open":
            parts.append("\n")
        elif node.tag in ("td", "th"):
            parts.append("\t" if part.kind == "close" else "")
        elif is_block(node) and node.tag not in _INLINE_HERE:
            heading = re.match(r"h[1-6]$", node.tag or "") and part.kind == "open"
            mark = "## " if heading else "- " if node.tag == "li" and part.kind == "open" else ""
            parts.append(f"\n\n{mark}" if node.tag != "tr" else "\n")
    return _tidy("".join(parts), bool(page.css_first("pre")))


def main_of(page: LexborHTMLParser) -> LexborNode:
    """The element that holds most of a page's words: ``<main>`` or ``<article>`` where there is one, else the body."""
    body = page.body or page.root
    assert body is not None  # the parser gives every text a body
    whole = len(words_in(body))
    for candidate in page.css("main, article, [role=main]"):
        if len(words_in(candidate)) > 0.5 * whole:
            return candidate
    return body


def _tidy(text: str, keep_indents: bool) -> str:
    text = re.sub(r"\*\*( ?)\*\*", r"\1", text.replace("\u00a0", " "))
    text = _BOLD_EDGES.sub(r"\1**\2**\3", text)
    text = re.sub(r"##\s*\*\*(.+?)\*\*[ \t]*$", r"## \1", text, flags=re.MULTILINE)
    lines = (
        line.rstrip() if keep_indents else " ".join(line.replace("\t", "  ").split(" ")).strip()
        for line in text.split("\n")
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
