"""What searching needs of a debate, made once from its passages and kept as plain arrays beside the record.

A cache that can be thrown away: it is named by the hash of all it was made from, written under another name and then
renamed, and made anew whenever it is missing or does not fit. No pickles.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from corpus.annotations import Annotations
from corpus.records import READER_VERSION
from corpus.types import Transcript
from index.lexical import LexicalIndex
from index.tokens import terms
from index.types import Encoder, Kind, Passage, Vectors, View
from index.vocabulary import Vocabulary

# Raise it when passages, terms or these arrays are made otherwise than before.
VERSION = "2"
VIEWS: tuple[View, ...] = get_args(View)
KINDS: tuple[Kind, ...] = get_args(Kind)
_LEXICAL: tuple[View, ...] = ("text", "gloss", "question", "unanswered")


class Prepared(NamedTuple):
    """Columns over passages, and the indexes over their words."""

    view: NDArray[np.int8]  # (n_passages,) place in VIEWS
    kind: NDArray[np.int8]  # (n_passages,) place in KINDS
    speaker: NDArray[np.int32]  # (n_passages,) place in the transcript's speakers, −1 for none
    section: NDArray[np.int32]  # (n_passages,)
    seconds: NDArray[np.float64]  # (n_passages,) nan where not told
    sizes: NDArray[np.intp]  # (n_passages,) how many sentences each holds
    members: NDArray[np.int32]  # their rows among the units, passage after passage
    turn_of: NDArray[np.int32]  # (n_units,) the turn of each unit, in the order of ``turns``
    lexical: dict[View, LexicalIndex]
    turns: LexicalIndex  # whole turns with all that is noted on them; an editorial piece is a turn of its own
    spoken: Vocabulary  # words by unit
    noted: Vocabulary  # words by turn, glosses and questions included

    def rows(self, view: View) -> NDArray[np.intp]:
        """The passages of one view."""
        return np.flatnonzero(self.view == VIEWS.index(view))


def unit_ids(transcript: Transcript, passages: Iterable[Passage]) -> list[str]:
    """Ids of all that can be found: sentences, then editorial pieces."""
    pieces = [p.editorial_id for p in passages if p.kind == "editorial" and p.editorial_id]
    return [s.id for s in transcript.sentences] + pieces


def prepare(transcript: Transcript, passages: Sequence[Passage], words: Encoder) -> Prepared:
    """Make everything from the passages.

    Args:
        transcript: the debate.
        passages: what is indexed of it, in the order of their vectors.
        words: the encoder of single words.
    """
    units = unit_ids(transcript, passages)
    place = {unit: at for at, unit in enumerate(units)}
    who = {speaker.id: at for at, speaker in enumerate(transcript.speakers)}
    held = [p.sentence_ids or ((p.editorial_id,) if p.editorial_id else ()) for p in passages]
    order: dict[str, int] = {}
    documents: list[list[str]] = []
    lexical: dict[View, list[list[str]]] = {view: [] for view in _LEXICAL}
    for passage in passages:
        in_turn = passage.view != "unanswered"
        if not in_turn and passage.view not in lexical:
            continue
        found = terms(passage.embedding_text)
        if passage.view in lexical:
            lexical[passage.view].append(found)
        if in_turn:
            key = passage.turn_id or passage.editorial_id or ""
            if key not in order:
                order[key] = len(documents)
                documents.append([])
            documents[order[key]].extend(found)
    keys = [s.turn_id for s in transcript.sentences] + units[len(transcript.sentences) :]
    return Prepared(
        view=np.array([VIEWS.index(p.view) for p in passages], dtype=np.int8),
        kind=np.array([KINDS.index(p.kind) for p in passages], dtype=np.int8),
        speaker=np.array([who.get(p.speaker_id or "", -1) for p in passages], dtype=np.int32),
        section=np.array([p.section for p in passages], dtype=np.int32),
        seconds=np.array([p.seconds for p in passages], dtype=np.float64),
        sizes=np.array([len(ids) for ids in held], dtype=np.intp),
        members=np.array([place[unit] for ids in held for unit in ids], dtype=np.int32),
        turn_of=np.array([order[key] for key in keys], dtype=np.int32),
        lexical={view: LexicalIndex(texts) for view, texts in lexical.items() if texts},
        turns=LexicalIndex(documents),
        spoken=Vocabulary(
            _gathered(passages, units, lambda p: p.sentence_ids or (p.editorial_id,), ("text", "gloss")), words
        ),
        noted=Vocabulary(
            _gathered(passages, order, lambda p: (p.turn_id or p.editorial_id,), ("text", "gloss", "question")), words
        ),
    )


def _gathered(
    passages: Iterable[Passage],
    keys: Iterable[str],
    held: Callable[[Passage], Iterable[str | None]],
    views: Sequence[View],
) -> list[str]:
    """For each key, the texts of those views that belong to it, one a line."""
    gathered: dict[str | None, list[str]] = {key: [] for key in keys}
    for passage in passages:
        if passage.view in views:
            for key in held(passage):
                gathered[key].append(passage.embedding_text)
    return ["\n".join(texts) for texts in gathered.values()]


def fingerprint(transcript: Transcript, notes: Annotations, encoder: Encoder, words: Encoder) -> str:
    """What a prepared index was made from: it changes when the debate, its notes, an encoder or this program does."""
    people = [(s.id, s.name) for s in transcript.speakers]
    turns = [turn.speaker_id for turn in transcript.turns]  # an overlay may have merged people
    parts = (
        transcript.sha256,
        READER_VERSION,
        VERSION,
        encoder.name,
        words.name,
        notes.model_dump_json(),
        people,
        turns,
    )
    made_from = hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{transcript.sha256[:16]}-{made_from[:16]}"


def save(path: Path, prepared: Prepared, vectors: Vectors) -> None:
    """Write the arrays and the vectors, whole or not at all; what was made of the same debate before goes."""
    flat: dict[str, NDArray[Any]] = {"vectors": vectors}
    for name in Prepared._fields[:8]:
        flat[name] = getattr(prepared, name)
    for view, index in prepared.lexical.items():
        flat |= {f"lexical/{view}/{key}": array for key, array in index.arrays().items()}
    for name in ("turns", "spoken", "noted"):
        flat |= {f"{name}/{key}": array for key, array in getattr(prepared, name).arrays().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        np.savez(file, **flat)  # type: ignore[arg-type]
    fresh.replace(path)
    for older in path.parent.glob(f"{path.name.split('-')[0]}-*.npz"):
        if older != path:
            older.unlink(missing_ok=True)


def load(path: Path, words: Encoder) -> tuple[Prepared, Vectors] | None:
    """What was saved; None when there is nothing, or nothing that can be read: then it is made anew."""
    try:
        with np.load(path, allow_pickle=False) as file:
            flat = {name: file[name] for name in file.files}
        lexical = {
            v: LexicalIndex.of_arrays(_part(flat, f"lexical/{v}/")) for v in _LEXICAL if f"lexical/{v}/ids" in flat
        }
        columns: dict[str, Any] = {name: flat[name] for name in Prepared._fields[:8]}
        prepared = Prepared(
            **columns,
            lexical=lexical,
            turns=LexicalIndex.of_arrays(_part(flat, "turns/")),
            spoken=Vocabulary.of_arrays(_part(flat, "spoken/"), words),
            noted=Vocabulary.of_arrays(_part(flat, "noted/"), words),
        )
        vectors = flat["vectors"]
        lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
        if len(vectors) != len(prepared.view) or not ((np.abs(lengths - 1) < 1e-3) | (lengths == 0)).all():
            return None
        return prepared, vectors
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def _part(flat: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name[len(prefix) :]: array for name, array in flat.items() if name.startswith(prefix)}
