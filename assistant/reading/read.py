"""Question and thread → what is asked: a plan, whose words, what to search for.

What a message asks for is heard (``assistant.reading.acts``); names, pronouns and ordinals are exact. A follow-up's own
matter leads the search and the subject of the thread steers it, so that a vague one ("and at the bottom?") stays near
and a new one ("and bitcoin?") gets away. An edit of the answer ("shorter", "as a table", "in English") asks the last
question anew in another shape.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from assistant.plan import Edit, Operation, Plan, Scope, Shape, over
from assistant.reading.acts import Act, Detail, hear
from assistant.reading.bridge import Met
from assistant.reading.closed import POINTED, form_of, points_of
from assistant.reading.message import (
    ABOUT,
    OPERATIONS,
    PLAUSIBLE,
    SHAPES,
    Message,
    about_of,
    listen,
    operation_of,
    part_of,
    plain_operation,
    without_names,
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
from corpus.types import Speaker, Transcript

_LAYERS = " / "  # between the subjects that a thread has hung one on another, newest first
_MOST_LAYERS = 3
_INTENTS: Mapping[Operation, Intent] = {
    "who": "who_said", "figure": "figure", "compare": "comparison", "disagree": "comparison", "agree": "comparison",
    "summarise": "overview", "list": "overview", "asked": "host_question", "thanks": "small_talk",
    "help": "small_talk", "chat": "small_talk", "refuse": "out_of_scope", "count": "comparison", "silent": "comparison",
    "outcome": "overview",
}  # fmt: skip
_CORRECTED: frozenset[Act] = frozenset({"agree", "disagree", "who", "why", "figure"})  # "no, I asked who objects"
_OF_ITSELF = frozenset({"thanks", "help", "chat", "refuse", "about", "exact", "source", "translate", "calculate"})
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
    met: Met | None = None  # who was described, where somebody was
    resized: bool = False  # whether this very message wants it shorter or longer
    otherwise: Operation = "find"  # what is done where there is nothing to calculate

    def uncalculated(self) -> Reading:
        """The same question where there is nothing to calculate in it."""
        if self.plan.operation != "calculate":
            return self
        return self._replace(plan=self.plan.model_copy(update={"operation": self.otherwise}))

    def of(self, speaker_ids: tuple[str, ...]) -> Reading:
        """The same question of other speakers."""
        scope = self.plan.scope.model_copy(update={"speaker_ids": speaker_ids})
        return self._replace(
            understanding=self.understanding.model_copy(update={"speaker_ids": speaker_ids}),
            plan=self.plan.model_copy(update={"scope": scope}),
        )


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


def _intent_of(message: Message) -> Intent:
    operation = operation_of(message)
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
        otherwise=plain_operation(message),
    )


def _plan(message: Message, scope: Scope, subject: str, last: Plan | None = None) -> Plan:
    text, heard = message.heard.text, message.heard
    shape = Shape.model_validate({"form": form_of(text), "points": points_of(text)})
    operation = operation_of(message)
    if last is not None and heard.act in _LIKE_BEFORE and last.operation not in _OF_ITSELF:
        other = [
            o for o, p in heard.ranked[1:] if o in ("agree", "disagree", "who", "why", "figure") and p >= PLAUSIBLE
        ]
        operation = last.operation if not message.own or last.operation != "summarise" else "find"
        if heard.act == "correct" and other:
            operation = OPERATIONS.get(other[0]) or other[0]
    return Plan(
        operation=operation,
        about=about_of(message) if operation == "about" else None,
        scope=scope.model_copy(update={"part": part_of(message)}),
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
    if (wanted := points_of(message.heard.text)) is not None:
        shape = over(Edit(shape=Shape(points=wanted)), Plan(shape=shape)).shape
    plan = over(Edit(shape=shape), before.plan)
    return before._replace(understanding=understood, plan=plan, resized=message.heard.act in ("shorter", "longer"))


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
        otherwise=plain_operation(message),
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
