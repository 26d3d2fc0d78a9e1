"""What a question in a thread leans on: whom it means, which quote it points at, what it brings of its own.

Knows the last answers and the words of ``assistant.cues``; searches nothing and decides nothing about the answer.

    take_apart("and bitcoin?", "and bitcoin?", "position").own    # 'bitcoin'
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from assistant.cues import (
    AGREE,
    AUTHOR,
    CHAT,
    CONNECTIVES,
    CORRECTION,
    DEMONSTRATIVE,
    ELABORATE,
    ENUMERATED,
    GENERIC,
    MORE,
    ORDINALS,
    OTHERS,
    PLURAL,
    POINTED,
    PRONOUN,
    REPEAT,
    REPLY,
    SAYING,
    SWITCH,
    THIRD_PARTY,
    TWO,
    WHO_AGREES,
    WHOLE,
)
from assistant.types import Answer, Intent
from corpus.normalize import fold_text
from corpus.speakers import find_speakers
from corpus.types import Quote, Speaker, Transcript
from index.tokens import query_terms

_ALONE = 5  # terms of its own that make a question stand by itself
Speakers = tuple[Speaker, ...]


class Asked(NamedTuple):
    """A question in a thread, taken apart."""

    question: str
    bare: str  # without the speakers it names and what leads over to it
    own: str  # its own matter, without what hangs on the thread
    weight: int  # how many terms of matter it has
    pronoun: bool
    plural: bool
    others: bool  # "anyone else?"
    agree: bool  # "do they agree?"
    who_agrees: bool  # "who disagrees?"
    again: bool  # more is wanted than was quoted
    elaborate: bool  # "why?"
    replies: bool  # "who answered?"
    authors: bool  # "谁说的", "was that Yang?"
    repeat: bool  # "say that again", "原话"
    alone: bool  # whether it needs no thread

    @property
    def wants_more_of_it(self) -> bool:
        """Whether it brings no matter and asks for a reason, an example, a detail of what was said."""
        return not (self.weight or self.again or self.others or self.agree or self.replies or self.of_quotes)

    @property
    def of_quotes(self) -> bool:
        """Whether it asks whose the last quotes are, or for them once more, and nothing besides."""
        asks_whose = self.authors and not (self.agree or self.others or self.replies)
        return not self.elaborate and (self.repeat or asks_whose)


def take_apart(question: str, bare: str, intent: Intent) -> Asked:
    """See what a question in a thread leans on, and what it brings of its own.

    Args:
        bare: the question without the speakers it names, folded.
    """
    switched = SWITCH.search(bare)
    if switched:
        bare = bare[switched.end() :]
    stripped, correction = bare, bool(CORRECTION.search(question))
    while (shorter := CONNECTIVES.sub("", stripped)) != stripped:
        stripped = shorter
    if correction:
        stripped = CORRECTION.sub("", stripped)
    own, asks_who = stripped, intent == "who_said"
    frame = (POINTED, REPEAT, MORE, REPLY, AGREE, OTHERS, GENERIC, PRONOUN, DEMONSTRATIVE)
    for pattern in (*frame, SAYING) if asks_who else frame:
        own = pattern.sub(" ", own)
    own = " ".join(own.split()).strip(" ,，。.?？!")
    pronoun, plural = bool(PRONOUN.search(stripped)), bool(PLURAL.search(stripped))
    points = bool(POINTED.search(bare) or DEMONSTRATIVE.search(PRONOUN.sub("", stripped)))
    elaborate = bool(ELABORATE.match(stripped) or ELABORATE.match(bare))
    others, who_agrees, agree, again, repeat, replies, author = (
        bool(pattern.search(bare)) for pattern in (OTHERS, WHO_AGREES, AGREE, MORE, REPEAT, REPLY, AUTHOR)
    )
    agree = agree or who_agrees
    weight = 0 if elaborate else _matter(own)
    hangs = correction or _is_fragment(question)
    leans = any((pronoun, points, hangs, elaborate, others, agree, again, repeat, replies, author))
    whole = intent == "overview" and not points and bool(WHOLE.search(bare))
    alone = bool(switched and weight) or (weight >= _ALONE and not leans) or whole
    authors = asks_who or author
    return Asked(
        question,
        bare,
        own,
        weight,
        pronoun,
        plural,
        others,
        agree,
        who_agrees,
        again,
        elaborate,
        replies,
        authors,
        repeat,
        alone,
    )


def _matter(text: str) -> int:
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
    if asked.who_agrees:
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
            return (), ()  # "who brought up Michael Burry?" – "how big is his bet?": he is none of the speakers
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


def past_chat(question: str) -> str:
    """The question after the pleasantries that lead over to it: "thx. so what is ARR?" → "so what is ARR?"."""
    rest = question
    while match := re.match(r"\W*([^,.!?;:，。！？；：…~]+)[,.!?;:，。！？；：…~]+\s*(?=\w)", rest):
        said = fold_text(match[1])
        if CORRECTION.search(f"{said},") or any(c.isalnum() for c in CHAT.sub("", said)):
            break
        rest = rest[match.end() :]
    return rest


def outsider_of(answer: Answer, speakers: Sequence[Speaker], outsiders: Collection[str]) -> str:
    """Somebody whom an answer's question was about and who is none of the speakers; empty when there is none."""
    if WHO_AGREES.search(fold_text(answer.question)):
        return ""  # "who disagrees with Furman?" – "why does he?": he is whoever does
    words = [word for word in re.findall(r"[a-z]+", fold_text(answer.topic)) if word in outsiders]
    names = [m[0] for m in THIRD_PARTY.finditer(answer.question) if not find_speakers(m[0], speakers)]
    return next(iter((*words, *names)), "")


def heard(asked: Asked, thread: Sequence[Answer], speakers: Sequence[Speaker]) -> Speakers:
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


def _is_fragment(question: str) -> bool:
    """Whether a question is hung on the last one: "那页岩油呢?", "and private credit?"."""
    return bool(
        re.search(r"呢\W*$", question)
        or re.match(r"\W*(?:and|what about|how about|as for|same for)\b", question, re.IGNORECASE)
        or re.match(r"\W*那(?!些?个?时|年|天)", question)
    )
