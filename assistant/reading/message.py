"""A message with its names found, its act heard, and what is exact of it told: language, quotation marks, matter.

>>> from corpus.testing import trapped_debate
>>> heard = listen("And what about Ann, on the ferry timetable?", trapped_debate())
>>> [speaker.name for speaker in heard.named], heard.own
(['Ann Lee'], 'the ferry timetable')
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant.knowledge.senses import means
from assistant.plan import About, Operation, Part, Shape
from assistant.reading.acts import Act, Heard, hear, unframed
from assistant.reading.closed import AND, ASKS, GUESTS, NOT_THEM, SCENE, SETS_ASIDE, WHO, quoted_in
from assistant.reading.thread import Speakers, matter_in
from corpus.annotations import Language
from corpus.normalize import language_of
from corpus.readers.roles import leads
from corpus.speakers import Mention, comparable, find_mentions, folded_spans
from corpus.types import Speaker, Transcript

# How sure a message must be heard: to be answered from a table, to be turned away unsearched though it holds matter;
# how likely a plainer reading must be to be taken instead.
_SURELY, _VERY_SURELY, PLAUSIBLE = 0.5, 0.9, 0.08
ABOUT: Mapping[Act, About] = {
    "cast": "cast", "hosts": "hosts", "date": "date", "length": "length", "spoke_most": "spoke_most",
    "spoke_least": "spoke_least", "turns": "turns", "person": "person", "topics": "topics",
}  # fmt: skip
SHAPES: Mapping[Act, Shape] = {
    "shorter": Shape(length="short"),
    "longer": Shape(length="long"),
    "table": Shape(form="table"),
    "bullets": Shape(form="bullets"),
    "in_english": Shape(language="en"),
    "in_chinese": Shape(language="zh"),
}
OPERATIONS: Mapping[Act, Operation] = {
    "switch": "find", "repeat": "exact", "doubt": "why",
    "more": "find", "others": "find", "same": "find", "correct": "find", "point": "find",
    **dict.fromkeys(ABOUT, "about"), **dict.fromkeys(SHAPES, "find"),
}  # fmt: skip
_TURNED_AWAY: frozenset[Act] = frozenset({"refuse", "chat", "help", "thanks"})
_OF_TABLES: frozenset[Act] = frozenset(
    {
        "summarise", "count", "silent", "rank", "disagree", "agree", "calculate", "exact", "translate", "source",
        "repeat", "outcome",
    }
)  # fmt: skip
_PLAIN: frozenset[Act] = frozenset({"find", "figure", "who", "why", "verdict", "asked", "compare", "list"})
# What a question that wants a yes or a no is taken for, by its other words.
_MAY_BE_POLAR = frozenset({"find", "compare", "who", "reply", "list", "exact", "silent"})
_CERTAINLY = 0.95  # … unless it is heard as plainly as this
_SELDOM = 0.4  # what an act counts that never leans on a thread, within one, or that always does, without
_LEANING: frozenset[Act] = frozenset(
    {"more", "others", "same", "shorter", "longer", "table", "bullets", "source", "repeat", "correct", "doubt", "point"}
)


class Message(NamedTuple):
    """A message with its names found and its act heard."""

    question: str  # as typed
    said: str  # without the pleasantries before it
    language: Language
    named: Speakers  # speakers it asks about
    aside: Speakers  # speakers it sets aside ("not Ann")
    towards: Speakers  # speakers it is about without wanting their words ("who disagrees with Ann?")
    joined: bool  # whether the names stand side by side ("Ann and Bob"), not one over against the other
    by_part: bool  # whether nobody is named but hosts by their part ("the moderator")
    in_thread: bool
    switched: bool  # whether it changes the subject in so many words
    bare: str  # folded, without the names
    own: str  # its matter
    heard: Heard


def listen(question: str, transcript: Transcript, *, in_thread: bool = False) -> Message:
    """Find the names of a message and hear what it asks for."""
    said, switched = past_chat(question)
    copy = comparable(said)
    mentions = find_mentions(said, transcript.speakers, fuzzy=True, said=transcript.raw)
    wanted = [m for m in mentions if not NOT_THEM.search(copy[: m.start])]
    named = tuple(dict.fromkeys(s for m in wanted for s in m.speakers))
    aside = tuple(dict.fromkeys(s for m in mentions if m not in wanted for s in m.speakers if s not in named))
    named_at = folded_spans(said, [m for m in mentions if not _is_part(m, copy)])
    heard = settled(hear(said, named_at), in_thread=in_thread)
    everybody = folded_spans(said, mentions)
    free = [(a, b) for a, b in heard.matter if not any(a < end and start < b for start, end in everybody)]
    bare = _left(copy, mentions)
    own = " ".join(heard.text[a:b] for a, b in free) or quoted_in(heard.text)
    own = own or " ".join(
        w for w in unframed(bare) if w in transcript.folded or w.removesuffix("s") in transcript.folded
    )
    between = [copy[a.end : b.start] for a, b in itertools.pairwise(wanted)]
    joined = bool(between) and all(AND.fullmatch(part) for part in between)
    language: Language = "zh" if language_of(question) == "zh" else "en"
    towards: Speakers = ()
    if heard.act in ("agree", "disagree") and named and not joined:
        named, towards = ((), named) if WHO.search(copy) else (named[:1], named[1:])
    by_part = bool(mentions) and all(_is_part(m, copy) for m in mentions)
    return Message(
        question, said, language, named, aside, towards, joined, by_part, in_thread, switched, bare, own, heard
    )


def settled(heard: Heard, *, in_thread: bool) -> Heard:
    """What was heard, in the light of what is exact: a question is no thanks, and few ask of the record in a thread."""
    odds = dict(heard.ranked)
    unlikely = ABOUT if in_thread else _LEANING
    odds = {act: p * (_SELDOM if act in unlikely and p < _CERTAINLY else 1.0) for act, p in odds.items()}
    if ASKS.search(heard.text):
        odds.pop("thanks", None)
    ranked = sorted(odds.items(), key=lambda pair: -pair[1])
    return heard._replace(act=ranked[0][0], probability=ranked[0][1], ranked=tuple(ranked))


def part_of(message: Message) -> Part | None:
    """Whether a message asks about the hosts alone or the guests alone, by these words."""
    if message.by_part and message.named:
        return "hosts"
    return "guests" if GUESTS.search(message.heard.text) and not message.named else None


def _is_part(mention: Mention, copy: str) -> bool:
    """Whether hosts are meant by their part ("the moderator"), which tells what is asked for, and not by a name."""
    words = copy[mention.start : mention.end]
    return all(s.is_host for s in mention.speakers) and (leads(words) or leads(words.removesuffix("s")))


def _left(copy: str, mentions: Sequence[Mention]) -> str:
    kept, at = [], 0
    for mention in mentions:
        kept.append(copy[at : mention.start])
        at = mention.end
    kept.append(copy[at:])
    return " ".join(" ".join(kept).split())


def past_chat(question: str) -> tuple[str, bool]:
    """The question after what leads over to it, and whether that changes the subject.

    >>> past_chat("thx. so what is ARR?"), past_chat("different topic: what about tolls?")
    (('so what is ARR?', False), ('what about tolls?', True))
    """
    rest, switched = question, False
    while match := re.match(r"\W*([^,.!?;:，。！？；：…~]+)[,.!?;:，。！？；：…~]+\s*(?=\w)", rest):
        heard = hear(match[1])
        odds = dict(heard.ranked)
        leads_over = sum(odds.get(act, 0.0) for act in ("thanks", "chat", "switch"))
        if leads_over < 0.5 or heard.matter or ASKS.search(match[1]) or SETS_ASIDE.match(match[1]):
            break
        switched = switched or heard.act == "switch"
        rest = rest[match.end() :]
    return rest, switched


def without_names(question: str, speakers: Sequence[Speaker], *, fold: bool = True, raw: str = "") -> str:
    """The question without the speakers it names, folded (or, for looking at capitals, as typed).

    Args:
        question: as typed.
        speakers: everybody who speaks.
        fold: whether to fold it.
        raw: the words of the debate; with them, misspelt names are names too.
    """
    if not fold:
        return re.sub("|".join(re.escape(n) for s in speakers for n in (s.name, *s.aliases)) or "(?!)", " ", question)
    return _left(comparable(question), find_mentions(question, speakers, fuzzy=bool(raw), said=raw))


def operation_of(message: Message) -> Operation:
    """What is done for a message, by what it asks for and whom it names."""
    named, act = message.named, _settled_act(message)
    operation: Operation = OPERATIONS.get(act) or act  # type: ignore[assignment]
    if operation == "who" and named and not message.aside:
        operation = "find"
    if operation == "find" and len(named) == 1 and not (message.own or message.in_thread or unframed(message.bare)):
        operation = "summarise"  # "what does Ann think?"
    if operation in _MAY_BE_POLAR and len(named) < 2 and (message.own or named) and is_polar(message.said):
        operation = "verdict"
    if operation == "asked" and named and not any(s.is_host for s in named):
        operation = "find"
    if operation in ("find", "why", "figure") and len(named) > 1 and message.joined:
        operation = "asked" if all(s.is_host for s in named) else "compare"
    return operation


def is_polar(question: str) -> bool:
    """Whether a question wants a yes or a no: it is worded so and asks for no who, what or how much beside."""
    return means(question, "questions", "polar") and not means(question, "questions", "open")


def plain_operation(message: Message) -> Operation:
    """What is done for a message that asks for something to be said, not calculated: the likeliest plain act."""
    plain = next((act for act, _ in message.heard.ranked if act in _PLAIN), "find")
    if is_polar(message.said):
        return "verdict"
    return "find" if plain == "who" and message.named else plain  # type: ignore[return-value]


def _settled_act(message: Message) -> Act:
    """The likeliest act that what is exact allows: names, matter, whether there is a thread to lean on."""
    heard = message.heard
    holds = bool(message.own or message.named)
    for at, (act, odds) in enumerate(heard.ranked):
        surely = odds >= _SURELY and at == 0
        if act in _TURNED_AWAY and holds and not (surely and act in ("chat", "refuse") and odds >= _VERY_SURELY):
            continue
        if act in ABOUT and (not _of_the_record(message, act) or odds < _SURELY):
            continue
        if act == "outcome" and message.named:
            return "find"  # "and Ann's conclusion?"
        if (
            act == "count"
            and "cast" in dict(heard.ranked)
            and _of_the_record(message, "cast")
            and not message.in_thread
        ):
            return "cast"  # "how many are they?"
        if act in _OF_TABLES and not surely and at == 0:
            plain = [other for other, p in heard.ranked[1:] if other in _PLAIN and p >= PLAUSIBLE]
            return next(iter(plain), "find" if matter_in(message.own) else act)
        return act
    return "find"


def about_of(message: Message) -> About | None:
    """What of the record of the debate a message asks for; None where it asks for none of it."""
    return ABOUT.get(_settled_act(message))


def _of_the_record(message: Message, act: Act) -> bool:
    """Whether a question is about the debate itself and not about something in it: of the people it names, or of none.

    "Who speaks?" is one, "Who speaks about the harbour?" asks for the words.
    """
    by_name = {s for s in message.named if not message.by_part}
    if act == "cast" and means(message.said, "sides", "holds"):
        return False  # "who thinks that?" wants the words
    if act in ("spoke_most", "spoke_least") and len(by_name) > 1:
        return matter_in(SCENE.sub(" ", message.own)) == 0
    if act in ("turns", "person"):
        return bool(by_name) and matter_in(SCENE.sub(" ", message.own)) == 0
    return not by_name and matter_in(SCENE.sub(" ", message.own)) == 0
