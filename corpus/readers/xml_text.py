"""XML → its elements and their words, safely: no network, no files, no entities that unfold.

>>> root = parse(b"<u>Is <note>laughs</note>it <hi>late</hi>?</u>")
>>> words_of(root)
'Is it late?'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from corpus.errors import TranscriptParseError

Element = Any  # lxml has no types of its own

MAX_ELEMENTS = 2_000_000
MAX_DEPTH = 200
_ENTITY = re.compile(rb"<!ENTITY\s+(?P<kind>%\s+)?[^\s>]+\s+(?P<value>[^>]*)>")
_SAFE_VALUE = re.compile(rb"^\s*(?:\"[^\"&%]{0,16}\"|'[^'&%]{0,16}'|[\"']&#x?[0-9a-fA-F]{1,8};[\"'])\s*$")
_BLANKS = re.compile(r"[ \t\r\n\u00a0]+")
# What stands among the words and was not said.
NOT_SAID = {
    "note", "notes", "noteref", "stage", "kinesic", "vocal", "incident", "gap", "desc", "narrative", "scene", "summary",
    "kommentar", "comment", "comments", "footnote", "linkgrp", "figure", "graphic", "metadata", "meta", "teiheader",
    "pagebreak", "pb", "seite", "pageno", "timestamp", "recordedtime", "style", "script", "num", "background", "event",
    "authorialnote", "remark", "rollcall", "division", "divisioncount", "mplist", "docdate", "anchor",
}  # fmt: skip
_BREAKS = {"br", "lb"}


def parse(data: bytes) -> Element:
    """The root element of an XML document.

    Raises:
        TranscriptParseError: It is broken (with the line), too deep, too large, or defines entities that unfold.
    """
    if data.count(b"<") > 2 * MAX_ELEMENTS:
        raise TranscriptParseError(f"The XML has more than {MAX_ELEMENTS:,} elements; split the file.")
    for entity in _ENTITY.finditer(data, 0, 1_000_000):
        if entity["kind"] or not _SAFE_VALUE.match(entity["value"]):
            raise TranscriptParseError(
                "The XML defines entities that stand for more than a character, which are not unfolded; "
                "save it with its entities written out.",
                data.count(b"\n", 0, entity.start()) + 1,
            )
    parser = _parser()
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.DTD_XMLID_VALUE and _names_badly_only(parser):
            return etree.fromstring(data, _parser(recover=True))
        line = error.position[0] if error.position else 0
        raise TranscriptParseError(
            f"The XML cannot be read ({_first_sentence(error.msg)}); correct or export it again.", line or None
        ) from error
    if root is None:
        raise TranscriptParseError("The XML has no root element; export it again.")
    return root


def _parser(*, recover: bool = False) -> Any:
    return etree.XMLParser(
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _names_badly_only(parser: Any) -> bool:
    """Whether all that is wrong is an id with a blank or a double one, which changes no words."""
    named = (etree.ErrorTypes.DTD_XMLID_VALUE, etree.ErrorTypes.DTD_ID_REDEFINED)
    return all(found.type in named or found.level_name == "WARNING" for found in parser.error_log)


def _first_sentence(message: str | None) -> str:
    return (message or "it is broken").split(", line")[0]


def local(element: Element) -> str:
    """Name of an element in small letters, without its namespace, dots and dashes."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return re.sub(r"[-._]", "", tag.rpartition("}")[2].lower())


def attributes(element: Element) -> dict[str, str]:
    """The attributes of an element by their names in small letters, without namespaces."""
    return {str(key).rpartition("}")[2].lower(): str(value) for key, value in element.attrib.items()}


def words_of(element: Element, without: frozenset[str] = frozenset()) -> str:
    """The words in an element: white space made one blank, line breaks kept, what was not said left out."""
    is_tokens = next(element.iter("{*}w", "{*}pc"), None) is not None
    parts: list[str] = []
    # By hand, not by recursion: a document may be deeper than Python's stack.
    stack: list[tuple[Element | None, str]] = [(element, "")]
    while stack:
        node, text = stack.pop()
        if node is not None:
            name = local(node)
            text = node.text or ""
            if node is not element and (not name or name in NOT_SAID or name in without):
                text = " "
            elif is_tokens and name in ("w", "pc"):
                text = _token(node)
            else:
                for child in reversed(node):
                    stack += [(None, child.tail or ""), (child, "")]
            text = f"\v{text}" if name in _BREAKS else text
        # Between the words of an annotated text, white space is only layout.
        if text and not (is_tokens and text.isspace() and (node is None or local(node) not in ("w", "pc"))):
            parts.append(text)
    lines = (_BLANKS.sub(" ", line).strip() for line in "".join(parts).split("\v"))
    return "\n".join(line for line in lines if line)


def _token(node: Element) -> str:
    """A word of an annotated text; ``join`` says that no blank follows."""
    text = "".join(node.itertext())
    return text if attributes(node).get("join") in ("right", "both") else f"{text} "


def children(element: Element) -> Iterator[Element]:
    """The child elements."""
    return (child for child in element if isinstance(child.tag, str))


def first(element: Element, *names: str) -> Element | None:
    """The first element within, in order of the document, that has one of the names (as ``local`` gives them)."""
    return next((found for found in element.iter() if isinstance(found.tag, str) and local(found) in names), None)
