"""The time of speaking as part of an answer: which stretch is asked about, when the best quote was said.

Knows the times of one debate and what ``assistant.when`` reads in a question. Where the file tells no times, that is
said in one sentence, and only for questions that can mean nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from assistant import wording
from assistant.reading.closed import PRONOUN
from assistant.reading.message import without_names
from assistant.reading.read import Reading, understand
from assistant.types import Answer, Draft, DraftAbstention, Intent
from assistant.when import read_when
from corpus.quotes import sentence_times
from corpus.types import Quote, Transcript
from index.tokens import query_terms
from index.types import Hit

_LATE = 300.0  # seconds
_SILENT = ("speaker_silent", "topic_absent", "detail_absent")
_SPEAKING = re.compile(
    r"[说讲谈聊提问]|发言|发生|总结|概括|概述|内容|\b(?:sa(?:y|ys|id)|talk\w*|sp(?:eak|oke)\w*|discuss\w*|happen\w*|summar\w*|overview|recap|"
    r"ask\w*|cover\w*|mention\w*)",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"有人|大家|发言人?|发生|总结|概括|概述|主要|内容|观点|话题|[说讲谈聊提问谁都了过些到的]+|什么|哪些|"
    r"\b(?:sa(?:y|ys|id)|talk\w*|sp(?:eak|oke)\w*|discuss\w*|happen\w*|summar\w*|overview|recap|ask\w*|cover\w*|mention\w*|main|points?|"
    r"topics?|c[ao]me up|everyone|everything|people|speakers?|guests?|hosts?)\b",
    re.IGNORECASE,
)


class Timeline:
    """When each sentence of a debate is spoken."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.times = dict(zip((s.id for s in transcript.sentences), sentence_times(transcript), strict=True))
        told = [seconds for seconds in self.times.values() if seconds is not None]
        self.end = max(told, default=None)  # seconds; None where the file tells no times
        # A recording counts from zero, also when nobody speaks at first; a chat's times may be those of a clock.
        first = min(told, default=0.0)
        self.begin = first if first > _LATE else 0.0

    def ids_in(self, stretch: tuple[float, float]) -> tuple[str, ...]:
        """The sentences that begin in a half-open stretch, in order of speech."""
        return tuple(i for i, at in self.times.items() if at is not None and stretch[0] <= at < stretch[1])


def understand_in_time(
    question: str, timeline: Timeline, thread: Sequence[Answer], outsiders: Collection[str]
) -> Reading:
    """``understand``, of the question without what it says of time; that is kept in ``Reading.when``."""
    transcript = timeline.transcript
    when = read_when(question, (timeline.begin, timeline.end or 0.0))
    told = timeline.end is not None
    if not (when.seconds or when.asks) or not (told or when.surely):
        return understand(question, transcript, thread, outsiders)
    whole = when.seconds is not None and _asks_for_all(when.rest, transcript)
    hangs_on_nothing = whole and not PRONOUN.search(when.rest)
    reading = understand(when.rest, transcript, () if hangs_on_nothing else thread, outsiders)
    understood = reading.understanding
    if understood.intent in ("small_talk", "out_of_scope"):
        return understand(question, transcript, thread, outsiders)
    update: dict[str, object] = {"question": question}
    if not understood.follow_up:
        update["standalone"] = question
    reading = reading._replace(when=when, seconds=when.seconds if told else None, whole=whole)
    if reading.seconds is not None:
        reading = reading._replace(beside=False)  # "and in the last minute?": what was said then, not beside the last
    if whole and when.seconds is not None and told:
        within = timeline.ids_in(when.seconds)
        update["intent"] = _intent_of_all(understood.intent, understood.speaker_ids)
        reading = reading._replace(
            within=within, placed=bool(within), context=0.0, variants=(), beside=False, again=False, steer=""
        )
    last = next((answer for answer in reversed(thread) if answer.quotes), None)
    if when.asks and understood.follow_up and last is not None and reading.root == (last.topic or last.standalone):
        wanted = [q for q in last.quotes if q.speaker_id in understood.speaker_ids] or last.quotes
        within = tuple(i for quote in wanted for i in quote.sentence_ids)
        reading = reading._replace(within=within, placed=True, beside=False, variants=())
    return reading._replace(understanding=understood.model_copy(update=update))


def _asks_for_all(rest: str, transcript: Transcript) -> bool:
    """Whether nothing is asked but what was said: "what did Ann say?", "总结一下"."""
    bare = without_names(rest, transcript.speakers)
    return bool(_SPEAKING.search(bare)) and not query_terms(_FRAME.sub(" ", bare))


def _intent_of_all(intent: Intent, speaker_ids: Sequence[str]) -> Intent:
    if intent == "host_question":
        return intent
    return "position" if len(speaker_ids) == 1 else "overview"


def fullest(ids: Sequence[str], transcript: Transcript, speaker_ids: Collection[str] = ()) -> list[Hit]:
    """Sentences as hits, those that hold most matter first: what was said when nothing in particular is asked for."""
    kept = [
        i for i in ids if not speaker_ids or transcript.speaker_of(transcript.sentence(i).turn_id).id in speaker_ids
    ]
    matter = {i: 1.0 + len(set(query_terms(transcript.sentence(i).text))) for i in kept}
    total = sum(matter.values())
    best = sorted(kept, key=lambda i: (-matter[i], transcript.position(i)))
    return [Hit(i, matter[i] / total, rank) for rank, i in enumerate(best, start=1)]


def led(
    lead: str, reading: Reading, quotes: Sequence[Quote], scores: Mapping[str, float], timeline: Timeline, *, ours: bool
) -> str:
    """The opening sentence with what is to be said of time and of unknown speakers.

    Args:
        scores: sentence id → how well it answers.
        ours: whether the lead is the rules' own, which the moment asked for takes the place of.
    """
    language, when = reading.understanding.language, reading.when
    if not quotes:
        return lead
    said: list[str] = []
    if when is not None and timeline.end is None:
        said.append(wording.no_times(language, asks=when.asks))
    elif when is not None and when.asks:
        best = max(quotes, key=lambda quote: max(scores.get(i, 0.0) for i in quote.sentence_ids))
        first = min(
            (q for q in quotes if q.text == best.text), key=lambda q: timeline.transcript.turn(q.turn_id).number
        )
        said.append(_moment(first, timeline, reading))
        lead = "" if ours else lead
    elif reading.seconds is not None:
        said.append(wording.only_then(reading.seconds, language))
    if not any(timeline.transcript.speaker(quote.speaker_id).is_known for quote in quotes):
        said.append(wording.nobody_known(language))
    return wording.joined([part for part in (*said, lead) if part], language)


def silent_then(
    draft: Draft, reading: Reading, timeline: Timeline, at_other_times: Callable[[Reading], tuple[str, ...]]
) -> Draft:
    """A draft that abstains from a question about time: nobody spoke then, or the file tells no times.

    Args:
        at_other_times: a reading → ids of the sentences that answer it at any time, best first; empty when none do.
    """
    silence, language, when = draft.abstention, reading.understanding.language, reading.when
    if when is not None and reading.whole and timeline.end is None:
        note = wording.no_times(language, whole=True)
        return Draft(abstention=DraftAbstention(reason="detail_absent", message=note), author=draft.author)
    if silence is None or when is None or silence.reason not in _SILENT:
        return draft
    if timeline.end is None:
        message = wording.joined((wording.no_times(language, asks=when.asks), silence.message), language)
        return draft.model_copy(update={"abstention": silence.model_copy(update={"message": message})})
    outsider = silence.reason == "speaker_silent" and not reading.understanding.speaker_ids
    if reading.seconds is None or outsider:  # of somebody who does not speak at all, no stretch need be told
        return draft
    nearest = () if reading.whole else at_other_times(reading)
    who = [timeline.transcript.speaker(i).name for i in reading.understanding.speaker_ids]
    message = wording.not_then(reading.seconds, language, who=who, elsewhere=bool(nearest), whole=reading.whole)
    update = {"message": message, "nearest": nearest, "spoke": ()}
    return draft.model_copy(update={"abstention": silence.model_copy(update=update)})


def _moment(quote: Quote, timeline: Timeline, reading: Reading) -> str:
    speaker = timeline.transcript.speaker(quote.speaker_id)
    turn = timeline.transcript.turn(quote.turn_id)
    return wording.said_at(
        speaker.name if speaker.is_known else None,
        quote.seconds,
        turn.seconds if quote.seconds is None else None,
        reading.understanding.language,
    )
