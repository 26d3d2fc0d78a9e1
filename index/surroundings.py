"""What stands around a sentence: windows across turns, and what its turn was asked.

A point is made over several sentences and turns, and a short reply holds few words of what it replies to; so a sentence
is found through its neighbours too, though only it is quoted. The vector of a window is the length-weighted mean of its
sentences' vectors, so its cosine with a question follows from theirs and nothing is encoded twice.

    around = Surroundings(transcript, vectors)
    around.cosines(vectors @ question)["window"]      # shape (n_sentences,)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.types import Transcript
from index.types import Vectors

Scores = NDArray[np.float32]
WIDTHS: Mapping[str, int] = {"window": 1, "wide": 4}  # sentences to each side
_BACK = 5  # turns in which the question of a turn is looked for
_ASKING = ("?", "？", "?”", "？”", '?"', '？"')


class Surroundings:
    """Of every sentence of a debate; sentences in order."""

    def __init__(self, transcript: Transcript, vectors: Vectors) -> None:
        """Args: vectors: unit rows of the sentences, shape (n_sentences, dimension)."""
        sentences = transcript.sentences
        self._lengths = np.array([len(s.text) for s in sentences], dtype=np.float32)
        self.asks = np.array([s.text.endswith(_ASKING) for s in sentences], dtype=np.bool_)
        numbers = {turn.id: at for at, turn in enumerate(transcript.turns)}
        self._turn = np.array([numbers[s.turn_id] for s in sentences], dtype=np.intp)
        weighed = vectors * self._lengths[:, None]
        self._norms = {
            name: np.maximum(np.linalg.norm(_band(weighed, width), axis=1), np.float32(1e-6))
            for name, width in WIDTHS.items()
        }
        self._asked_by = self._askers(transcript)
        self._asked_norms = np.maximum(np.linalg.norm(self._by_turn(vectors), axis=1), np.float32(1e-6))

    def cosines(self, cosines: Scores) -> dict[str, Scores]:
        """Cosines of each sentence's windows and of what it was asked, from those of the sentences alone."""
        weighed = cosines * self._lengths
        found: dict[str, Scores] = {name: _band(weighed, width) / self._norms[name] for name, width in WIDTHS.items()}
        asking = self._by_turn(cosines) / self._asked_norms
        asker = self._asked_by[self._turn]
        found["asked"] = np.where(asker >= 0, asking[asker], np.float32(0))
        return found

    def spread(self, scores: Scores, width: int = WIDTHS["wide"]) -> Scores:
        """Scores of sentences → the mean of each one's window."""
        mean: Scores = _band(scores, width) / _band(np.ones(len(scores), dtype=np.float32), width)
        return mean

    def _askers(self, transcript: Transcript) -> NDArray[np.intp]:
        """For each turn, the last turn before it, of somebody else and in its section, that asks something; or −1."""
        asking = np.zeros(len(transcript.turns), dtype=np.bool_)
        asking[self._turn[self.asks]] = True
        found = np.full(len(transcript.turns), -1, dtype=np.intp)
        for at, turn in enumerate(transcript.turns):
            for back in range(at - 1, max(-1, at - 1 - _BACK), -1):
                before = transcript.turns[back]
                if before.section != turn.section:
                    break
                if asking[back] and before.speaker_id != turn.speaker_id:
                    found[at] = back
                    break
        return found

    def _by_turn(self, values: NDArray[np.float32]) -> NDArray[Any]:
        """Values of the asking sentences, summed by turn."""
        total = np.zeros((len(self._asked_by), *values.shape[1:]), dtype=np.float32)
        np.add.at(total, self._turn[self.asks], values[self.asks])
        return total


def _band(values: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """For each row, the sum of the rows at most ``width`` away."""
    total = np.concatenate([np.zeros((1, *values.shape[1:]), dtype=np.float32), np.cumsum(values, axis=0)])
    rows = np.arange(len(values))
    summed: NDArray[np.float32] = total[np.minimum(rows + width + 1, len(values))] - total[np.maximum(rows - width, 0)]
    return summed
