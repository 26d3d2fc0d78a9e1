"""The stage after grounding: a chat model's sentences are judged one by one; what the quotes contradict is withdrawn.

    verify(grounded, transcript, notes)     # claims carry verdict and why; contradicted words stand in ``withdrawn``

Words that code derived are not judged here: they carry their rows (``Statement.basis``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from assistant.grounding import Grounded
from assistant.logs import record
from assistant.types import Claim, Rejected
from assistant.verification import reasons
from assistant.verification.judge import Judgement, judge
from assistant.verification.lexicon import is_chinese
from corpus.annotations import Annotations
from corpus.types import Quote, Transcript
from index.errors import EncoderError

#: Claims by number, with the quotes that carry them → a second opinion on some of them.
Verifier = Callable[[Sequence[tuple[Claim, Sequence[Quote]]]], Mapping[int, Judgement]]


def verify(
    grounded: Grounded, transcript: Transcript, notes: Annotations, verifier: Verifier | None = None
) -> Grounded:
    """Judge every claim that has words of a model.

    Args:
        verifier: judges all of them in one call; where it is silent, what was judged offline stands. What is
            certainly wrong (another speaker, a relayed view told as one's own) no verifier overrules.
    """
    judged = {n: _judged(c, grounded, transcript, notes) for n, c in enumerate(grounded.claims) if c.text and c.quotes}
    if verifier is not None and judged:
        numbers = [*judged]
        asked = [(grounded.claims[n], [grounded.quotes[q] for q in grounded.claims[n].quotes]) for n in numbers]
        for at, told in verifier(asked).items():
            if not judged[numbers[at]].certain:
                judged[numbers[at]] = told
    claims, rejected, stripped = [], [*grounded.rejected], 0
    for number, claim in enumerate(grounded.claims):
        judgement = judged.get(number)
        if judgement is None:
            claims.append(claim)
            continue
        update: dict[str, object] = {"verdict": judgement.verdict, "why": judgement.why}
        ids = [i for q in claim.quotes for i in grounded.quotes[q].sentence_ids]
        if judgement.unrelated:  # its quotes stand; what it says is no matter of the debate's
            rejected.append(Rejected(text=f"{claim.speaker or '?'}: {', '.join(ids)}", why=judgement.why))
            stripped += 1
            claims.append(claim.model_copy(update={"text": "", "stance": None, "basis": ()}))
            continue
        if judgement.verdict == "contradicted":
            rejected.append(Rejected(text=f"{claim.speaker or '?'}: {', '.join(ids)}", why=judgement.why))
            update |= {"text": "", "withdrawn": claim.text, "stance": None, "basis": ()}
        claims.append(claim.model_copy(update=update))
    withdrawn = stripped + sum(bool(c.withdrawn) for c in claims)
    verified = grounded.trust.verified - withdrawn
    trust = grounded.trust.model_copy(
        update={
            "verified": verified,
            "stripped": grounded.trust.stripped + withdrawn,
            "repaired": min(grounded.trust.repaired, verified),
        }
    )
    return grounded._replace(claims=tuple(claims), rejected=tuple(rejected), trust=trust)


def _judged(claim: Claim, grounded: Grounded, transcript: Transcript, notes: Annotations) -> Judgement:
    ids = [i for q in claim.quotes for i in grounded.quotes[q].sentence_ids]
    try:
        return judge(claim.text, claim.speaker, ids, transcript, notes)
    except EncoderError as error:
        record("verification_trouble", logging.WARNING, error=type(error).__name__)
        return Judgement(verdict="unchecked", why=reasons.unchecked(is_chinese(claim.text)))
