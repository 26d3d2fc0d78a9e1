"""Reasons beside the conclusion: who states a point mostly says why in the sentences around it. Pure."""

from __future__ import annotations

import re

from assistant.operations.case import Case
from assistant.types import Draft, DraftClaim
from corpus.normalize import fold_text

_AROUND = 2  # sentences to each side in which a reason is looked for
_MOST = 2  # reasons added to a quote
# Words that give a reason: a closed class.
_BECAUSE = re.compile(
    r"因为|由于|原因|所以|因此|毕竟|既然|在于|理由|"
    r"\b(?:because|since|due to|owing to|reasons?|that's why|that is why|thanks to|after all|therefore|so that)\b"
)


def with_reasons(case: Case, draft: Draft) -> Draft:
    """The draft with the sentences beside its quotes that give a reason, where the quotes hold none themselves."""
    return draft.model_copy(update={"claims": tuple(_reasoned(case, claim) for claim in draft.claims)})


def _reasoned(case: Case, claim: DraftClaim) -> DraftClaim:
    ids = list(claim.sentence_ids)
    if any(_gives_one(case, i) for i in ids):
        return claim
    beside: list[str] = []
    for identifier in ids[:2]:
        for sentence in case.transcript.neighbours(identifier, before=_AROUND, after=_AROUND):
            if sentence.id not in ids and sentence.id not in beside and _gives_one(case, sentence.id):
                beside.append(sentence.id)
    more = sorted((*ids, *beside[:_MOST]), key=case.transcript.position)
    return claim.model_copy(update={"sentence_ids": tuple(more)})


def _gives_one(case: Case, sentence_id: str) -> bool:
    return bool(_BECAUSE.search(fold_text(case.transcript.sentence(sentence_id).text)))
