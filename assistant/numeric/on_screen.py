"""An operand that stands on the screen: a figure of the last answer's quotes, where a question leaves one open.

"And what share of $2tn would that be?" after a quote that names one amount of money. Several amounts are none: then
it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.calculators.declaration import Calculator, InputField
from assistant.calculators.trace import Origin
from assistant.numeric.binding import reads_as
from assistant.numeric.figured import Placed
from assistant.numeric.quantities import read_quantities
from corpus.types import Quote


def from_quotes(
    declared: Calculator[Any], open_: Sequence[InputField], unit: str, shown: Sequence[Quote]
) -> tuple[str, float, Origin] | None:
    """(the open input, its value in ``unit``, the quote that says it); None where the quotes do not settle it.

    Args:
        open_: required inputs that nobody gave.
        unit: of the amounts that the question gives.
        shown: the last answer's quotes, in their order.
    """
    amounts = [f for f in open_ if f.unit == "@unit"]
    if not declared.plain or len(open_) != 1 or not amounts or unit in ("", "number"):
        return None
    found: dict[float, Quote] = {}
    for quote in shown:
        for said in read_quantities(quote.text):
            read = reads_as(Placed(said, said.start, said.end), amounts[0], unit)
            if read is not None and said.family != "plain" and not said.is_range:
                found.setdefault(read.values[0], quote)
    if len(found) != 1:
        return None
    value, quote = next(iter(found.items()))
    return amounts[0].name, value, Origin(kind="quote", quote=quote.text, speaker=quote.speaker)
