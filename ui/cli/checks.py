"""One checked part of an installation."""

from __future__ import annotations

from typing import Literal, NamedTuple

State = Literal["ok", "note", "broken"]


class Check(NamedTuple):
    """One part and its state."""

    name: str
    state: State
    detail: str
