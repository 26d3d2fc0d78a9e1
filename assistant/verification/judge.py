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
#: What speaks against a claim and is seldom wrong, at most so likely to hold: then it refuses.
_SELDOM_WRONG = 0.5
#: The same for what is wrong now and then.
_NOW_AND_THEN = 0.25


class Judgement(Frozen):
    """What the check of a claim came to."""

    verdict: Verdict
    why: str
    certain: bool = Field(default=False, exclude=True, description="Whether it is known, not estimated.")


class Finding(NamedTuple):
    """Something that speaks against a claim: the verdict it leads to, the sentence that says so, and up to which
    probability of the claim it refuses; above, it only keeps the claim from being called supported.
    """

    verdict: Verdict
    why: str
    refuses: float = _NOW_AND_THEN

    @property
    def certain(self) -> bool:
        """Whether it refuses whatever the probability."""
        return self.refuses >= 1.0


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
    low, middle, high = thresholds()
    findings = sorted(_findings(claim, evidence, measured), key=lambda f: -f.refuses)
    for finding in findings:
        if likely < max(finding.refuses, low):
            return Judgement(verdict=finding.verdict, why=finding.why, certain=finding.certain)
    if likely < low:
        return Judgement(verdict="unsupported", why=reasons.nothing_close(_least(claim, evidence), chinese))
    if likely < middle:
        return Judgement(verdict="unchecked", why=reasons.unchecked(chinese))
    if findings:
        return Judgement(verdict="partly", why=findings[0].why)
    if likely < high:
        return Judgement(verdict="partly", why=reasons.not_all(_least(claim, evidence), chinese))
    return Judgement(verdict="supported", why=reasons.carried(chinese))


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
        yield Finding("unsupported", reasons.only_asked(chinese), 1.0 if evidence.noted else _NOW_AND_THEN)
    if measured["relayed_as_own"] or (evidence.relays and measured["self_added"]):
        own = _OWN.search(claim) is not None
        yield Finding("unsupported", reasons.relayed(evidence.originators, chinese), 1.0 if own else _SELDOM_WRONG)
    if stray := strays(claim, evidence.texts, evidence.around):
        yield Finding("contradicted" if measured["strays"] else "unsupported", reasons.figure(stray[0], chinese))
    if measured["figures_turned"]:
        yield Finding("contradicted", reasons.figures_turned(chinese), _SELDOM_WRONG)
    if (word := denied(claim, pairs(claim, texts, reading), texts)) is not None:
        yield Finding("contradicted", reasons.denied(word.other, chinese), _SELDOM_WRONG)
    if measured["only_denied"]:
        yield Finding("contradicted", reasons.wider(chinese), _SELDOM_WRONG)
    for mine, other in (*against(claim, texts, reading), *(pair for t in texts for pair in turned_words(claim, t))):
        yield Finding("contradicted", reasons.opposite(mine, other, chinese))
    for name, why in _FORCE.items():
        if measured[name]:
            yield Finding("unsupported", why(chinese))


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
