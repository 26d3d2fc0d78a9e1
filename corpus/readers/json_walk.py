"""A JSON document → all its objects, each with its place, in the order of the document.

Knows nothing of speech. Ways to write a list of records that are none (arrays in parallel, records under ids, rows,
pairs) come out as the records they stand for, so that whoever looks for records finds one shape only.

    >>> [node.path for node in nodes({"turns": [{"who": "Ann"}, {"who": "Bob"}]})]
    [(), ('turns', '*'), ('turns', '*')]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from corpus.readers.fields import plain_key, rank, ranked
from corpus.readers.tables import turns_in_rows

_ALTERNATIVES = {"alternatives", "nbest"}  # several readings of one stretch of sound: the first is the best

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
Object = dict[str, Json]


class Node(NamedTuple):
    """An object of a document."""

    path: tuple[str, ...]  # names of fields, "*" for any element of a list: what has one path has one purpose
    value: Object
    parent: Node | None = None
    listed: bool = False  # whether it is an element of a list


def nodes(document: Json) -> Iterator[Node]:
    """All objects in a document, each before those within it."""
    stack: list[tuple[Json, tuple[str, ...], Node | None, bool]] = [(document, (), None, False)]
    while stack:
        value, path, parent, listed = stack.pop()
        if isinstance(value, list):
            first_only = bool(path) and path[-1] in _ALTERNATIVES
            elements = _as_records(value[:1] if first_only else value)
            stack += [(element, (*path, "*"), parent, True) for element in reversed(elements)]
        elif isinstance(value, dict):
            if not any(isinstance(child, list | dict) for child in value.values()):
                yield Node(path, value, parent, listed)
                continue
            columns, records = _in_parallel(value)
            value = {key: child for key, child in value.items() if key not in columns}
            node = Node(path, value, parent, listed)
            yield node
            records = records or _under_ids(value)
            if records:
                stack.append((records, path, node, listed))
                continue
            children = [(child, (*path, plain_key(key)), node, False) for key, child in value.items()]
            stack += [child for child in reversed(children) if isinstance(child[0], dict | list)]


def strings(value: Json) -> list[str] | None:
    """The elements of a list of nothing but strings; None for anything else."""
    if isinstance(value, list) and value and all(isinstance(element, str) for element in value):
        return [str(element) for element in value]
    return None


def _as_records(values: list[Json]) -> list[Json]:
    """Rows ([["Ann", "Yes."], …]) and pairs ([{"Ann": "Yes."}, …]) as records; other lists as they are."""
    if len(values) < 2:
        return values
    if all(isinstance(value, list) and 2 <= len(value) <= 20 for value in values):
        rows = [[_cell(cell) for cell in row] for row in values if isinstance(row, list)]
        turns = turns_in_rows(rows) if all(not isinstance(row[-1], list | dict) for row in values if row) else None  # type: ignore[index]
        if turns:
            return [{"speaker": turn.name, "text": turn.words, "start": turn.seconds} for turn in turns]
    pairs = [next(iter(value.items())) for value in values if isinstance(value, dict) and len(value) == 1]
    if len(pairs) == len(values) and all(
        isinstance(words, str) and rank("words", name) is None for name, words in pairs
    ):
        return [{"speaker": name, "text": words} for name, words in pairs]
    return values


def _cell(value: Json) -> str:
    return "" if value is None else str(value)


def _in_parallel(value: Object) -> tuple[set[str], list[Json]]:
    """Arrays in parallel, {"speaker": [a, b], "utt": [x, y]} or {"speaker": {"0": a, …}, …}: names and records."""
    columns: dict[str, list[Json]] = {}
    for key, column in value.items():
        cells = list(column.values()) if isinstance(column, dict) else column
        if isinstance(cells, list) and cells and not any(isinstance(cell, list | dict) for cell in cells):
            columns[key] = cells
    speaker = next(iter(ranked("speaker", columns)), None)
    words = next((key for key in ranked("words", columns) if key != speaker), None)
    if speaker is None or words is None or len(columns[speaker]) != len(columns[words]):
        return set(), []
    count = len(columns[words])
    alike = {key: column for key, column in columns.items() if len(column) == count}
    return set(alike), [{key: column[at] for key, column in alike.items()} for at in range(count)]


def _under_ids(value: Object) -> list[Json]:
    """The records of an object that is a list under numbers or ids: {"0": {…}, "1": {…}}."""
    children = [child for child in value.values() if isinstance(child, dict)]
    if len(children) < 2 or len(children) != len(value):
        return []
    fields = set(children[0])
    numbered = all(key.isdigit() for key in value)
    alike = len(fields) > 1 and len(children) > 2 and all(set(child) == fields for child in children)
    return list(children) if numbered or alike else []
