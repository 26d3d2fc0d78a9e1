"""XML of recordings → utterances with times: TTML subtitles, Transcriber, EXMARaLDA and ELAN.

Here the words of several people lie side by side on one axis of time; they are read in the order of their beginnings.

    >>> from corpus.readers.xml_text import parse
    >>> turns = '<Turn speaker="s1" startTime="1.5"><Sync time="1.5"/>Is it late?</Turn>'
    >>> root = parse(f'<Trans><Speakers><Speaker id="s1" name="Ann"/></Speakers>{turns}</Trans>'.encode())
    >>> [(said.name, said.words, said.seconds) for said in transcriber(root)]
    [('Ann', 'Is it late?', 1.5)]
"""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.readers.fields import moment
from corpus.readers.utterances import Utterance
from corpus.readers.xml_text import Element, attributes, children, local, words_of
from corpus.readers.xml_walk import persons_of

_OFFSET = re.compile(r"^(\d+(?:\.\d+)?)(h|m|s|ms|f|t)$")


def ttml(root: Element) -> list[Utterance]:
    """TTML and DFXP subtitles; the speaker is an agent of a paragraph, of a span, or of what is around."""
    given = attributes(root)
    rates = {"f": float(given.get("framerate", 30) or 30), "t": float(given.get("tickrate", 1) or 1)}
    names = {identifier: name for identifier, (name, _) in persons_of(root).items()}
    made: list[Utterance] = []
    for paragraph in root.iter("{*}p"):
        agent, start = _inherited(paragraph, "agent"), _inherited(paragraph, "begin")
        spoken = [span for span in children(paragraph) if "agent" in attributes(span)]
        for part in spoken or [paragraph]:
            own = attributes(part)
            who = own.get("agent") or agent
            words = _sentences(part) if local(part) == "p" else [(words_of(part), own.get("begin"))]
            for text, begin in words:
                at = _ttml_seconds(begin or start, rates)
                if text:
                    made.append(Utterance(text.replace("\n", " "), names.get(who or "", who), at))
    return made


def _sentences(paragraph: Element) -> list[tuple[str, str | None]]:
    """The sentences of a paragraph with their times, where each has an element of its own, as in Apple's podcasts."""
    parts = [span for span in children(paragraph) if attributes(span).get("unit") == "sentence"]
    if not parts:
        return [(words_of(paragraph), None)]
    return [(_spaced(part), attributes(part).get("begin")) for part in parts]


def _spaced(sentence: Element) -> str:
    """The words of a sentence whose words have elements of their own and no blanks between them."""
    words = [span for span in children(sentence) if attributes(span).get("unit") == "word"]
    return " ".join(words_of(word) for word in words) if words else words_of(sentence)


def _inherited(element: Element | None, name: str) -> str | None:
    while element is not None:
        value = attributes(element).get(name)
        if value:
            return value
        element = element.getparent()
    return None


def _ttml_seconds(text: str | None, rates: dict[str, float]) -> float | None:
    match = _OFFSET.match((text or "").strip())
    if match:
        scale = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "f": 1 / rates["f"], "t": 1 / rates["t"]}[match[2]]
        return round(float(match[1]) * scale, 3)
    found = moment(text)
    return found.seconds if found else None


def transcriber(root: Element) -> list[Utterance]:
    """Transcriber (.trs): turns with synchronisation points; two who speak at once are told apart by ``<Who nb>``."""
    names = persons_of(root)
    topics = {attributes(t).get("id"): attributes(t).get("desc", "") for t in root.iter("{*}Topic")}
    made: list[Utterance] = []
    for number, turn in enumerate(root.iter("{*}Turn")):
        given = attributes(turn)
        who = [names.get(one, (one, ""))[0] for one in given.get("speaker", "").split()]
        at = moment(given.get("starttime"))
        section = topics.get(attributes(turn.getparent()).get("topic"), "")
        current = who[0] if len(who) == 1 else " / ".join(who) or None
        parts = [turn.text or ""]
        spoken: list[tuple[str | None, float | None, list[str]]] = [(current, at.seconds if at else None, parts)]
        for child in children(turn):
            own, kind = attributes(child), local(child)
            if kind == "sync":
                time = moment(own.get("time"))
                spoken.append((current, time.seconds if time else None, []))
            elif kind == "who" and own.get("nb", "").isdigit() and 0 < int(own["nb"]) <= len(who):
                current = who[int(own["nb"]) - 1]
                spoken.append((current, spoken[-1][1], []))
            spoken[-1][2].append(child.tail or "")
        made += [
            Utterance(" ".join("".join(p).split()), w, s, "", section, number)
            for w, s, p in spoken
            if "".join(p).strip()
        ]
    return made


def exmaralda(root: Element) -> list[Utterance]:
    """EXMARaLDA (.exb): a tier of transcribed words for each speaker over one time line."""
    names: dict[str, str] = {}
    for speaker in root.iter("speaker"):
        label = next((words_of(e) for e in speaker.iter("abbreviation") if e.text), "")
        names[attributes(speaker).get("id", "")] = label or attributes(speaker).get("id", "")
    line = list(root.iter("tli"))
    order = {attributes(point).get("id"): number for number, point in enumerate(line)}
    times = {attributes(point).get("id"): moment(attributes(point).get("time")) for point in line}
    found: list[tuple[int, Utterance]] = []
    for tier in root.iter("tier"):
        given = attributes(tier)
        if given.get("type") != "t":
            continue
        for event in tier.iter("event"):
            start = attributes(event).get("start")
            at = times.get(start)
            words = " ".join("".join(event.itertext()).split())
            if words:
                who = names.get(given.get("speaker", ""), given.get("speaker"))
                found.append((order.get(start, 0), Utterance(words, who, at.seconds if at else None)))
    return [said for _, said in sorted(found, key=lambda pair: pair[0])]


def elan(root: Element) -> list[Utterance]:
    """ELAN (.eaf): a tier for each speaker, its annotations aligned with slots of time in milliseconds."""
    slots = {}
    for slot in root.iter("TIME_SLOT"):
        at = moment(attributes(slot).get("time_value"))
        slots[attributes(slot).get("time_slot_id")] = at.seconds / 1000 if at else None
    found: list[Utterance] = []
    for tier in root.iter("TIER"):
        given = attributes(tier)
        if given.get("parent_ref"):
            continue  # a translation or an annotation of another tier
        who = given.get("participant") or given.get("tier_id")
        for annotation in tier.iter("ALIGNABLE_ANNOTATION"):
            words = words_of(annotation)
            if words:
                found.append(Utterance(words, who, slots.get(attributes(annotation).get("time_slot_ref1"))))
    return sorted(found, key=lambda said: said.seconds or 0.0)


FORMS: dict[str, tuple[str, Callable[[Element], list[Utterance]]]] = {
    "tt": ("TTML subtitles", ttml),
    "trans": ("Transcriber XML", transcriber),
    "basictranscription": ("EXMARaLDA XML", exmaralda),
    "annotationdocument": ("ELAN XML", elan),
}
