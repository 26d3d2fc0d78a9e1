"""Any XML of speech → utterances: whoever an element names speaks the words in it.

Knows two ways to name: an attribute (``<u who="#lee">``, ``<speech speakername="Ann Lee">``) and an element of its
own before the words (``<from>``, ``<talker>``, ``<orateurs>``). Ids are looked up among the persons that the document
lists. When an element ends, the words belong again to whoever spoke around it; where nobody is named they are not read.

    >>> root = parse(b'<d><h/><turn speaker="Ann"><p>Is it late?</p><stage>bell</stage><p>No.</p></turn></d>')
    >>> [(said.name, said.words) for said in utterances(root)]
    [('Ann', 'Is it late?'), ('Ann', 'No.')]
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from corpus.readers.fields import Moment, moment_in, ranked
from corpus.readers.utterances import Utterance, in_seconds
from corpus.readers.xml_text import NOT_SAID, Element, attributes, children, first, local, parse, words_of

__all__ = ["parse", "persons_of", "speaker_name", "utterances"]

_BY_ATTRIBUTE = ("who", "by", "speaker", "speakername", "speakerid", "spk", "participant", "agent", "person", "nick")
_TURNS = {"speech", "speaking", "turn", "utterance", "message", "u", "sp", "statement", "intervention", "contribution"}
_SPEAKERS = {
    "speaker", "from", "talker", "personspeaking", "orateurs", "orateur", "speakername", "participant", "redner",
    "intervenant", "speakerlabel", "author", "who", "membercontribution",
}  # fmt: skip
_WORDS = {"speech", "text", "texte", "content", "words", "contributiontext", "body", "paragraph", "utterance", "value"}
_HEADINGS = {
    "head", "heading", "subheading", "title", "majorheading", "minorheading", "oralheading", "debatetitle", "subject",
    "orderofbusinesstitle", "subjectofbusinesstitle",
}  # fmt: skip
_NAMES = ("persname", "name", "nom", "affiliation", "speakername", "showas", "label", "abbreviation")
_PERSONS = {"person", "tlcperson", "speaker", "agent", "participant", "member", "tlcrole"}
_CAMEL = re.compile(r"(?<=[^\W\d_])(?=[^\W\d_])(?<!\bMc)(?<!\bMac)")


class _Scope(NamedTuple):
    """Who speaks in an element."""

    name: str | None = None
    role: str = ""
    moment: Moment | None = None
    record: int = -1
    is_known: bool = False  # whether the document names the speaker; else it gives an id only


def utterances(root: Element, text: Element | None = None) -> list[Utterance]:
    """The words that somebody speaks in a document, in order, with headings as section titles.

    Args:
        root: the document, whose lists of persons give names to ids.
        text: where the words are; all of the document by default.
    """
    walk = _Walk(persons_of(root))
    walk.visit(root if text is None else text, _Scope())
    seconds, _ = in_seconds(walk.moments, (said.words for said in walk.made))
    shown = _without_years({said.name for said in walk.made if said.name})
    return [
        said._replace(name=shown.get(said.name or "", said.name), seconds=at)
        for said, at in zip(walk.made, seconds, strict=True)
    ]


def _without_years(names: set[str]) -> dict[str, str]:
    """Names without the year of birth that an id has ("Ann Lee 1952"), where they are still different names."""
    bare = {name: re.sub(r"\s\d{4}$", "", name) for name in names}
    times = Counter(bare.values())
    return {name: shown for name, shown in bare.items() if times[shown] == 1}


def persons_of(root: Element) -> dict[str, tuple[str, str]]:
    """Id → name and role of everybody whom a document lists."""
    found: dict[str, tuple[str, str]] = {}
    for element in root.iter("{*}*"):
        if local(element) not in _PERSONS:
            continue
        given = attributes(element)
        identifier = given.get("id") or given.get("eid")
        name = given.get("showas") or given.get("name") or speaker_name(element)
        if identifier and name:
            found.setdefault(identifier, (name, _role_of(element)))
    return found


def speaker_name(person: Element) -> str:
    """The name in an element that stands for a person: forename and surname, or the first element that holds a name."""
    whole = first(person, "persname", "name")
    parts = [
        e
        for e in (whole if whole is not None else person).iter("{*}*")
        if local(e) in ("forename", "surname", "vorname", "nachname", "firstname", "lastname")
    ]
    ordered = sorted(parts, key=lambda part: local(part) in ("surname", "nachname", "lastname"))
    if ordered:
        return " ".join(words_of(part) for part in ordered if part.text)
    named = first(person, *_NAMES)
    name = words_of(named) if named is not None else words_of(person)
    return _in_order(name) if local(person) == "talker" else name


def _in_order(name: str) -> str:
    """ "LEE, Ann MP" of a Hansard's list → "Ann LEE MP"."""
    match = re.fullmatch(r"([^,()]+), ([^,()]+?)((?: [A-Z]{2,4})*)((?: \(.+\))?)", name)
    return f"{match[2]} {match[1]}{match[3]}{match[4]}" if match else name


def _role_of(element: Element) -> str:
    role = first(element, "qualite", "occupation", "rolename", "role", "function", "party", "fraktion")
    return words_of(role) if role is not None and role is not element else ""


class _Walk:
    def __init__(self, persons: dict[str, tuple[str, str]]) -> None:
        self.persons = persons
        self.made: list[Utterance] = []
        self.moments: list[Moment | None] = []
        self.section = ""
        self.count = 0

    def visit(self, element: Element, scope: _Scope) -> None:
        """Take in an element; recursion is bounded by the parser, which refuses documents deeper than 256."""
        name = local(element)
        if not name or name in NOT_SAID:
            return
        if name in _HEADINGS and scope.record < 0:
            title = words_of(element).replace("\n", " ")
            self.section = title if 0 < len(title) <= 300 else self.section
            return
        scope = self._named_by_attribute(element, name, scope)
        record = self._record(element)
        if record is not None:
            speaker, words = record
            self._say(words, self._named_by(speaker, element, scope))
        elif self._is_paragraph(element):
            self._say(element, scope)
        else:
            self._children(element, scope)

    def _children(self, element: Element, scope: _Scope) -> None:
        inner = scope
        for child in children(element):
            if self._is_speaker(child):
                inner = self._named_by(child, element, inner)
            elif local(child).endswith("start") and any(map(self._is_speaker, children(child))):
                # <talk.start><talker/><para/></talk.start>: what is named there goes on behind it.
                speaker = next(filter(self._is_speaker, children(child)))
                inner = self._named_by(speaker, child, inner)
                for part in children(child):
                    if part is not speaker:
                        self.visit(part, inner)
            else:
                self.visit(child, inner)

    def _named_by_attribute(self, element: Element, name: str, scope: _Scope) -> _Scope:
        given = attributes(element)
        key = next((key for key in _BY_ATTRIBUTE if given.get(key, "").strip()), None)
        if key is None and name in _TURNS:
            key = "name" if given.get("name", "").strip() else None
            if key is None:
                self.count += 1
                return _Scope(None, "", self._moment(given), self.count)
        if key is None:
            return scope._replace(moment=self._moment(given) or scope.moment)
        self.count += 1
        who, role, known = self._looked_up(given[key])
        office = self.persons.get(given.get("as", "").strip().lstrip("#"), ("", ""))[0]
        return _Scope(who, office or role or _chair(given), self._moment(given), self.count, known)

    def _looked_up(self, given: str) -> tuple[str, str, bool]:
        """Names and role for one id or several; whether the document names them."""
        ids = given.split() if "#" in given else [given]
        found = [self.persons.get(one.strip().lstrip("#")) for one in ids]
        if any(found):
            names = [person[0] if person else _spelt(one) for one, person in zip(ids, found, strict=True)]
            return " / ".join(names), found[0][1] if found[0] and len(found) == 1 else "", True
        is_id = given.startswith(("#", "uk.org", "http")) or "/" in given
        return " / ".join(map(_spelt, ids)) if is_id else given, "", not is_id

    def _named_by(self, speaker: Element, element: Element, scope: _Scope) -> _Scope:
        """The scope with the name that an element gives, unless a list of persons has given it."""
        name = speaker_name(speaker).strip().rstrip(":：").strip()
        fresh = scope.record if scope.record >= 0 and not scope.name else None
        if fresh is None and not (scope.record >= 0 and scope.name and attributes(element)):
            self.count += 1
            fresh = self.count
        known = scope.is_known and bool(attributes(element)) and scope.record >= 0
        role = scope.role if known else _role_of(speaker)
        return _Scope(scope.name if known else name or scope.name, role, scope.moment, fresh or scope.record, True)

    def _record(self, element: Element) -> tuple[Element, Element] | None:
        """The speaker and the words of an element that has one child for each: <speaker/>…<speech/>."""
        found = list(children(element))
        speaker = next((child for child in found if self._is_speaker(child)), None)
        words = [child for child in found if local(child) in _WORDS]
        return (speaker, words[0]) if speaker is not None and len(words) == 1 else None

    def _is_speaker(self, element: Element) -> bool:
        return local(element) in _SPEAKERS and len("".join(element.itertext())) <= 300

    def _is_paragraph(self, element: Element) -> bool:
        """Whether words stand directly in an element, and nobody else is named within it."""
        tails = [child.tail for child in element]
        if not any(text and text.strip() for text in [element.text, *tails]):
            return bool(len(element)) and local(element) in ("seg", "s") and element.find(".//{*}w") is not None
        return not any(self._names_somebody(inner) for inner in element.iter("{*}*") if inner is not element)

    def _names_somebody(self, element: Element) -> bool:
        return self._is_speaker(element) or any(
            key in element.attrib for key in ("who", "by", "speaker", "speakername")
        )

    def _say(self, element: Element, scope: _Scope) -> None:
        words = re.sub(r"^[-–—:]\s+", "", words_of(element))
        if words and scope.record >= 0:
            self.made.append(Utterance(words, scope.name, None, scope.role, self.section, scope.record))
            self.moments.append(scope.moment)

    @staticmethod
    def _moment(given: dict[str, str]) -> Moment | None:
        keys = [key for key in ranked("time", given) if key not in ("time", "from", "date", "t", "in")]
        return next((found for key in keys if (found := moment_in(key, given[key]))), None)


def _chair(given: dict[str, str]) -> str:
    """ParlaMint marks whoever presides."""
    return "chair" if "#chair" in given.get("ana", "").split() else ""


def _spelt(identifier: str) -> str:
    """A name as far as an id tells it: "#LeeAnn" → "Lee Ann", "#AnnLee.1952" → "Ann Lee 1952"."""
    bare = identifier.strip().rstrip("/").rpartition("/")[2].rpartition("#")[2]
    bare = re.sub(r"[._]", " ", bare)
    # Capitals of every script: "TomášČernák".
    return " ".join(
        _CAMEL.sub(
            lambda at: " " if bare[at.start() - 1].islower() and bare[at.start()].isupper() else "", bare
        ).split()
    )
