"""One claim against the sentences that it cites → a verdict and why, in the claim's language. Offline.

    judge("Bruce says the closed loop is real.", "Bruce Liu", ["t17.4"], transcript, notes)
    → Judgement(verdict="contradicted", why="The quote says the opposite: …")

What can be told for certain comes first (who speaks, who is relayed, what is only asked, which figures stand there);
then a scorer that was fitted on labelled claims. Where neither can tell, the verdict is "unchecked": the quotes are
verified, the wording is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from assistant.verification import reasons
from assistant.verification.evidence import Evidence, evidence_of
from assistant.verification.features import against, attributed, features
from assistant.verification.lexicon import holds, is_chinese, turned_words
from assistant.verification.pairs import pairs
from assistant.verification.scorer import probability, reading, thresholds
from assistant.verification.values import strays
from corpus.annotations import Annotations
from corpus.errors import DebateError
from corpus.speakers import find_speakers
from corpus.types import Frozen, Transcript

Verdict = Literal["supported", "partly", "contradicted", "unsupported", "unchecked"]
_OWN = re.compile(
    r"\b(?:himself|herself|themselves|his own|her own|thinks|believes|predicts|accuses|is convinced|wants|hopes|fears|"
    r"concludes|is of the opinion|calculat\w+|has invented)\b|本人|自己|亲自|亲口|认为|觉得|相信|希望|断言|主张|自创"
)
_EVEN = 0.5


class Judgement(Frozen):
    """What the check of a claim came to."""

    verdict: Verdict
    why: str


class Finding(NamedTuple):
    """Something that speaks against a claim: which verdict it leads to, and the sentence that says so."""

    verdict: Verdict
    why: str
    certain: bool = False  # whether it refuses by itself; else only with a low score


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
        return Judgement(verdict="unsupported", why=reasons.other_speaker(wrong, evidence.speakers[0], chinese))
    return judged(claim, evidence)


def judged(claim: str, evidence: Evidence) -> Judgement:
    """Judge a claim about the one who said the evidence."""
    chinese = is_chinese(claim)
    found = features(claim, evidence, reading)
    holds_up = probability(found)
    low, middle, high = thresholds()
    findings = _findings(claim, evidence)
    for finding in findings:
        if finding.certain or holds_up < low:
            return Judgement(verdict=finding.verdict, why=finding.why)
    if holds_up < low:
        return Judgement(verdict="unsupported", why=reasons.nothing_close(_least(claim, evidence), chinese))
    if findings:
        verdict: Verdict = "partly" if holds_up >= high else "unchecked"
        return Judgement(verdict=verdict, why=findings[0].why if verdict == "partly" else reasons.unchecked(chinese))
    if holds_up >= high:
        return Judgement(verdict="supported", why=reasons.carried(chinese))
    if holds_up >= middle:
        return Judgement(verdict="partly", why=reasons.not_all(_least(claim, evidence), chinese))
    return Judgement(verdict="unchecked", why=reasons.unchecked(chinese))


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


def _findings(claim: str, evidence: Evidence) -> list[Finding]:
    chinese = is_chinese(claim)
    texts = evidence.in_language(chinese)
    found: list[Finding] = []
    if evidence.asks and not holds(claim, "question"):
        found.append(Finding("unsupported", reasons.only_asked(chinese), evidence.noted))
    if evidence.relays and not attributed(claim, evidence):
        own = _OWN.search(claim) is not None
        found.append(Finding("unsupported", reasons.relayed(evidence.originators, chinese), own))
    elif evidence.relays and re.search(r"\b(?:himself|herself)\b|本人|亲自|亲口", claim):
        found.append(Finding("unsupported", reasons.relayed(evidence.originators, chinese), certain=True))
    if stray := strays(claim, evidence.texts, evidence.around):
        found.append(Finding("contradicted", reasons.figure(stray[0], chinese)))
    for _, mine, other in against(claim, texts, reading):
        found.append(Finding("contradicted", reasons.opposite(mine, other, chinese)))
    for mine, other in (pair for text in texts for pair in turned_words(claim, text)):
        found.append(Finding("contradicted", reasons.opposite(mine, other, chinese)))
    both = "\n".join(evidence.texts)
    for name, why in (("all", reasons.wider), ("certain", reasons.surer), ("only", reasons.wider)):
        if holds(claim, name) and not holds(both, name):
            found.append(Finding("unsupported", why(chinese)))
    return found


def _least(claim: str, evidence: Evidence) -> str:
    """The word of the claim that the evidence meets least."""
    met = pairs(claim, evidence.texts, reading)
    return min(met, key=lambda w: w.near).text if met else ""
