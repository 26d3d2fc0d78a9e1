"""Question and thread → what is asked: standalone wording, speakers, intent.

Rules about language, in Chinese and English; no model. What carries over from the thread: the topic when a follow-up
has no matter of its own ("那 Rob 呢?", "why?"), the speaker when it has a pronoun or none ("他还说了什么", "and on
private credit?"), a quote when it is pointed at ("the first point"). A question with its own matter and its own words
starts afresh.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from assistant.cues import (
    AGREE,
    CHAT,
    CONNECTIVES,
    CORRECTION,
    DEMONSTRATIVE,
    ELABORATE,
    GENERIC,
    INTENTS,
    MORE,
    NOT_THEM,
    ORDINAL,
    ORDINALS,
    OTHERS,
    PLURAL,
    POINTED,
    PRONOUN,
    SWITCH,
    THIRD_PARTY,
)
from assistant.types import Answer, Intent, Understanding
from corpus.normalize import fold_text, language_of
from corpus.speakers import comparable, find_mentions, find_speakers
from corpus.types import Speaker, Transcript
from index.tokens import query_terms


class Variant(NamedTuple):
    """Another way to read a follow-up."""

    topic: str
    speaker_ids: tuple[str, ...]


class Reading(NamedTuple):
    """An understanding together with what the search needs beyond it."""

    understanding: Understanding
    topic: str  # what to search for: the standalone question without the names of its speakers
    root: str  # the subject that a later "and Ethan?" would carry over
    variants: tuple[Variant, ...] = ()  # other ways to read a follow-up; the one that finds most is taken
    context: float = 0.0  # how much the places quoted last should weigh, 0 to 1
    again: bool = False  # whether more is wanted than was quoted ("还有吗?", "anything else?")
    excluded: tuple[str, ...] = ()  # speaker ids that are not wanted ("the others", "不是Rob")


def understand(question: str, transcript: Transcript, thread: Sequence[Answer] = ()) -> Reading:
    """Read a question in the light of its thread (oldest answer first)."""
    speakers = transcript.speakers
    language = language_of(question)
    named = _named(question, speakers)
    bare = without_names(question, speakers)
    intent = intent_of(question, bare, named)
    last = _last_meaningful(thread)
    if last is None or intent in ("small_talk", "out_of_scope"):
        return _fresh(question, bare, language, intent, named, speakers)
    return _in_thread(question, bare, language, intent, named, last, transcript)


def intent_of(question: str, bare: str, named: Sequence[Speaker] = ()) -> Intent:
    """What kind of answer a question wants."""
    folded = fold_text(question)
    if not any(c.isalnum() for c in CHAT.sub("", folded)):
        return "small_talk"
    for intent, pattern in INTENTS:
        if pattern.search(folded):
            if intent == "host_question" and named and not any(s.is_host for s in named):
                continue
            if intent == "who_said" and named:
                continue
            return intent
    return "comparison" if len(named) > 1 else "position"


def without_names(question: str, speakers: Sequence[Speaker], *, fold: bool = True) -> str:
    """The question without the speakers it names, folded (or, for looking at capitals, as typed)."""
    if not fold:
        return re.sub("|".join(re.escape(n) for s in speakers for n in (s.name, *s.aliases)) or "(?!)", " ", question)
    folded = comparable(question)
    kept: list[str] = []
    at = 0
    for mention in find_mentions(question, speakers):
        kept.append(folded[at : mention.start])
        at = mention.end
    kept.append(folded[at:])
    return " ".join(" ".join(kept).split())


def _named(question: str, speakers: Sequence[Speaker]) -> tuple[Speaker, ...]:
    """Speakers a question asks about; those it sets aside ("not Rob", "除了Rob") are left out."""
    folded = comparable(question)
    mentions = find_mentions(question, speakers)
    wanted = [m for m in mentions if not NOT_THEM.search(folded[: m.start])]
    return tuple(dict.fromkeys(s for m in wanted for s in m.speakers))


def _set_aside(question: str, speakers: Sequence[Speaker]) -> tuple[Speaker, ...]:
    wanted = _named(question, speakers)
    return tuple(s for s in find_speakers(question, speakers) if s not in wanted)


def _last_meaningful(thread: Sequence[Answer]) -> Answer | None:
    return next((a for a in reversed(thread) if a.intent not in ("small_talk", "out_of_scope")), None)


def _fresh(
    question: str, bare: str, language: str, intent: Intent, named: Sequence[Speaker], speakers: Sequence[Speaker]
) -> Reading:
    understood = Understanding.model_validate(
        {
            "question": question,
            "standalone": question,
            "language": language,
            "intent": intent,
            "speaker_ids": tuple(s.id for s in named),
        }
    )
    aside = tuple(s.id for s in _set_aside(question, speakers))
    return Reading(understood, bare, bare, excluded=aside)


def _in_thread(
    question: str,
    bare: str,
    language: str,
    intent: Intent,
    named: Sequence[Speaker],
    last: Answer,
    transcript: Transcript,
) -> Reading:
    speakers = transcript.speakers
    switched = SWITCH.search(bare)
    if switched:
        bare = bare[switched.end() :]
    stripped = bare
    while (shorter := CONNECTIVES.sub("", stripped)) != stripped:
        stripped = shorter
    correction = bool(CORRECTION.search(question))
    if correction:
        stripped = CORRECTION.sub("", stripped)
    pronoun = bool(PRONOUN.search(stripped))
    pointed, points = _pointed(bare, last), bool(POINTED.search(bare))
    pointing = points or bool(DEMONSTRATIVE.search(PRONOUN.sub("", stripped)))
    others, agree = bool(OTHERS.search(bare)), bool(AGREE.search(bare))
    more = bool(MORE.search(bare))
    elaborate = more or bool(ELABORATE.match(stripped) or ELABORATE.match(bare))
    own = stripped
    for pattern in (POINTED, MORE, GENERIC, PRONOUN, DEMONSTRATIVE, OTHERS):
        own = pattern.sub(" ", own)
    own = " ".join(own.split()).strip(" ,，。.?？!")
    matter = query_terms(AGREE.sub(" ", own))
    weight = 0 if ELABORATE.match(stripped) else sum(1 for term in matter if len(term) > 1)
    fragment = _is_fragment(question)

    leans = pronoun or pointing or correction or agree or others or elaborate or fragment
    if (switched and weight) or (weight >= 4 and not leans):
        return _fresh(question, bare, language, intent, named, speakers)

    previous = tuple(s for s in speakers if s.id in last.speaker_ids)
    if last.intent == "host_question":
        previous = ()  # the hosts were asked about for their questions, not for what comes next
    quoted = tuple(s for s in speakers if s.name in dict.fromkeys(q.speaker for q in last.quotes))
    guests = tuple(s for s in quoted if not s.is_host) or (() if last.intent == "host_question" else quoted)
    who = tuple(named)
    if others:
        who = tuple(s for s in speakers if not s.is_host and s not in (previous or quoted))
    elif not who and not agree:
        if pronoun and PLURAL.search(stripped):
            who = previous if len(previous) > 1 else guests
        elif pronoun and not previous and THIRD_PARTY.search(without_names(last.question, speakers, fold=False)):
            pass  # "who brought up Michael Burry?" – "how big is his bet?": he is none of the speakers
        elif pronoun:
            who = previous or _most_quoted(last, guests)
        elif elaborate:
            who = previous or guests
        else:
            who = previous
    if pointed is not None:
        who = named_or(named, tuple(s for s in speakers if s.name == last.quotes[pointed].speaker))
    if agree and len(who) == 1 and not named:
        who = ()
    elif agree and len(named) == 1 and "彼此" in bare:
        who = tuple(dict.fromkeys((*(previous or guests[:1]), *named)))

    if agree and len(who) != 1:
        intent = "comparison"
    elif not weight and intent in ("position", "comparison") and len(who) < 2:
        intent = last.intent if last.intent in ("position", "figure", "overview") else "position"
    elif intent == "comparison" and len(who) == 1:
        intent = "position"

    root = last.topic or without_names(last.standalone, speakers)
    if pointed is not None:
        quote = last.quotes[pointed]
        root = quote.text if language == "zh" or not quote.gloss else quote.gloss
    # The new words come first and weigh as much as the subject they hang on, however few they are.
    together = " ".join([own] * max(1, min(3, len(root) // max(1, len(own))))) + f" {root}"
    ids = tuple(s.id for s in who)
    readings = [Variant(root, ids)] if not weight else [Variant(together, ids), Variant(own, ids)]
    if weight and not leans:
        readings.reverse()  # words of its own and nothing that leans on the thread: alone first
    if who and not named and not others:
        readings += [Variant(reading.topic, ()) for reading in readings]
    first = readings[0]
    understood = Understanding.model_validate(
        {
            "question": question,
            "standalone": _standalone(language, who, f"{own} {root}" if first.topic == together else first.topic),
            "language": language,
            "intent": intent,
            "speaker_ids": ids,
            "follow_up": True,
        }
    )
    # A later "and Ethan?" carries the new words only when they make a subject of their own.
    carried = own if weight >= 3 or (fragment and weight and not pronoun and not named) else root
    return Reading(understood, first.topic, carried, tuple(readings[1:]), 1.0 if leans else 0.5, again=more)


def _most_quoted(last: Answer, among: Sequence[Speaker]) -> tuple[Speaker, ...]:
    said = Counter(quote.speaker for quote in last.quotes)
    return tuple(sorted(among, key=lambda s: -said[s.name])[:1])


def named_or(named: Sequence[Speaker], otherwise: Sequence[Speaker]) -> tuple[Speaker, ...]:
    """The speakers a question names, else the others."""
    return tuple(named) or tuple(otherwise)


def _is_fragment(question: str) -> bool:
    """Whether a question is hung on the last one: "那页岩油呢?", "and private credit?"."""
    return bool(
        re.search(r"呢\W*$", question)
        or re.match(r"\W*(?:and|what about|how about|as for|same for)\b", question, re.IGNORECASE)
        or re.match(r"\W*那(?!些?个?时|年|天)", question)
    )


def _pointed(bare: str, last: Answer) -> int | None:
    if not last.quotes or not POINTED.search(bare):
        return None
    match = ORDINAL.search(bare)
    if match is None:
        return None
    at = ORDINALS.get((match[1] or match[2]).casefold(), 0)
    at = at if at >= 0 else len(last.quotes) - 1
    return at if at < len(last.quotes) else None


def _standalone(language: str, who: Sequence[Speaker], topic: str) -> str:
    names = ("、" if language == "zh" else " and ").join(s.name for s in who)
    matter = " ".join(topic.split()).strip(" ?？。.!:")
    if not names:
        return f"{matter}?"
    return f"{names}:{matter}?" if language == "zh" else f"{names}: {matter}?"
