"""Reasons beside the conclusion: who states a point mostly says why in the sentences around it. Pure."""

from __future__ import annotations

from assistant.knowledge.senses import means
from assistant.operations.case import Case
from assistant.types import Draft, DraftClaim

_BEFORE, _AFTER = 3, 2  # sentences on either side in which a reason is looked for
_MOST = 3  # sentences added to a quote
_CLAIM = 12  # sentences of a claim at most


def with_reasons(case: Case, draft: Draft) -> Draft:
    """The draft with what stands beside its quotes and gives a reason, where the quotes themselves give none."""
    return draft.model_copy(update={"claims": tuple(_reasoned(case, claim) for claim in draft.claims)})


def _reasoned(case: Case, claim: DraftClaim) -> DraftClaim:
    """What leads up to each conclusion; where none is drawn and no reason given, what stands beside the best quote."""
    ids = list(claim.sentence_ids)
    if claim.speaker_id is None:
        return claim
    concluding = [i for i in ids if means(case.transcript.sentence(i).text, "reasons", "so")]
    ranks = {hit.id: hit.rank for hit in case.found.hits}
    best = min(ids, key=lambda i: ranks.get(i, len(ranks) + 1))
    wanting = concluding or ([] if any(_gives_one(case, i) for i in ids) else [best])
    added = {i for identifier in wanting for i in _beside(case, identifier)}
    more = sorted({*ids, *added}, key=case.transcript.position)
    return claim.model_copy(update={"sentence_ids": tuple(more[:_CLAIM])})


def _beside(case: Case, identifier: str) -> list[str]:
    """What leads up to a conclusion; else the nearest sentences that say because, else the one that goes on."""
    around = case.transcript.neighbours(identifier, before=_BEFORE, after=_AFTER)
    at = next(n for n, sentence in enumerate(around) if sentence.id == identifier)
    if means(around[at].text, "reasons", "so"):
        return [s.id for s in around[max(0, at - _MOST + 1) : at]]
    giving = [s.id for s in around if s.id != identifier and _gives_one(case, s.id)]
    return giving[:_MOST] or [s.id for s in around[at + 1 : at + 2]]


def _gives_one(case: Case, sentence_id: str) -> bool:
    return means(case.transcript.sentence(sentence_id).text, "reasons", "because")
