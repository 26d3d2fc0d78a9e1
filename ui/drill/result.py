"""What a drill measured, beside what is promised."""

from __future__ import annotations

from typing import NamedTuple


class Result(NamedTuple):
    """One line of the table."""

    name: str
    promise: str
    figure: str
    ok: bool
