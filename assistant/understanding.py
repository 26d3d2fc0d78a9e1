"""Question and thread → what is asked: standalone wording, speakers, intent.

Rules about language, in Chinese and English; no model. A follow-up's own words lead the search and the subject of the
thread steers it, so that a vague one ("and at the bottom?") stays near and a new one ("and bitcoin?") gets away. Who is
meant carries over by pronoun or by silence ("他还说了什么", "why?"); what is pointed at ("the second reason", "谁说的")
is looked up in the last answer. A question with enough matter that leans on nothing starts afresh.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from assistant.answer_types import asked_detail
from assistant.cues import AGREES_WITH, ASKS, CHAT, GROUNDS, INTENTS, NOT_THEM, POINTED, PROBLEM, SWITCH
from assistant.places import placed
from assistant.references import Asked, Speakers, heard, meant, outsider_of, past_chat, pointed_at, take_apart
from assistant.types import Answer, Intent, Understanding
from assistant.when import When
from corpus.normalize import fold_text, language_of
from corpus.speakers import comparable, find_mentions, find_speakers
from corpus.types import Speaker, Transcript

_LAYERS = " / "  # between the subjects that a thread has hung one on another, newest first
_MOST_LAYERS = 3


class Reading(NamedTuple):
    """An understanding together with what the search needs beyond it."""

    understanding: Understanding
    topic: str  # what to search for: the question's own words without the names of its speakers
    root: str  # the subject that a later "and Ethan?" would carry over
    steer: str = ""  # the subject of the thread, which leads the search where the topic alone leaves it open
    variants: tuple[tuple[str, ...], ...] = ()  # other speakers (by ids) whose words a follow-up may want
    within: tuple[str, ...] = ()  # the only sentences that may answer, where the question points at some
    context: float = 0.0  # how much the places quoted last should weigh; 1 for a follow-up with matter of its own
    beside: bool = False  # whether what stands next to the last quotes is wanted ("why?", "such as?")
    placed: bool = False  # whether the question itself says where in the debate `within` is ("the last question")
    again: bool = False  # whether more is wanted than was quoted ("还有吗?", "anything else?")
    replies: bool = False  # whether what was said after the last quotes is wanted ("who answered?")
    excluded: tuple[str, ...] = ()  # speaker ids that are not wanted ("the others", "不是Rob")
    when: When | None = None  # what the question says about the time of speaking
    seconds: tuple[float, float] | None = None  # stretch of the recording that may answer; None: all of it
    whole: bool = False  # whether nothing is asked but what was said in that stretch


def understand(
    question: str, transcript: Transcript, thread: Sequence[Answer] = (), outsiders: Collection[str] = ()
) -> Reading:
    """Read a question in the light of its thread (oldest answer first).

    Args:
        outsiders: folded names of people who are quoted in the debate without taking part.
    """
    speakers = transcript.speakers
    language = language_of(question)
    said = past_chat(question)
    named = _named(said, speakers, transcript.raw)
    bare = without_names(said, speakers, raw=transcript.raw)
    intent = intent_of(said, bare, named)
    thread = [answer for answer in thread if answer.intent not in ("small_talk", "out_of_scope")]
    if thread and intent not in ("small_talk", "out_of_scope"):
        asked = take_apart(said, bare, intent)._replace(question=question)
        if not asked.alone:
            return _in_thread(asked, language, intent, named, thread, transcript, outsiders)
        said = SWITCH.sub("", said)
        intent, bare = intent_of(said, bare, named), asked.bare
    return _fresh(question, said, bare, language, intent, named, transcript)


def intent_of(question: str, bare: str, named: Sequence[Speaker] = ()) -> Intent:
    """What kind of answer a question wants."""
    folded = fold_text(question)
    if not any(c.isalnum() for c in CHAT.sub("", folded)):
        return "small_talk"
    asks = bool(named) and all(s.is_host for s in named) and ASKS.search(folded)
    for intent, pattern in INTENTS:
        searched = PROBLEM.sub("", folded) if intent == "host_question" else folded
        if pattern.search(searched) or (intent == "host_question" and asks):
            if intent == "host_question" and named and not any(s.is_host for s in named):
                continue
            if intent == "who_said" and named:
                continue
            return intent
    if len(named) > 1:
        return "host_question" if all(s.is_host for s in named) else "comparison"
    return "position"


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
    folded = comparable(question)
    kept: list[str] = []
    at = 0
    for mention in find_mentions(question, speakers, fuzzy=bool(raw), said=raw):
        kept.append(folded[at : mention.start])
        at = mention.end
    kept.append(folded[at:])
    return " ".join(" ".join(kept).split())


def _named(question: str, speakers: Sequence[Speaker], raw: str) -> tuple[Speaker, ...]:
    """Speakers a question asks about; those it sets aside ("not Rob", "除了Rob") are left out."""
    folded = comparable(question)
    mentions = find_mentions(question, speakers, fuzzy=True, said=raw)
    wanted = [m for m in mentions if not NOT_THEM.search(folded[: m.start])]
    return tuple(dict.fromkeys(s for m in wanted for s in m.speakers))


def _set_aside(question: str, speakers: Sequence[Speaker], raw: str) -> tuple[Speaker, ...]:
    wanted = _named(question, speakers, raw)
    return tuple(s for s in find_speakers(question, speakers, fuzzy=True, said=raw) if s not in wanted)


def _fresh(
    question: str,
    said: str,
    bare: str,
    language: str,
    intent: Intent,
    named: Sequence[Speaker],
    transcript: Transcript,
) -> Reading:
    if intent == "host_question":
        named = [s for s in named if s.is_host]  # "what did the host ask before Ethan spoke?"
    understood = Understanding.model_validate(
        {
            "question": question,
            "standalone": said,
            "language": language,
            "intent": intent,
            "speaker_ids": tuple(s.id for s in named),
        }
    )
    aside = tuple(s.id for s in _set_aside(question, transcript.speakers, transcript.raw))
    within = placed(bare, transcript, understood.speaker_ids) if intent == "host_question" else ()
    return Reading(understood, bare, bare, within=within, placed=bool(within), excluded=aside)


def _in_thread(
    asked: Asked,
    language: str,
    intent: Intent,
    named: Speakers,
    thread: Sequence[Answer],
    transcript: Transcript,
    outsiders: Collection[str],
) -> Reading:
    speakers, last = transcript.speakers, thread[-1]
    layers = (last.topic or without_names(last.standalone, speakers)).split(_LAYERS)
    who: Speakers = named
    variants: tuple[Speakers, ...] = ()
    within: tuple[str, ...] = ()
    excluded: Speakers = _set_aside(asked.question, speakers, transcript.raw)
    others: Speakers = ()
    if asked.others and (last.speaker_ids or not outsider_of(last, speakers, outsiders)):
        excluded += heard(asked, thread, speakers)
        others = tuple(s for s in speakers if not s.is_host and s not in excluded)
    elif asked.who_agrees and not named:
        excluded += tuple(s for s in speakers if s.id in last.speaker_ids)
    elif asked.agree and len(named) == 2 and not asked.plural and AGREES_WITH.search(asked.question):
        who = named[:1]  # "does Bruce agree with Rob?" is about Bruce
    elif not named:
        who, variants = meant(asked, thread, speakers, outsiders)
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
    understood = Understanding.model_validate(
        {
            "question": asked.question,
            "standalone": _standalone(language, others or who, layers),
            "language": language,
            "intent": intent,
            "speaker_ids": tuple(s.id for s in who),
            "follow_up": True,
        }
    )
    flat = pointed is not None or not asked.weight
    topic = " ".join(layers) if flat else layers[0]
    rests_on = not named or (not elsewhere and GROUNDS.search(asked.bare))  # "Bruce's reasons?", but not "and Bruce?"
    detail = asked_detail(asked.bare) not in (None, "name")
    if flat and asked.agree and len(who) == 1:
        topic = f"{topic} {'同意' if language == 'zh' else 'agree'} {' '.join(s.name for s in named[1:])}"
    if flat and detail:
        topic = f"{asked.bare} {topic}"  # "which year exactly?" brings no matter and yet asks for a year
    return Reading(
        understood,
        topic,
        _LAYERS.join(layers),
        steer="" if flat else " ".join(layers[1:]),
        variants=tuple(tuple(s.id for s in other) for other in variants),
        within=within,
        context=1.0 if asked.weight else 2.0,
        beside=bool(last.quotes and asked.wants_more_of_it and rests_on) and not (pointed or within or detail),
        again=asked.again or (pointed is None and bool(POINTED.search(asked.bare))),
        replies=asked.replies,
        excluded=tuple(s.id for s in excluded),
    )


def _intent_in_thread(
    asked: Asked, intent: Intent, named: Sequence[Speaker], who: Sequence[Speaker], last: Answer
) -> Intent:
    if intent == "who_said" and asked.pronoun and asked.agree and not asked.who_agrees:
        return "position"  # "他同意谁的说法?" is about him
    if named and not asked.weight and last.intent == "figure":
        return "position"  # what one said in figures another may have spoken of without
    if asked.who_agrees and not named:
        return "comparison"
    if (asked.agree or (asked.plural and asked.authors)) and len(who) != 1:
        return "comparison"
    if asked.others and intent in ("position", "comparison"):
        return "overview"
    if not asked.weight and intent in ("position", "comparison") and len(who) < 2:
        return last.intent if last.intent in ("position", "figure", "overview") else "position"
    return "position" if intent == "comparison" and len(who) == 1 else intent


def _standalone(language: str, who: Sequence[Speaker], layers: Sequence[str]) -> str:
    names = ("、" if language == "zh" else " and ").join(s.name for s in who)
    matter = " ".join(" ".join(layers[:2]).split()).strip(" ?？。.!:")
    if not names:
        return f"{matter}?"
    return f"{names}:{matter}?" if language == "zh" else f"{names}: {matter}?"
