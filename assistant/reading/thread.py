"""What a message in a thread leans on: whom it means, which quote it points at, what it brings of its own.

Knows the last answers and what ``assistant.reading.acts`` heard; searches nothing and decides nothing about the answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from assistant.reading.acts import Heard
from assistant.reading.closed import (
    DEMONSTRATIVE,
    ENUMERATED,
    ORDINALS,
    PLURAL,
    POINTED,
    PRONOUN,
    THIRD_PARTY,
    TWO,
    WHO,
)
from assistant.types import Answer
from corpus.normalize import fold_text
from corpus.speakers import find_speakers
from corpus.types import Quote, Speaker, Transcript
from index.tokens import query_terms

_LEANS = 0.5  # from this probability a message is read in the light of its thread
_OPEN = ("find", "list", "verdict", "figure")
_SURELY_ALONE = 0.15  # below this one with little matter of its own stands alone too
_FEW = 3  # terms of matter that make a message stand alone, unless it leans
Speakers = tuple[Speaker, ...]


class Asked(NamedTuple):
    """A message in a thread, taken apart."""

    question: str
    bare: str  # without the speakers it names
    own: str  # its own matter
    weight: int  # how many terms of matter it has
    heard: Heard
    pronoun: bool
    plural: bool
    named: bool

    @property
    def act(self) -> str:
        """What it asks for."""
        return self.heard.act

    @property
    def others(self) -> bool:
        """ "Anyone else?" """
        return self.act == "others"

    @property
    def agree(self) -> bool:
        """ "Do they agree?", "who disagrees?" """
        return self.act in ("agree", "disagree")

    @property
    def who_agrees(self) -> bool:
        """ "Who disagrees?", of all but those just heard."""
        return self.agree and (bool(WHO.search(self.bare)) or not (self.pronoun or self.named))

    @property
    def again(self) -> bool:
        """Whether more is wanted than was quoted."""
        return self.act == "more"

    @property
    def elaborate(self) -> bool:
        """ "Why?", "really?", "such as?" """
        return self.act in ("why", "doubt") or (self.act in _OPEN and matter_in(self.bare) <= 1)

    @property
    def replies(self) -> bool:
        """ "Who answered?" """
        return self.act == "reply"

    @property
    def authors(self) -> bool:
        """ "谁说的", "was that Ann?" """
        return self.act == "who"

    @property
    def repeat(self) -> bool:
        """ "Say that again", "原话", and the same in another shape or language."""
        return self.act in ("repeat", "exact", "source", "translate")

    @property
    def wants_more_of_it(self) -> bool:
        """Whether it brings no matter and asks for a reason, an example, a detail of what was said."""
        return not (self.weight or self.again or self.others or self.agree or self.replies or self.of_quotes)

    @property
    def of_quotes(self) -> bool:
        """Whether it asks whose the last quotes are, or for them once more, and nothing besides."""
        return self.repeat or self.authors

    @property
    def alone(self) -> bool:
        """Whether it needs no thread."""
        leaning = self.pronoun or bool(DEMONSTRATIVE.search(PRONOUN.sub("", self.bare)))
        if self.act in ("summarise", "list", "silent", "topics") and not leaning and self.heard.leans < _LEANS:
            return True
        surely = self.heard.leans < _SURELY_ALONE and not leaning
        return self.heard.leans < _LEANS and (self.weight >= _FEW or (self.weight == _FEW - 1 and surely))


def take_apart(question: str, bare: str, heard: Heard, own: str, *, named: bool) -> Asked:
    """See what a message in a thread leans on, and what it brings of its own.

    Args:
        bare: the message without the speakers it names, folded.
        own: its matter without them.
        named: whether it names a speaker.
    """
    return Asked(
        question, bare, own, matter_in(own), heard, bool(PRONOUN.search(bare)), bool(PLURAL.search(bare)), named
    )


def matter_in(text: str) -> int:
    """How many terms of matter a text has; single Chinese characters, two for one."""
    found = query_terms(text)
    words = sum(1 for term in found if len(term) > 1)
    return max(words, (len(found) - words) // 2)


def meant(
    asked: Asked, thread: Sequence[Answer], speakers: Sequence[Speaker], outsiders: Collection[str]
) -> tuple[Speakers, tuple[Speakers, ...]]:
    """Whose words a follow-up that names nobody wants, and whose else it may want."""
    last = thread[-1]
    # The hosts were asked about for their questions, not for what comes next.
    asked_host = last.intent == "host_question"
    previous = () if asked_host and not asked.pronoun else tuple(s for s in speakers if s.id in last.speaker_ids)
    if asked.who_agrees and not asked.plural:
        return (), ()
    if asked.replies:
        return tuple(s for s in speakers if not s.is_host and s not in previous), ()
    if asked.agree or (asked.plural and (asked.authors or not asked.weight)):
        several = _recent(last, speakers) if len(previous) < 2 else previous
        for answer in reversed(thread[:-1]):
            several = several if len(several) > 1 else tuple(dict.fromkeys((*several, *_recent(answer, speakers))))
        return several[:3] if asked.plural else (previous if asked.pronoun else ()), ()
    if asked.authors:
        return (), ()
    if asked.pronoun and not asked.plural:
        if len(previous) > 1:  # of several who were asked about, whoever had most to say
            previous = tuple(s for s in _quoted(last, speakers) if s in previous)[:1] or previous
        if not previous and outsider_of(last, speakers, outsiders):
            return (), ()  # "who brought up the abbot?" – "how old is he?": he is none of the speakers
        previous = previous or _recent(last, speakers)[:1]
    elif asked.elaborate:
        previous = previous or _recent(last, speakers)
    elif asked.weight and len(previous) > 1 and not asked.plural:
        return (), ()
    return previous, ((),) if previous else ()


def _recent(answer: Answer, speakers: Sequence[Speaker]) -> Speakers:
    """Whom an answer was about: the speakers asked about, else those quoted, the best quote's first."""
    asked = tuple(s for s in speakers if s.id in answer.speaker_ids)
    quoted = _quoted(answer, speakers)
    if answer.intent in ("who_said", "host_question"):
        return asked or quoted[:1]
    own = {q.speaker for q in answer.quotes if q.mode == "own"}  # hosts mostly ask or relay; what they say counts
    return asked or tuple(s for s in quoted if not s.is_host or s.name in own) or quoted


def _quoted(answer: Answer, speakers: Sequence[Speaker]) -> Speakers:
    """Whom an answer quotes, the best quote's speaker first."""
    by_name = {s.name: s for s in speakers}
    return tuple(by_name[name] for name in dict.fromkeys(q.speaker for q in answer.quotes) if name in by_name)


def outsider_of(answer: Answer, speakers: Sequence[Speaker], outsiders: Collection[str]) -> str:
    """Somebody whom an answer's question was about and who is none of the speakers; empty when there is none."""
    if answer.plan is not None and answer.plan.operation in ("agree", "disagree"):
        return ""  # "who disagrees with the abbot?" – "why does he?": he is whoever does
    words = [word for word in re.findall(r"[a-z]+", fold_text(answer.topic)) if word in outsiders]
    names = [m[0] for m in THIRD_PARTY.finditer(answer.question) if not find_speakers(m[0], speakers)]
    return next(iter((*words, *names)), "")


def heard_before(asked: Asked, thread: Sequence[Answer], speakers: Sequence[Speaker]) -> Speakers:
    """Whom "the others" leaves out: those of the last answer; before "the other two", earlier ones until two are left.

    Empty when that would leave no guest.
    """
    spoken: Speakers = ()
    for answer in reversed(thread):
        spoken = (*spoken, *_recent(answer, speakers))
        left = [s for s in speakers if not s.is_host and s not in spoken]
        if len(left) <= 2 or not TWO.search(asked.bare):
            hosts = () if asked.authors else tuple(s for s in speakers if s.is_host and s not in spoken)
            return (*spoken, *hosts) if left else ()
    return spoken


def pointed_at(bare: str, last: Answer, transcript: Transcript) -> tuple[str, tuple[str, ...]] | None:
    """What "the second" means: an item that the quotes or their turn count out, else the claim or quote of that number.

    Returns its words and the ids of its sentences; None when nothing is pointed at.
    """
    match = POINTED.search(bare)
    if match is None or not last.quotes:
        return None
    at = ORDINALS[next(group for group in match.groups() if group).casefold()]
    said = [(quote.text, quote.sentence_ids) for quote in last.quotes]
    said += [(sentence.text, (sentence.id,)) for sentence in transcript.sentences_of(last.quotes[0].turn_id)]
    for text, ids in said:
        items = [item for item in ENUMERATED.split(text)[1:] if re.search(r"\w", item)]
        if len(items) > max(1, at):
            return items[at], ids
    groups: list[Sequence[Quote]] = [[last.quotes[n] for n in claim.quotes] for claim in last.claims if claim.quotes]
    groups = groups if len(groups) > max(1, at) else [[quote] for quote in last.quotes]
    if at >= len(groups):
        return None
    text = " ".join(quote.text for quote in groups[at])
    return text, tuple(i for quote in groups[at] for i in quote.sentence_ids)
