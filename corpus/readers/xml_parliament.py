"""Protocols of parliaments that do not say with every paragraph whose it is → utterances.

In the plenary protocols of the Bundestag whoever presides goes on speaking after a speech; in the Hansard of Australia
interjections stand as paragraphs, with labels, within the speech of somebody else; the minutes of the Diet of Japan
repeat the label in the words.

    >>> said = "<name>Vizepräsidentin Eva Kern:</name><p klasse='J'>Ja.</p>"
    >>> root = parse(f"<x><sitzungsverlauf>{said}</sitzungsverlauf></x>".encode())
    >>> [(said.name, said.role, said.words) for said in bundestag(root)]
    [('Eva Kern', 'Vizepräsidentin', 'Ja.')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.readers.utterances import Utterance
from corpus.readers.xml_text import Element, attributes, first, local, parse, words_of
from corpus.readers.xml_walk import speaker_name

__all__ = ["bundestag", "mark_interjections", "parse", "without_minutes_labels"]

_OFFICE = re.compile(r"^(?P<role>(?:Vize|Alters)?[Pp]räsident(?:in)?)\s+(?P<name>.+?)\s*:?$")
_SPOKEN = re.compile(r"^(?:J|O|Z|N|J_\d|A_TOP|p|)$")  # classes of paragraphs of the Bundestag that were spoken
_LABEL = re.compile(r"^HPS-(?:Member|Office|General)\w*(?:Speech|Question|Answer|Continuation|Interjecting)$")
_LABEL_END = re.compile(r"^.{0,300}?:(?:\s+|$)")


def mark_interjections(root: Element) -> None:
    """Give the labelled paragraphs of an Australian Hansard their speaker as an attribute, and take their labels away.

    A paragraph with a label and nothing after it ("Mr Lee interjecting—") holds nobody's words and is emptied.
    """
    names: dict[str, str] = {}
    for talker in root.iter("{*}talker"):
        identifier = first(talker, "nameid")
        if identifier is not None:
            names.setdefault(words_of(identifier), speaker_name(talker))
    for paragraph in root.iter("{*}p"):
        label = next((e for e in paragraph.iter("{*}span") if _LABEL.match(attributes(e).get("class", ""))), None)
        if label is None or not words_of(paragraph).startswith(words_of(label)):
            continue
        link = next((attributes(e).get("href", "") for e in paragraph.iter("{*}a")), "")
        words = words_of(paragraph)
        end = _LABEL_END.match(words)
        for child in list(paragraph):
            paragraph.remove(child)
        paragraph.text = words[end.end() :] if end else ""
        paragraph.set("speaker", names.get(link) or words_of(label).rstrip(": "))


def without_minutes_labels(said: list[Utterance]) -> Iterator[Utterance]:
    """Minutes of the Diet repeat the label in the words, ○山田太郎君　, and file their head like a speech."""
    for one in said:
        match = re.match(r"^[○◎◆●△▲〇]\s?[^\s\u3000]{1,60}[\u3000 ]+", one.words)
        yield one._replace(words=one.words[match.end() :] if match else one.words, note=one.name == "会議録情報")


def bundestag(root: Element) -> list[Utterance]:
    """Plenary protocols: ``<name>`` and ``<redner>`` say who speaks from there on; comments and print were not said."""
    course = first(root, "sitzungsverlauf")
    made: list[Utterance] = []
    name: str | None = None
    role = section = ""
    speech: Element | None = None
    for element in course.iter("{*}*") if course is not None else ():
        kind = local(element)
        given = attributes(element)
        if speech is not None and kind != "rede" and speech not in element.iterancestors():
            # Behind a speech whoever presides is named again; where that is missing, it is not known who speaks.
            name, role = (name, role) if _OFFICE.match(f"{role} {name}") else (None, "")
            speech = None
        if kind == "tagesordnungspunkt":
            section = given.get("top-id", "")
        elif kind == "rede":
            speech = element
        elif kind == "name" and (element.text or "").strip():
            name, role = _presiding(element.text)
        elif kind == "p" and given.get("klasse") == "redner":
            name, role = _member(element)
        elif kind == "p" and given.get("klasse") == "N" and words_of(element).endswith(":"):
            name, role = _presiding(words_of(element))
        elif kind == "p" and _SPOKEN.match(given.get("klasse", "")):
            _go_on(made, Utterance(words_of(element), name, None, role, section), given.get("klasse") == "O")
    return made


def _go_on(made: list[Utterance], said: Utterance, is_continued: bool) -> None:
    """Add a paragraph; one of class "O" goes on after a comment, often in the middle of a sentence."""
    if is_continued and made and made[-1][1:] == said[1:]:
        made[-1] = said._replace(words=f"{made[-1].words} {said.words}")
    else:
        made.append(said)


def _presiding(text: str) -> tuple[str, str]:
    label = " ".join(text.split()).rstrip(":").strip()
    match = _OFFICE.match(label)
    return (match["name"], match["role"]) if match else (label, "")


def _member(paragraph: Element) -> tuple[str | None, str]:
    speaker = first(paragraph, "redner")
    named = first(speaker, "name") if speaker is not None else None
    if named is None:
        return _presiding(words_of(paragraph))
    parts = [first(named, part) for part in ("titel", "vorname", "namenszusatz", "nachname")]
    role = first(named, "rollelang", "fraktion")
    name = " ".join(words_of(part) for part in parts if part is not None and words_of(part))
    return name or None, words_of(role) if role is not None else ""
