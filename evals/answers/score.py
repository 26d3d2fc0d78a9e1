"""One answer held to its key: what is wrong, by measure. Pure; forgives nothing that the key states.

judged = judge(turn, answer, before, ground, "ours", notes)
judged.good, judged.faults["quotes"]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import opencc

from assistant.document import own_statements
from assistant.types import Answer
from corpus.annotations import Annotations
from corpus.normalize import fold_text
from corpus.types import Transcript
from evals.answers.book import Key, Turn, Verdict, words_of
from evals.answers.truth import counts_words, falsehoods, names_in, says_silent, sentences_of
from evals.ground import Ground, Place, covers

MEASURES = ("operation", "people", "quotes", "facts", "truth", "verdict", "language", "form", "silence")
_ANSWERED = ("verdict", "premise")  # kinds that are not answered without a yes or a no
_DETAILS = ("who_said", "figure", "fact", "exact", "translate")  # kinds that one or two sentences answer
_MOST_BESIDE = 3
_TALK = frozenset({"thanks", "help", "chat"})
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」|《[^》]*》|\([^)]*\)")
_BULLET = re.compile(r"^\s*(?:[-*•·]|\d+[.、)])\s*\S", re.MULTILINE)
_ALL = re.compile(r"\ball (?:four |of them|the guests)|四位嘉宾都|所有嘉宾|每位嘉宾", re.IGNORECASE)
_NOBODY = re.compile(
    r"\bnobody\b|\bnone\b|\bmay not answer|\bno stand\b|found nothing|没有人|沒有人|未必正面|没有找到|没有表态",
    re.IGNORECASE,
)
# That somebody is asserted to have said it, not offered as what came closest.
_ASSERTED = re.compile(r"^(?:it was|这出自|這出自|是)", re.IGNORECASE)
_OPENS: dict[Verdict, re.Pattern[str]] = {
    "two": re.compile(
        r"two-sided|\b(?:split|divided|mixed|disagree|differ|both sides|depends|partly)\b|说法不一|意见不一|"
        r"看法不[一同]|有分歧|两面|两说|不一致|各执",
        re.IGNORECASE,
    ),
    "no": re.compile(
        r"^(?:no|not|none|nobody|never)\b|^(?:不|没|沒|否|并非|并没|错)|看来不是|^[^。.]{0,40}(?:\bnot\b|n['’]t\b|不是|并非|"
        r"并不|不同意|不认为|不认同|不成立|没有出现在)|does not hold it|is not in these words",
        re.IGNORECASE,
    ),
    "yes": re.compile(
        r"^(?:yes|correct|right|indeed|true)\b|^(?:是|对|會|会|能|有|确实|成立)|看来是[::]", re.IGNORECASE
    ),
}


class Judged(NamedTuple):
    """What is wrong with an answer, by measure; a measure that the key says nothing of has no fault."""

    faults: dict[str, list[str]]
    false: tuple[tuple[str, str], ...]  # own sentences that do not hold, and why
    sentences: int  # of our own

    @property
    def good(self) -> bool:
        """Whether all that the key states holds, and all that we say."""
        return not any(self.faults.values())


def judge(turn: Turn, answer: Answer, before: Answer | None, ground: Ground, debate: str, notes: Annotations) -> Judged:
    """Hold an answer to its key.

    Args:
        before: the answer of the turn before; None in a first turn.
        ground: of the debate's transcript.
        debate: as ``Item.debate``, for the words of sentence ids.
    """
    key, told = turn.key, _Told.of(answer, ground.transcript)
    silent = key.silence == "may" and answer.abstained
    wanted = () if silent else _quotes(key, answer, ground, debate)
    false = tuple(dict.fromkeys([*falsehoods(answer, ground.transcript, notes), *_false(turn, told, debate, ground)]))
    faults = {
        "operation": list(_operation(key, answer)),
        "people": [] if silent and not key.silent else list(_people(key, told)),
        "quotes": [*wanted, *_scope(key, answer), *_beside(turn, answer, ground, debate)],
        "facts": [] if silent else list(_facts(key, answer, told)),
        "truth": [f"{why}: {text}" for text, why in false],
        "verdict": [] if silent or turn.kind not in _ANSWERED else list(_verdict(key, told)),
        "language": list(_language(key, told)),
        "form": list(_form(key, answer, before, told)),
        "silence": list(_silence(key, answer, told)),
    }
    return Judged(faults, false, len(told.statements))


class _Told(NamedTuple):
    """Our own words, and whom they name."""

    statements: tuple[str, ...]
    bare: str  # all of them, without names and what stands in quotation marks
    named: tuple[str, ...]  # by our words, in order
    spoken: frozenset[str]  # named as having spoken on it, or quoted
    silent: frozenset[str]  # said not to have

    @classmethod
    def of(cls, answer: Answer, transcript: Transcript) -> _Told:
        everybody = transcript.speakers
        statements = tuple(statement.text for statement in own_statements(answer))
        parts = [part for text in statements for part in sentences_of(text)]
        named, silent, spoken = list[str](), set[str](), set[str]()
        for part in parts:
            names = names_in(part, transcript)
            if _ALL.search(part):
                names += [s.name for s in everybody if not s.is_host]
            named += names
            (silent if says_silent(part) else spoken).update(names)
        spoken |= {claim.speaker for claim in answer.claims if claim.speaker} | {q.speaker for q in answer.quotes}
        bare = _QUOTED.sub(" ", " ".join(statements))
        for speaker in everybody:
            for name in (speaker.name, *speaker.aliases):
                bare = bare.replace(name, " ")
        return cls(statements, bare, tuple(dict.fromkeys(named)), frozenset(spoken), frozenset(silent))


def _operation(key: Key, answer: Answer) -> Iterator[str]:
    done = answer.plan.operation if answer.plan is not None else None
    if key.operations and done not in key.operations:
        yield f"{done}, not {' or '.join(key.operations)}"


def _people(key: Key, told: _Told) -> Iterator[str]:
    heard = {*told.named, *told.spoken}
    words = fold_text(" ".join(told.statements))
    for group in key.named:
        if not any(name in heard or fold_text(name) in words for name in group):
            yield f"{' or '.join(group)} is not named"
    if key.first is not None and (told.named or tuple(sorted(told.spoken)))[:1] != (key.first,):
        yield f"{key.first} is not named first"
    if stray := told.spoken & set(key.not_named):
        yield f"{', '.join(sorted(stray))} is named"
    if key.silent and told.silent != set(key.silent):
        yield f"silent: {', '.join(sorted(told.silent)) or 'nobody'}, not {', '.join(key.silent)}"


def _quotes(key: Key, answer: Answer, ground: Ground, debate: str) -> list[str]:
    found = [ground.sentence(i) for quote in answer.quotes for i in quote.sentence_ids]
    return [
        f"none of {'/'.join(group)} is quoted"
        for group in key.quotes
        if not any(covers(found, place) for i in group for place in _places(i, ground, debate))
    ]


def _beside(turn: Turn, answer: Answer, ground: Ground, debate: str) -> Iterator[str]:
    """That a detail was asked for and more is quoted beside it than a reader would pass over."""
    if turn.kind not in _DETAILS or not turn.key.quotes:
        return
    wanted = [place for group in turn.key.quotes for i in group for place in _places(i, ground, debate)]
    quoted = [[ground.sentence(i) for i in quote.sentence_ids] for quote in answer.quotes]
    stray = sum(not any(place.overlap(other) for place in own for other in wanted) for own in quoted)
    if stray > _MOST_BESIDE:
        yield f"{stray} of {len(quoted)} quotes are beside the point"


def _places(identifier: str, ground: Ground, debate: str) -> list[Place]:
    """Where the words of a sentence stand, or of each sentence of a turn."""
    return [place for words in words_of(debate, identifier) for place in ground.spans(None, words)]


def _scope(key: Key, answer: Answer) -> Iterator[str]:
    speakers = {quote.speaker for quote in answer.quotes}
    if key.only and (stray := speakers - set(key.only)):
        yield f"{', '.join(sorted(stray))} is quoted"
    if stray := speakers & set(key.never):
        yield f"{', '.join(sorted(stray))} is quoted"


def _facts(key: Key, answer: Answer, told: _Told) -> Iterator[str]:
    for where, groups in ((answer.text, key.facts), (" ".join(told.statements), key.own_facts)):
        for group in groups:
            if not any(_holds(where, fact) for fact in group):
                yield f"{' or '.join(group)} is missing"


def _holds(text: str, fact: str) -> bool:
    """Whether a text holds a fact, not as a part of a longer number or word.

    >>> _holds("It took 14 years.", "4 years"), _holds("It took 4 years.", "4 Years")
    (False, True)
    """
    before = r"(?<![\d.])" if fact[0].isdigit() else r"(?<![a-z])" if fact[0].isascii() else ""
    after = r"(?!\d|\.\d)" if fact[-1].isdigit() else ""
    return re.search(before + re.escape(fold_text(fact)) + after, fold_text(text)) is not None


def _false(turn: Turn, told: _Told, debate: str, ground: Ground) -> Iterator[tuple[str, str]]:
    """Own sentences that the key knows to be false."""
    key = turn.key
    for text in told.statements:
        for pattern in key.forbidden:
            if re.search(pattern, text, re.IGNORECASE):
                yield text, "is false by the transcript"
    needed = [_places(i, ground, debate)[:1] for group in key.quotes for i in group]
    spoke = {ground.transcript.speaker_of(place.turn_id).name for places in needed for place in places}
    for text in told.statements:
        if key.silent and counts_words(text):
            continue  # true as it stands, though it does not tell who spoke on it
        for part in sentences_of(text):
            names = set(names_in(part, ground.transcript))
            if says_silent(part) and (wrong := (names & spoke) if not key.silent else names - set(key.silent)):
                yield text, f"{', '.join(sorted(wrong))} did speak on it"
    if not told.statements:
        return
    lead = told.statements[0]
    right = {name for group in key.named for name in group}
    names = set(names_in(lead, ground.transcript))
    if turn.kind == "who_said" and _ASSERTED.search(lead) and right and (wrong := names - right):
        yield lead, f"it was not {', '.join(sorted(wrong))}"
    said = verdict_of(lead)
    if key.verdicts and said is not None and said not in key.verdicts:
        yield lead, f"says {said}, not {' or '.join(key.verdicts)}"


def _admits(text: str) -> bool:
    """Whether a sentence of ours says that nobody spoke on it, or that what follows may be no answer."""
    return says_silent(text) or bool(_NOBODY.search(text))


def verdict_of(lead: str) -> Verdict | None:
    """What our opening sentence says to a yes-or-no question; None where it takes no side.

    >>> verdict_of("No, as they see it: Ann disputes it."), verdict_of("Ann's words:")
    ('no', None)
    """
    return next((word for word, pattern in _OPENS.items() if pattern.search(lead.strip())), None)


def _verdict(key: Key, told: _Told) -> Iterator[str]:
    said = {verdict_of(text) for text in told.statements}
    if key.verdicts and not said & set(key.verdicts):
        yield f"no {' or '.join(key.verdicts)} is said"


@cache
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def _language(key: Key, told: _Told) -> Iterator[str]:
    han = [c for c in told.bare if "\u3400" <= c <= "\u9fff"]
    latin = [word for word in re.findall(r"[A-Za-z]+", told.bare) if len(word) > 1]
    if not han and not latin:
        return
    if key.language == "en" and len(han) > 0.15 * (len(han) + len(latin)):
        yield "our words are not English"
    if key.language == "zh" and len(han) < 0.5 * (len(han) + len(latin)):
        yield "our words are not Chinese"
    elif key.traditional:
        simplified = sum(_to_traditional().convert(c) != c for c in han)
        if simplified > 0.02 * len(han):
            yield "our words are not in traditional characters"


def _form(key: Key, answer: Answer, before: Answer | None, told: _Told) -> Iterator[str]:
    lines = len(answer.claims) or len(told.statements)
    if key.form == "table" and (answer.table is None or not answer.table.rows):
        yield "there is no table"
    if key.form == "bullets" and len(answer.quotes) > 1 and len(_BULLET.findall(answer.text)) < 2:
        yield "there are no bullets"
    if key.points is not None and answer.table is None and not 0 < lines <= key.points:
        yield f"{lines} lines, not {key.points}"
    if key.length is None or before is None:
        return
    now, then = len(answer.text), len(before.text)
    least = len(before.quotes) <= 1 and len(before.claims) <= 1
    if key.length == "shorter" and not (now < then or (least and now <= then)):
        yield f"{now} characters after {then}"
    if key.length == "longer" and now <= then:
        yield f"{now} characters after {then}"


def _silence(key: Key, answer: Answer, told: _Told) -> Iterator[str]:
    done = answer.plan.operation if answer.plan is not None else None
    if key.silence == "never" and answer.abstained:
        yield "there is no answer"
    elif key.silence == "may" and not (answer.abstained or key.quotes or any(map(_admits, told.statements))):
        yield "there is an answer, though nothing answers it"
    elif key.silence == "must" and not answer.abstained:
        yield "there is an answer"
    elif key.silence == "chat" and (done not in _TALK or answer.quotes):
        yield f"{done}, no small talk"
    elif key.silence == "refuse" and (done != "refuse" or answer.quotes):
        yield f"{done}, no refusal"
