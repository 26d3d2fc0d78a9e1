"""What searching talks about: passages, hits, filters and the one-method encoder."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from corpus.types import Frozen

Kind = Literal["speech", "editorial"]
View = Literal["text", "gloss", "question", "unanswered"]
Vectors = NDArray[np.float32]


class Passage(Frozen):
    """Something to be found: adjacent sentences of one turn (or one editorial piece) under one of its views.

    ``embedding_text`` is what is indexed: the words themselves, their gloss, or a question they answer. What is quoted
    is always the sentences of ``sentence_ids``; a question that the debate leaves open has none.
    """

    id: str
    view: View
    kind: Kind
    sentence_ids: tuple[str, ...] = Field(description="In order; empty for an editorial piece.")
    editorial_id: str | None = None
    turn_id: str | None = None
    speaker_id: str | None = None
    section: int = 0
    seconds: float | None = Field(default=None, description="When its first sentence is spoken, in the recording.")
    embedding_text: str


class Filters(Frozen):
    """What may be found at all; applied inside the search. Empty tuples do not restrict."""

    speaker_ids: tuple[str, ...] = ()
    sections: tuple[int, ...] = ()
    seconds: tuple[float, float] | None = Field(
        default=None, description="Only what begins at or after the first and before the second, in the recording."
    )
    kind: Kind = "speech"


class Hit(NamedTuple):
    """A sentence (or an editorial piece) that was found."""

    id: str  # sentence id ("t12.4"), or editorial id ("e9") when the kind is editorial
    score: float  # probability that it answers, if any sentence does; 0 to 1, higher is better
    rank: int  # from 1
    lexical: float = 0.0  # share of the question's weighted terms that it covers, 0 to 1
    dense: float = 0.0  # best cosine over its views, −1 to 1


class Encoder(Protocol):
    """Texts → unit vectors."""

    @property
    def name(self) -> str:
        """Model and revision: vectors of different names are never mixed."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: list[str], *, query: bool = False) -> Vectors:
        """Unit vectors of shape (n_texts, dimension), in order; ``query`` chooses the query side of a model."""
        ...
