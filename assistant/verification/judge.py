"""One claim against the sentences that it cites → a verdict and why, in the claim's language. Offline.

    judge("Bruce says the closed loop is real.", "Bruce Liu", ["t17.4"], transcript, notes)
    → Judgement(verdict="contradicted", why="The quote says the opposite: …")

What can be told for certain comes first (who speaks, who is relayed, what is only asked, which figures stand there);
then a scorer that was fitted on labelled claims. Where neither can tell, the verdict is "unchecked": the quotes are
verified, the wording is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import Field

from assistant.types import Verdict
from assistant.verification import reasons
from assistant.verification.evidence import Evidence, evidence_of
from assistant.verification.features import against, denied, features
from assistant.verification.lexicon import is_chinese, turned_words
from assistant.verification.pairs import pairs
from assistant.verification.scorer import probability, reading, thresholds
from assistant.verification.values import strays
from corpus.annotations import Annotations
from corpus.errors import DebateError
from corpus.speakers import find_speakers
from corpus.types import Frozen, Transcript

_OWN_EN = (
    r"himself|herself|themselves|his own|her own|thinks|believes|predicts|accuses|is convinced|wants|hopes|fears|"
    r"concludes|is of the opinion|calculat\w+|has invented"
)
_OWN = re.compile(rf"\b(?:{_OWN_EN})\b|本人|自己|亲自|亲口|认为|觉得|相信|希望|断言|主张|自创")
#: Kind of finding → the probability below which it refuses a claim, where the evidence has glosses and where not;
#: above, it only keeps the claim from being called supported. 1 refuses always. Seen on claims that nothing was
#: fitted on: without a careful reader's English, claims stray further from the words and lists of words err more.
_REFUSES = {
    "asked": (1.0, 1.0), "asks": (0.0, 0.0), "own": (1.0, 1.0), "relays": (0.4, 0.4), "figure": (0.25, 0.18),
    "turned": (0.5, 0.4), "denied": (0.5, 0.0), "only": (0.5, 0.5), "opposite": (0.2, 0.0), "advice_added": (0.4, 0.0),
    "all_added": (0.0, 0.0), "none_added": (0.0, 0.0), "certain_added": (0.2, 0.0), "names_swapped": (0.15, 0.0),
    "swapped": (0.15, 0.0), "self_added": (0.15, 0.0),
}  # fmt: skip


#: Cosines below which a whole claim, or every word of it, is near nothing that it cites. Set where none of 84 faithful
#: claims (dev and given) lies below, with glosses or without (their lowest: 0.22 and 0.54); 84 pairs of a sentence
#: about something else and a sentence of the debate all do, with glosses.
_FAR, _NO_WORD = 0.2, 0.5


class Judgement(Frozen):
    """What the check of a claim came to."""

    verdict: Verdict
    why: str
    certain: bool = Field(default=False, exclude=True, description="Whether it is known, not estimated.")
    unrelated: bool = Field(
        default=False, exclude=True, description="Whether nothing in the claim is near anything cited: other matter."
    )


class Finding(NamedTuple):
    """Something that speaks against a claim: its kind, the verdict it leads to, and the sentence that says so."""

    kind: str
    verdict: Verdict
    why: str


def judge(claim: str, speaker: str | None, ids: Sequence[str], transcript: Transcript, notes: Annotations) -> Judgement:
    """Judge a claim.

    Args:
        speaker: canonical name or alias of whom the claim is about; None where it is not told.
        ids: the sentences it cites.

    Raises:
        UnknownReferenceError: The debate has no such sentence.
        DebateError: The claim is blank or cites nothing.
    """
    if not claim.strip() or not ids:
        raise DebateError("A claim needs words and at least one sentence.")
    evidence = evidence_of(transcript, notes, ids)
    chinese = is_chinese(claim)
    if (wrong := _wrong_speaker(claim, speaker, evidence, transcript)) is not None:
        return Judgement(
            verdict="unsupported", why=reasons.other_speaker(wrong, evidence.speakers[0], chinese), certain=True
        )
    return judged(claim, evidence)


def judged(claim: str, evidence: Evidence) -> Judgement:
    """Judge a claim about the one who said the evidence."""
    chinese = is_chinese(claim)
    measured = features(claim, evidence, reading)
    likely = probability(measured)
    noted = bool(evidence.glosses)
    if _unrelated(claim, evidence, measured):
        why = reasons.nothing_close(_least(claim, evidence), chinese)
        return Judgement(verdict="unsupported", why=why, unrelated=True)
    low, middle, high = thresholds(noted=noted)
    findings = list(_findings(claim, evidence, measured))
    for finding in findings:
        refuses = _REFUSES[finding.kind][0 if noted else 1]
        if likely < max(refuses, low):
            return Judgement(verdict=finding.verdict, why=finding.why, certain=refuses >= 1.0)
    if likely < low:
        return Judgement(verdict="unsupported", why=reasons.nothing_close(_least(claim, evidence), chinese))
    if likely < middle:
        return Judgement(verdict="unchecked", why=reasons.unchecked(chinese))
    if findings:
        return Judgement(verdict="partly", why=findings[0].why)
    if likely < high:
        return Judgement(verdict="partly", why=reasons.not_all(_least(claim, evidence), chinese))
    return Judgement(verdict="supported", why=reasons.carried(chinese))


def _unrelated(claim: str, evidence: Evidence, measured: Mapping[str, float]) -> bool:
    """Whether the claim is of another matter altogether: a mark set before whatever was to be said."""
    met = pairs(claim, evidence.texts, reading)
    return measured["near_best"] < _FAR or (bool(met) and max(word.near for word in met) < _NO_WORD)


def unrelated(claim: str, ids: Sequence[str], transcript: Transcript, notes: Annotations) -> bool:
    """Whether a claim, or what there is of it, is of another matter altogether than the sentences that it cites."""
    evidence = evidence_of(transcript, notes, ids)
    return _unrelated(claim, evidence, features(claim, evidence, reading))


def _wrong_speaker(claim: str, speaker: str | None, evidence: Evidence, transcript: Transcript) -> str | None:
    """Who the claim is about, where that is not who says the sentences."""
    said = set(evidence.speakers)
    if speaker is not None:
        meant = find_speakers(speaker, transcript.speakers)
        if meant and not said & {s.name for s in meant}:
            return speaker
        if not meant and speaker not in said:
            return speaker
    return None


def _findings(claim: str, evidence: Evidence, measured: Mapping[str, float]) -> Iterator[Finding]:
    chinese = is_chinese(claim)
    texts = evidence.in_language(chinese)
    if measured["asked_as_said"]:
        yield Finding("asked" if evidence.noted else "asks", "unsupported", reasons.only_asked(chinese))
    if measured["relayed_as_own"] or (evidence.relays and measured["self_added"]):
        kind = "own" if _OWN.search(claim) else "relays"
        yield Finding(kind, "unsupported", reasons.relayed(evidence.originators, chinese))
    if stray := strays(claim, evidence.texts, evidence.around):
        told: Verdict = "contradicted" if measured["strays"] else "unsupported"
        yield Finding("figure", told, reasons.figure(stray[0], chinese))
    if measured["figures_turned"]:
        yield Finding("turned", "contradicted", reasons.figures_turned(chinese))
    if (word := denied(claim, pairs(claim, texts, reading), texts)) is not None:
        yield Finding("denied", "contradicted", reasons.denied(word.other, chinese))
    if measured["only_denied"]:
        yield Finding("only", "contradicted", reasons.wider(chinese))
    for mine, other in (*against(claim, texts, reading), *(pair for t in texts for pair in turned_words(claim, t))):
        yield Finding("opposite", "contradicted", reasons.opposite(mine, other, chinese))
    for name, why in _FORCE.items():
        if measured[name]:
            yield Finding(name, "unsupported", why(chinese))


#: Feature → why a claim with it says more than its quote.
_FORCE = {
    "all_added": reasons.wider, "none_added": reasons.wider, "certain_added": reasons.surer,
    "advice_added": reasons.advice, "names_swapped": reasons.roles, "swapped": reasons.roles,
    "self_added": reasons.in_person,
}  # fmt: skip


def _least(claim: str, evidence: Evidence) -> str:
    """The word of the claim that the evidence meets least."""
    met = pairs(claim, evidence.texts, reading)
    return min(met, key=lambda w: w.near).text if met else ""
