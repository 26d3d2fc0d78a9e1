"""A person described by something they said: "the guest who told the ferry story, what does she think of tolls?"

Where the description stands is a closed grammar of two languages; who it is, is for the search to find.

    >>> bridged("What does the guest who told the ferry story say about tolls?")
    Bridge(description='told the ferry story', before='What does ', after=' say about tolls?', guest=True)
    >>> bridged("讲渡船故事的那位嘉宾怎么看收费?").after
    '怎么看收费?'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.reading.closed import WHO
from corpus.annotations import Language
from corpus.types import Transcript
from index.types import Hit

_PERSON = r"(?P<who>guest|speaker|person|man|woman|one|guy|panell?ist|host|moderator|expert|investor|lady|gentleman)"
_VERBS = (
    r"think|thinks|say|says|said|feel|feels|believe|believes|make|makes|see|sees|argue|argues|want|wants|hold|holds|"
    r"expect|expects|have to say|has to say|stand|stands|view|views|judge|judges|rate|rates|mean|means|propose|"
    r"proposes|agree|agrees|disagree|disagrees|worry|worries|doubt|doubts|support|supports|oppose|opposes"
)
_ENGLISH = re.compile(
    rf"^(?P<before>.*?)\b(?:the|that) {_PERSON} (?:who|that|with)(?: had)? (?P<description>.{{4,80}}?)"
    rf"(?P<after>\s*[,:;–—]\s.+| (?:{_VERBS})\b.*)$",
    re.IGNORECASE,
)
_ENDED = re.compile(  # "What's the view on tolls of the guest who told the ferry story?"
    rf"^(?P<before>.+? (?:of|by|to|from|for|with) )(?:the|that) {_PERSON} (?:who|that) "
    r"(?P<description>.{4,80}?)(?P<after>\s*\??)$",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"^(?P<before>(?:请问|那么|按|据|照)?)(?:那个|那位|这位|这个)?(?P<description>[^,，。;；?？]{3,30}?)"
    r"的(?:(?:那|这)(?:位|个|一位|一个)?)?(?P<who>嘉宾|主持人|来宾|人|投资人|专家|老兄|先生|女士|家伙|(?<=那位)|(?<=那个))"
    r"(?P<after>[,，:： ]*\S.*)$"
)
_ALONE = 0.75  # share of what was found for a description from which it is one person's
_HOST = re.compile(r"host|moderator|主持", re.IGNORECASE)
_ASKS_MORE = re.compile(r"怎么|什么|吗|么|如何|为何|为什么|多少|几|咋|啥|觉得|认为|信不信|看法|观点|对.+")


class Met(NamedTuple):
    """Who is described, and by which words of theirs."""

    speaker_id: str
    sentence_id: str


class Bridge(NamedTuple):
    """A question with a person described in it."""

    description: str
    before: str  # of the question, as typed
    after: str
    guest: bool  # whether somebody who does not host is meant

    def asking(self, language: Language) -> str:
        """Who that is, as a question."""
        return f"谁{self.description}?" if language == "zh" else f"Who {self.description}?"

    def naming(self, name: str) -> str:
        """The question with the person named."""
        return f"{self.before}{name}{self.after}"


def bridged(question: str) -> Bridge | None:
    """The description of a person that a question asks about by it; None without one, or where that is all it asks."""
    for pattern in (_ENGLISH, _CHINESE, _ENDED):
        match = pattern.match(question.strip())
        if match is None:
            continue
        before, after = match["before"], match["after"]
        if WHO.search(f"{before} {after}") or (pattern is _CHINESE and not _ASKS_MORE.search(after)):
            return None
        return Bridge(match["description"].strip(), before, after, not _HOST.search(match["who"]))
    return None


def described(bridge: Bridge, transcript: Transcript, hits: Sequence[Hit]) -> Met | None:
    """The one person whose sentences all but alone fit a description; None where nobody's do.

    Args:
        hits: what was found for the description, best first.
    """
    shares: dict[str, float] = {}
    for hit in hits:
        speaker = transcript.speaker_of(transcript.sentence(hit.id).turn_id)
        if not (bridge.guest and speaker.is_host):
            shares[speaker.id] = shares.get(speaker.id, 0.0) + hit.score
    if not shares:
        return None
    best = max(shares, key=lambda i: shares[i])
    if shares[best] < _ALONE * sum(shares.values()):
        return None
    theirs = (h.id for h in hits if transcript.speaker_of(transcript.sentence(h.id).turn_id).id == best)
    return Met(best, next(theirs))
