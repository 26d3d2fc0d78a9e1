"""A figure in the question that the words do not hold: what figure they do hold is said.

"Did she say four years?" over "six and a half on average": the reader learns that the figure is another one.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.numeric.quantities import Quantity, read_quantities
from assistant.operations.case import Case
from assistant.reading.details import values_in
from assistant.types import Draft, Statement
from assistant.wording import pick, spaced

# Families of figures that can be held against each other.
COMPARED = frozenset({"money", "fraction", "points", "years", "year", "power", "energy", "price", "hours", "multiple"})

_FACTOR = 5  # within which two figures may be of the same thing


def with_figures_put_right(case: Case, draft: Draft) -> Draft:
    """The draft with a note where the question names one figure and the best quote holds one other of its kind."""
    asked = [q for q in read_quantities(case.reading.understanding.question) if q.family in COMPARED]
    ids = [i for claim in draft.claims for i in claim.sentence_ids]
    if len(asked) != 1 or not ids or case.plan.operation not in ("verdict", "figure"):
        return draft
    texts = [case.transcript.sentence(i).text for i in ids]
    if any(values_in(asked[0].text) & values_in(text) for text in texts):
        return draft
    ranks = {hit.id: hit.rank for hit in case.found.hits}
    best = min(ids, key=lambda i: ranks.get(i, len(ranks) + 1))
    said = _alike(asked[0], read_quantities(case.transcript.sentence(best).text))
    if not said or any(q.low <= asked[0].low <= q.high for q in said):
        return draft
    one = len(said) == 1 and not said[0].bound and not said[0].is_range
    phrase = (
        "{no}问题里的“{asked}”没有出现在这些话里;其中的数字是{said}。",
        "{no}The “{asked}” of the question is not in these words; the figures in them are {said}.",
    )
    if one:
        phrase = (
            "{no}这里说的数字是{said},问题里的“{asked}”没有出现在这些话里。",
            "{no}The figure said here is {said}; the “{asked}” of the question is not in these words.",
        )
    figures = pick(("、", " and "), case.language).join(dict.fromkeys(f"“{q.text.strip()}”" for q in said))
    # Of several figures nobody can tell here that one is the one meant; of one it is, where the words surely answer.
    near = one and 0 < abs(asked[0].low) <= _FACTOR * abs(said[0].low) <= _FACTOR**2 * abs(asked[0].low)
    polar = near and case.tables.noted and case.surely and case.plan.operation == "verdict"
    no = pick(("不是:", "No: "), case.language) if polar else ""
    note = spaced(pick(phrase, case.language).format(no=no, said=figures, asked=asked[0].text.strip()))
    if polar:
        return draft.model_copy(update={"lead": note, "basis": (best, *ids)})
    return draft.model_copy(update={"notes": (*draft.notes, Statement(text=note, basis=(best,)))})


def _alike(asked: Quantity, said: Sequence[Quantity]) -> list[Quantity]:
    return [q for q in said if q.family == asked.family and q.currency in (asked.currency, None)]
