"""Shorter is shorter and longer is longer than what was said before, or it is said that it cannot be. Pure."""

from __future__ import annotations

from assistant.operations.case import Case
from assistant.types import Draft, DraftClaim, Statement
from assistant.wording import pick

_MORE = 3  # sentences added on either side of a quote that is to be longer
_CLAIM = 12  # sentences of a claim at most


def resized(case: Case, draft: Draft) -> Draft:
    """The draft, held to a length that was asked for beside the last answer."""
    length = case.plan.shape.length
    last = case.thread[-1] if case.thread else None
    if length == "normal" or last is None or not draft.claims:
        return draft
    before = {i for quote in last.quotes for i in quote.sentence_ids}
    if not case.reading.resized:  # another language or form of what was made shorter or longer before
        return _only(draft, before)
    if length == "short":
        return _shorter(case, draft, len(before))
    now = {i for claim in draft.claims for i in claim.sentence_ids}
    return draft if len(now) > len(before) else _longer(case, draft)


def _only(draft: Draft, ids: set[str]) -> Draft:
    """The draft with no other sentences than these, where it holds any of them."""
    kept = [(claim, tuple(i for i in claim.sentence_ids if i in ids)) for claim in draft.claims]
    claims = tuple(claim.model_copy(update={"sentence_ids": own}) for claim, own in kept if own)
    return draft.model_copy(update={"claims": claims}) if claims else draft


def _shorter(case: Case, draft: Draft, before: int) -> Draft:
    """A sentence a line, then fewer lines, then none of the notes; that it is the least where nothing can go."""
    ranks = {hit.id: hit.rank for hit in case.found.everybody}
    claims = [_first(claim, ranks) for claim in draft.claims]
    if len(claims) >= before > 1:
        claims = claims[: max(1, before // 2)]
    update: dict[str, object] = {"claims": tuple(claims), "notes": ()}
    if before <= 1:
        worded = any(claim.text for claim in case.thread[-1].claims)
        update["claims"] = tuple(claim.model_copy(update={"text": "", "stance": None}) for claim in claims)
        update["basis"] = tuple(i for claim in claims for i in claim.sentence_ids)
        if not worded:
            update["lead"] = pick(("已经是最短的了。", "It gets no shorter than this."), case.language)
    return draft.model_copy(update=update)


def _first(claim: DraftClaim, ranks: dict[str, int]) -> DraftClaim:
    best = min(claim.sentence_ids, key=lambda i: ranks.get(i, len(ranks) + 1))
    return claim.model_copy(update={"sentence_ids": (best,)}) if claim.speaker_id is not None else claim


def _longer(case: Case, draft: Draft) -> Draft:
    """Each quote with what stands around it in its turn; that there is no more where nothing does."""
    claims = []
    for claim in draft.claims:
        around = [
            s.id for i in claim.sentence_ids for s in case.transcript.neighbours(i, before=1, after=_MORE)
            if claim.speaker_id is not None
        ]  # fmt: skip
        ids = sorted({*claim.sentence_ids, *around[:_CLAIM]}, key=case.transcript.position)[:_CLAIM]
        claims.append(claim.model_copy(update={"sentence_ids": tuple(ids)}))
    if [c.sentence_ids for c in claims] != [c.sentence_ids for c in draft.claims]:
        return draft.model_copy(update={"claims": tuple(claims)})
    note = Statement(
        text=pick(("再多的没有了。", "There is no more to it than this."), case.language), basis=("transcript",)
    )
    return draft.model_copy(update={"notes": (*draft.notes, note)})
