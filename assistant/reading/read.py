"""Question and thread → what is asked: a plan, whose words, what to search for.

What a message asks for is heard (``assistant.reading.acts``); names, pronouns and ordinals are exact. A follow-up's own
matter leads the search and the subject of the thread steers it, so that a vague one ("and at the bottom?") stays near
and a new one ("and bitcoin?") gets away. An edit of the answer ("shorter", "as a table", "in English") asks the last
question anew in another shape.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from assistant.plan import About, Edit, Operation, Plan, Scope, Shape, over
from assistant.reading.acts import Act, Detail, Heard, hear, unframed
from assistant.reading.closed import (
    AND,
    ASKS,
    NOT_THEM,
    POINTED,
    SCENE,
    WHO,
    form_of,
    language_named,
    points_of,
    quoted_in,
)
from assistant.reading.places import placed
from assistant.reading.thread import (
    Asked,
    Speakers,
    heard_before,
    matter_in,
    meant,
    outsider_of,
    pointed_at,
    take_apart,
)
from assistant.types import Answer, Intent, Understanding
from assistant.when import When
from corpus.annotations import Language
from corpus.normalize import language_of
from corpus.readers.roles import leads
from corpus.speakers import Mention, comparable, find_mentions, folded_spans
from corpus.types import Speaker, Transcript

_LAYERS = " / "  # between the subjects that a thread has hung one on another, newest first
_MOST_LAYERS = 3
# How sure a message must be heard: to be answered from a table, to be turned away unsearched though it holds matter;
# how likely a plainer reading must be to be taken instead.
_SURELY, _VERY_SURELY, _PLAUSIBLE = 0.5, 0.9, 0.08
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
_OPERATIONS: Mapping[Act, Operation] = {
    "switch": "find", "repeat": "exact", "doubt": "why",
    "more": "find", "others": "find", "same": "find", "correct": "find", "point": "find",
    **dict.fromkeys(ABOUT, "about"), **dict.fromkeys(SHAPES, "find"),
}  # fmt: skip
_INTENTS: Mapping[Operation, Intent] = {
    "who": "who_said", "figure": "figure", "compare": "comparison", "disagree": "comparison", "agree": "comparison",
    "summarise": "overview", "list": "overview", "asked": "host_question", "thanks": "small_talk",
    "help": "small_talk", "chat": "small_talk", "refuse": "out_of_scope", "count": "comparison", "silent": "comparison",
    "outcome": "overview",
}  # fmt: skip
_TURNED_AWAY: frozenset[Act] = frozenset({"refuse", "chat", "help", "thanks"})
_OF_TABLES: frozenset[Act] = frozenset(
    {
        "summarise",
        "count",
        "silent",
        "rank",
        "disagree",
        "agree",
        "calculate",
        "exact",
        "translate",
        "source",
        "repeat",
        "outcome",
    }
)
_PLAIN: frozenset[Act] = frozenset({"find", "figure", "who", "why", "verdict", "asked", "compare", "list"})
_CORRECTED: frozenset[Act] = frozenset({"agree", "disagree", "who", "why", "figure"})  # "no, I asked who objects"
_OF_ITSELF = frozenset({"thanks", "help", "chat", "refuse", "about", "exact", "source", "translate", "calculate"})
_SELDOM = 0.4  # what an act counts that never leans on a thread, within one, or that always does, without
_LEANING: frozenset[Act] = frozenset(
    {"more", "others", "same", "shorter", "longer", "table", "bullets", "source", "repeat", "correct", "doubt", "point"}
)
_LIKE_BEFORE = frozenset({"same", "correct", "point", "doubt"})  # acts that keep the operation


class Reading(NamedTuple):
    """An understanding together with what the search needs beyond it."""

    understanding: Understanding
    topic: str  # what to search for: the question's own words without the names of its speakers
    root: str  # the subject that a later "and Ann?" would carry over
    steer: str = ""  # the subject of the thread, which leads the search where the topic alone leaves it open
    variants: tuple[tuple[str, ...], ...] = ()  # other speakers (by ids) whose words a follow-up may want
    within: tuple[str, ...] = ()  # the only sentences that may answer, where the question points at some
    context: float = 0.0  # how much the places quoted last should weigh; 1 for a follow-up with matter of its own
    beside: bool = False  # whether what stands next to the last quotes is wanted ("why?", "such as?")
    placed: bool = False  # whether the question itself says where in the debate `within` is ("the last question")
    again: bool = False  # whether more is wanted than was quoted ("还有吗?", "anything else?")
    replies: bool = False  # whether what was said after the last quotes is wanted ("who answered?")
    excluded: tuple[str, ...] = ()  # speaker ids that are not wanted ("the others", "不是Ann")
    when: When | None = None  # what the question says about the time of speaking
    seconds: tuple[float, float] | None = None  # stretch of the recording that may answer; None: all of it
    whole: bool = False  # whether nothing is asked but what was said in that stretch
    plan: Plan = Plan()
    detail: Detail = "none"  # the one detail that is asked for
    own: str = ""  # matter of this very message, not of its thread

    def of_anybody(self) -> Reading:
        """The same question without whose words are wanted."""
        return self._replace(understanding=self.understanding.model_copy(update={"speaker_ids": ()}))

    def of(self, speaker_ids: tuple[str, ...]) -> Reading:
        """The same question of other speakers."""
        scope = self.plan.scope.model_copy(update={"speaker_ids": speaker_ids})
        return self._replace(
            understanding=self.understanding.model_copy(update={"speaker_ids": speaker_ids}),
            plan=self.plan.model_copy(update={"scope": scope}),
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


def understand(
    question: str, transcript: Transcript, thread: Sequence[Answer] = (), outsiders: Collection[str] = ()
) -> Reading:
    """Read a question in the light of its thread (oldest answer first).

    Args:
        outsiders: folded names of people who are quoted in the debate without taking part.
    """
    thread = [answer for answer in thread if answer.intent not in ("small_talk", "out_of_scope")]
    message = listen(question, transcript, in_thread=bool(thread))
    act = message.heard.act
    if thread and act in SHAPES and not message.own:
        return _reshaped(message, transcript, thread, outsiders)
    intent = _intent_of(message)
    if thread and intent not in ("small_talk", "out_of_scope") and act not in ABOUT:
        asked = take_apart(
            question, message.bare, message.heard, message.own, named=bool(message.named or message.towards)
        )
        if not asked.alone and not (message.switched and (message.own or message.named)):
            return _in_thread(message, asked, intent, thread, transcript, outsiders)
    return _fresh(message, intent, transcript)


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
    if heard.act == "translate":
        language = language_named(heard.text) or language
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
    odds = {act: p * (_SELDOM if act in unlikely else 1.0) for act, p in odds.items()}
    if ASKS.search(heard.text):
        odds.pop("thanks", None)
    ranked = sorted(odds.items(), key=lambda pair: -pair[1])
    return heard._replace(act=ranked[0][0], probability=ranked[0][1], ranked=tuple(ranked))


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
        if leads_over < 0.5 or heard.matter or ASKS.search(match[1]):
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


def _operation(message: Message) -> Operation:
    """What is done for a message, by what it asks for and whom it names."""
    named, act = message.named, _settled_act(message)
    operation: Operation = _OPERATIONS.get(act) or act  # type: ignore[assignment]
    if operation == "who" and named and not message.aside:
        operation = "find"
    if operation == "find" and len(named) == 1 and not (message.own or message.in_thread or unframed(message.bare)):
        operation = "summarise"  # "what does Ann think?"
    if operation == "asked" and named and not any(s.is_host for s in named):
        operation = "find"
    if operation in ("find", "why", "figure") and len(named) > 1 and message.joined:
        operation = "asked" if all(s.is_host for s in named) else "compare"
    return operation


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
            plain = [other for other, p in heard.ranked[1:] if other in _PLAIN and p >= _PLAUSIBLE]
            return next(iter(plain), "find" if matter_in(message.own) else act)
        return act
    return "find"


def _about(message: Message) -> About | None:
    return ABOUT.get(_settled_act(message))


def _of_the_record(message: Message, act: Act) -> bool:
    """Whether a question is about the debate itself and not about something in it: of the people it names, or of none.

    "Who speaks?" is one, "Who speaks about the harbour?" asks for the words.
    """
    by_name = {s for s in message.named if not message.by_part}
    if act in ("turns", "person"):
        return bool(by_name) and matter_in(SCENE.sub(" ", message.own)) == 0
    return not by_name and matter_in(SCENE.sub(" ", message.own)) == 0


def _intent_of(message: Message) -> Intent:
    operation = _operation(message)
    if operation == "calculate":
        return "position"
    if operation == "list" and message.named:
        return "position"
    return _INTENTS.get(operation, "about" if operation == "about" else "position")


def _fresh(message: Message, intent: Intent, transcript: Transcript) -> Reading:
    named = message.named
    if intent == "host_question":
        named = tuple(s for s in named if s.is_host)  # "what did the host ask before Ann spoke?"
    understood = Understanding(
        question=message.question,
        standalone=message.said,
        language=message.language,
        intent=intent,
        speaker_ids=tuple(s.id for s in named),
    )
    aside = tuple(s.id for s in message.aside)
    within: tuple[str, ...] = ()
    if intent == "host_question" and matter_in(message.own) == 0:
        within = placed(message.bare, transcript, understood.speaker_ids)
    towards = tuple(s.id for s in message.towards)
    plan = _plan(message, Scope(speaker_ids=understood.speaker_ids, excluded=aside, towards=towards), message.own)
    topic = message.own if plan.operation in ("translate", "exact") and message.own else message.bare
    return Reading(
        understood,
        topic,
        topic,
        within=within,
        placed=bool(within),
        excluded=(*aside, *towards),
        plan=plan,
        detail=message.heard.detail,
        own=message.own,
    )


def _plan(message: Message, scope: Scope, subject: str, last: Plan | None = None) -> Plan:
    text, heard = message.heard.text, message.heard
    shape = Shape.model_validate({"form": form_of(text), "points": points_of(text)})
    operation = _operation(message)
    if last is not None and heard.act in _LIKE_BEFORE and last.operation not in _OF_ITSELF:
        other = [
            o for o, p in heard.ranked[1:] if o in ("agree", "disagree", "who", "why", "figure") and p >= _PLAUSIBLE
        ]
        operation = last.operation if not message.own or last.operation != "summarise" else "find"
        if heard.act == "correct" and other:
            operation = _OPERATIONS.get(other[0]) or other[0]
    return Plan(
        operation=operation,
        about=_about(message) if operation == "about" else None,
        scope=scope,
        subject=subject,
        shape=shape,
        probability=round(heard.probability, 3),
    )


def _reshaped(
    message: Message, transcript: Transcript, thread: Sequence[Answer], outsiders: Collection[str]
) -> Reading:
    """The question before, asked anew in the shape that this message and the edits since then want."""
    at, shape = len(thread) - 1, Shape()
    edits = [SHAPES[message.heard.act]]
    while at > 0 and (earlier := hear(thread[at].question)).act in SHAPES and not earlier.matter:
        edits.insert(0, SHAPES[earlier.act])
        at -= 1
    for edit in edits:
        shape = over(Edit(shape=edit), Plan(shape=shape)).shape
    before = understand(thread[at].question, transcript, thread[:at], outsiders)
    if message.named:  # "just Ann, and shorter"
        before = before.of(tuple(s.id for s in message.named))
    language = shape.language or before.understanding.language
    understood = before.understanding.model_copy(
        update={
            "question": message.question,
            "standalone": thread[at].standalone,
            "language": language,
        }
    )
    plan = over(Edit(shape=shape), before.plan)
    return before._replace(understanding=understood, plan=plan)


def _in_thread(
    message: Message,
    asked: Asked,
    intent: Intent,
    thread: Sequence[Answer],
    transcript: Transcript,
    outsiders: Collection[str],
) -> Reading:
    speakers, last, named = transcript.speakers, thread[-1], message.named
    layers = (last.topic or without_names(last.standalone, speakers)).split(_LAYERS)
    who, variants, excluded, others = _whose(message, asked, thread, transcript, outsiders)
    towards = message.towards or (tuple(s for s in excluded if s.id in last.speaker_ids) if asked.who_agrees else ())
    within: tuple[str, ...] = ()
    intent = _intent_in_thread(asked, intent, named, who, last)
    elsewhere = bool(named) and not {s.name for s in named} & {q.speaker for q in last.quotes}
    if last.quotes and asked.of_quotes and not asked.weight and not (asked.repeat and elsewhere):
        who, variants, within = (), (), tuple(i for quote in last.quotes for i in quote.sentence_ids)
        intent = "who_said" if asked.authors else last.intent
    pointed = pointed_at(asked.bare, last, transcript)
    if pointed:
        layers, within = [pointed[0]], pointed[1] if within else ()
    if asked.weight:
        he = outsider_of(last, speakers, outsiders) if asked.pronoun and not who else ""
        layers = [f"{he} {asked.own}".strip(), *layers]
    layers = list(dict.fromkeys(layers))[:_MOST_LAYERS]
    understood = Understanding(
        question=asked.question,
        standalone=_standalone(message.language, others or who, layers),
        language=message.language,
        intent=intent,
        speaker_ids=tuple(s.id for s in who),
        follow_up=True,
    )
    flat = pointed is not None or not asked.weight
    rests_on = not named or (not elsewhere and asked.act in ("why", "doubt"))  # "Bob's reasons?", but not "and Bob?"
    detail = asked.heard.detail not in ("none", "name")
    subject = asked.own or (last.plan.subject if last.plan is not None else layers[0])
    scope = Scope(
        speaker_ids=understood.speaker_ids,
        excluded=tuple(s.id for s in excluded),
        towards=tuple(s.id for s in towards),
    )
    plan = _plan(message, scope, subject, last.plan)
    return Reading(
        understood,
        _search_for(message, asked, layers, who, flat=flat, detail=detail),
        _LAYERS.join(layers),
        steer="" if flat else " ".join(layers[1:]),
        variants=tuple(tuple(s.id for s in other) for other in variants),
        within=within,
        context=1.0 if asked.weight else 2.0,
        beside=bool(last.quotes and asked.wants_more_of_it and rests_on) and not (pointed or within or detail),
        again=asked.again or (pointed is None and bool(POINTED.search(asked.bare))),
        replies=asked.replies,
        excluded=tuple(s.id for s in excluded),
        plan=plan,
        detail=message.heard.detail,
        own=message.own,
    )


def _search_for(
    message: Message, asked: Asked, layers: Sequence[str], who: Speakers, *, flat: bool, detail: bool
) -> str:
    topic = " ".join(layers) if flat else layers[0]
    if flat and asked.agree and len(who) == 1:
        agree = "同意" if message.language == "zh" else "agree"
        topic = f"{topic} {agree} {' '.join(s.name for s in message.towards)}"
    if flat and (detail or (asked.act in ("find", "list", "verdict", "rank", "exact") and not asked.elaborate)):
        topic = f"{asked.bare} {topic}"  # "which year exactly?" brings no matter and yet asks for a year
    return topic


def _whose(
    message: Message,
    asked: Asked,
    thread: Sequence[Answer],
    transcript: Transcript,
    outsiders: Collection[str],
) -> tuple[Speakers, tuple[Speakers, ...], Speakers, Speakers]:
    """Whose words are wanted, whose else perhaps, who is set aside, who "the others" are."""
    speakers, last, named = transcript.speakers, thread[-1], message.named
    excluded: Speakers = message.aside
    if asked.others and (last.speaker_ids or not outsider_of(last, speakers, outsiders)):
        excluded += heard_before(asked, thread, speakers)
        return named, (), excluded, tuple(s for s in speakers if not s.is_host and s not in excluded)
    if asked.who_agrees and not asked.plural:
        return named, (), (*excluded, *(s for s in speakers if s.id in last.speaker_ids)), ()
    if message.towards and not named:
        return (), (), (*excluded, *message.towards), ()
    if named:
        return named, (), excluded, ()
    who, variants = meant(asked, thread, speakers, outsiders)
    return who, variants, excluded, ()


def _intent_in_thread(
    asked: Asked, intent: Intent, named: Sequence[Speaker], who: Sequence[Speaker], last: Answer
) -> Intent:
    if named and not asked.weight and last.intent == "figure":
        return "position"  # what one said in figures another may have spoken of without
    if asked.who_agrees:
        return "comparison"
    if (asked.agree or (asked.plural and asked.authors)) and len(who) != 1:
        return "comparison"
    if asked.others and intent in ("position", "comparison"):
        return "overview"
    if asked.act in ("list", "summarise") and len(who) == 1:
        return "position"
    if not asked.weight and intent in ("position", "comparison") and len(who) < 2:
        return last.intent if last.intent in ("position", "figure", "overview") else "position"
    return "position" if intent == "comparison" and len(who) == 1 else intent


def _standalone(language: str, who: Sequence[Speaker], layers: Sequence[str]) -> str:
    names = ("、" if language == "zh" else " and ").join(s.name for s in who)
    matter = " ".join(" ".join(layers[:2]).split()).strip(" ?？。.!:")
    if not names:
        return f"{matter}?"
    return f"{names}:{matter}?" if language == "zh" else f"{names}: {matter}?"
