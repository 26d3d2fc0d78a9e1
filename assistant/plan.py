"""What a question compiles to: an operation on a scope and a subject, in a shape. A follow-up is an edit of the last.

>>> asked = Plan(operation="compare", subject="school fees", scope=Scope(speaker_ids=("ann",)))
>>> over(Edit(shape=Shape(form="table")), asked).subject
'school fees'
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from corpus.annotations import Language
from corpus.types import Frozen

Operation = Literal[
    "find", "figure", "who", "compare", "disagree", "agree", "summarise", "list", "count", "silent", "rank", "verdict",
    "exact", "translate", "why", "outcome", "asked", "reply", "about", "source", "calculate", "thanks", "help",
    "chat", "refuse",
]  # fmt: skip
About = Literal[
    "cast", "hosts", "date", "length", "spoke_most", "spoke_least", "turns", "person", "topics"
]  # what is asked of the record of the debate
Part = Literal["hosts", "guests"]
Form = Literal["prose", "table", "bullets"]
Length = Literal["short", "normal", "long"]


class Scope(Frozen):
    """Whose words, and when they were said."""

    speaker_ids: tuple[str, ...] = Field(default=(), description="Whose words are wanted; empty: anybody's.")
    towards: tuple[str, ...] = Field(
        default=(), description="Whom it is about without wanting their words: Bob, in who disagrees with Bob."
    )
    excluded: tuple[str, ...] = Field(default=(), description="Ids of speakers who are not wanted.")
    part: Part | None = Field(default=None, description="Whether hosts alone, or guests alone, are asked about.")
    seconds: tuple[float, float] | None = Field(default=None, description="Half-open stretch of the recording.")


class Shape(Frozen):
    """How the answer is laid out."""

    form: Form = "prose"
    length: Length = "normal"
    points: int | None = Field(default=None, ge=1, le=20, description="How many points are wanted.")
    language: Language | None = Field(default=None, description="Asked for in so many words; None: the question's.")


class Plan(Frozen):
    """A question, understood."""

    operation: Operation = "find"
    about: About | None = Field(default=None, description="What is asked of the record; set for `about` alone.")
    scope: Scope = Scope()
    subject: str = Field(default="", description="Matter, in the reader's words; empty: the debate as a whole.")
    shape: Shape = Shape()
    probability: float = Field(default=1.0, ge=0.0, le=1.0, description="That the operation was read right.")


class Edit(Frozen):
    """What a follow-up changes of the last plan; None leaves it as it was."""

    operation: Operation | None = None
    scope: Scope | None = None
    subject: str | None = None
    shape: Shape | None = None


def over(edit: Edit, last: Plan) -> Plan:
    """The last plan with what the edit changes; of a shape only what differs from the plain one."""
    changed: dict[str, object] = {name: value for name, value in edit if value is not None}
    if edit.shape is not None:
        told = {name: getattr(edit.shape, name) for name in edit.shape.model_fields_set}
        changed["shape"] = last.shape.model_copy(update=told)
    return last.model_copy(update=changed)
