"""Tables of speech → turns: CSV, tab- and semicolon-separated files, and the rows of tables in other containers.

The columns are found by their headings (``Speaker``, ``发言人``, ``start_time`` …) or, where there are none, by how
they behave: few short names that come back, beside long words. Knows nothing of what is said.

    >>> turns = turns_in_rows([["Who", "Text"], ["Ann", "Is it late?"], ["", "Yes."]])
    >>> [(turn.name, turn.words) for turn in turns]
    [('Ann', 'Is it late?'), (None, 'Yes.')]
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from corpus.errors import TranscriptParseError
from corpus.readers.dates import date_of
from corpus.readers.fields import Moment, moment_in, pick, plain_key, ranked
from corpus.readers.reading import MAX_TURNS, Reading, Source
from corpus.readers.utterances import Utterance, in_seconds, label, lay, units

_DELIMITERS = {"\t": "Tab-separated table", ";": "Semicolon-separated table", ",": "CSV", "|": "Table with bars"}
_FIRST_NAMES = {"firstname", "givenname", "forename", "vorname", "prénom", "nombre"}
_SURNAMES = {"lastname", "surname", "familyname", "nachname", "nomdefamille", "apellido", "apellidos"}
_HEADER_WITHIN = 8  # rows; some exports put a title above the table
_EMPTY = {"n/a", "na", "nan", "null", "none", "-", "–", "—"}  # what stands in cells that hold nothing
_SAMPLE = 200  # rows looked at to tell what a column holds
_MAX_ROWS = 4 * MAX_TURNS  # those that are cut by time are joined, a few to a turn
_MAX_CELL = 8 * 1024 * 1024  # characters


class Columns(NamedTuple):
    """Which column holds what; None for none."""

    words: int
    speaker: int | None = None
    time: int | None = None
    role: int | None = None
    date: int | None = None
    surname: int | None = None  # where names stand in two columns, ``speaker`` holds the first names
    first_row: int = 1  # the row after the heading
    names: tuple[str, ...] = ()  # the headings, empty where there are none


class Tables:
    """The reader of tables with a delimiter."""

    form = "CSV"

    def claims(self, source: Source) -> float:
        """0.9 with headings for speaker and words, 0.6 with columns that behave so."""
        found = _best(source.text or "", sample=True)
        if found is None:
            return 0.0
        columns = found[2]
        return 0.6 if not columns.names else 0.9 if columns.speaker is not None else 0.7

    def read(self, source: Source) -> Reading:
        """Read it, a row a turn; rows that are cut by time are joined while one person speaks.

        Raises:
            TranscriptParseError: There are no such columns, no words, too many rows, or a broken cell.
        """
        found = _best(source.text or "", sample=False)
        if found is None:
            raise TranscriptParseError(
                "The table has no column of words and one of speakers or times; name them `speaker`, `text`, `time`."
            )
        delimiter, rows, columns = found
        form = _DELIMITERS[delimiter]
        said = _turns(rows, columns)
        if not said:
            raise TranscriptParseError(
                f"The {form} has columns for speakers and words but no row with words; add some."
            )
        seconds, day = _times(rows, columns)
        laid = [turn._replace(seconds=at) for turn, at in zip(said, seconds, strict=True)]
        return lay(form, laid, "segments" if columns.names else "never").reading(date=_date(rows, columns) or day)


def turns_in_rows(rows: Sequence[Sequence[str]]) -> list[Utterance] | None:
    """The turns that the rows of a table hold, with their times; None where its columns do not hold speech."""
    columns = find_columns(rows)
    if columns is None:
        return None
    said = _turns(rows, columns)
    seconds, _ = _times(rows, columns)
    return [turn._replace(seconds=at) for turn, at in zip(said, seconds, strict=True)]


def find_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """The columns of words, speakers and times of a table; None where it has no words, or neither of the others."""
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        named = _by_heading(row, rows[index + 1 : index + 1 + _SAMPLE], index + 1)
        if named is not None:
            return named
    return _by_content(rows)


def _by_heading(heading: Sequence[str], rows: Sequence[Sequence[str]], first_row: int) -> Columns | None:
    names = [cell.strip() for cell in heading]
    if len(names) < 2 or any(len(name) > 40 for name in names) or not rows:
        return None
    place = {name: number for number, name in reversed(list(enumerate(names)))}
    speaker = next((name for name in ranked("speaker", place) if _holds_names(rows, place[name])), None)
    words = next((n for n in ranked("words", place) if n != speaker and _holds_words(rows, place[n])), None)
    if words is None:
        return None
    surname = None
    if speaker is None:
        speaker = next((name for name in place if plain_key(name) in _FIRST_NAMES), None)
        surname = next((name for name in place if plain_key(name) in _SURNAMES), None)
    used = {speaker, words, surname}
    time = next((n for n in ranked("time", place) if n not in used and _holds_times(rows, place[n], n)), None)
    if speaker is None and time is None:
        return None
    used.add(time)
    role = pick("role", [name for name in place if name not in used])
    date = pick("date", [name for name in place if name not in used])
    return Columns(
        place[words],
        place[speaker] if speaker is not None else None,
        place[time] if time is not None else None,
        place[role] if role is not None else None,
        place[date] if date is not None else None,
        place[surname] if surname is not None else None,
        first_row,
        tuple(names),
    )


def _by_content(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Columns of a table without headings: names that come back, beside the longest words."""
    width = len(rows[0]) if rows else 0
    some = rows[:_SAMPLE]
    if not 2 <= width <= 6 or len(rows) < 4 or any(len(row) != width for row in rows):
        return None
    words = max(range(width), key=lambda column: sum(units(row[column]) for row in some))
    if sum(units(row[words]) for row in some) < 3 * len(some):
        return None
    time = next((n for n in range(width) if n != words and _holds_times(some, n, "time")), None)
    for column in range(min(width, 3)):
        cells = [row[column].strip() for row in some]
        if column in (words, time) or any(len(cell) > 60 or not _is_name(cell) for cell in cells):
            continue
        if 2 <= len(set(cells)) <= 0.7 * len(cells):
            return Columns(words, column, time, first_row=0)
    return None


def _is_name(cell: str) -> bool:
    return any(character.isalpha() for character in cell) and units(cell) <= 8


def _cells(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    return [cell for row in rows if (cell := _cell(row, column))]


def _holds_names(rows: Sequence[Sequence[str]], column: int) -> bool:
    cells = _cells(rows, column)
    return bool(cells) and sum(len(cell) for cell in cells) < 60 * len(cells)


def _holds_words(rows: Sequence[Sequence[str]], column: int) -> bool:
    cells = _cells(rows, column)
    return bool(cells) and sum(any(c.isalpha() for c in cell) for cell in cells) > 0.5 * len(cells)


def _holds_times(rows: Sequence[Sequence[str]], column: int, name: str) -> bool:
    cells = _cells(rows, column)
    return bool(cells) and sum(moment_in(name, cell) is not None for cell in cells) > 0.9 * len(cells)


def _spoken(rows: Sequence[Sequence[str]], columns: Columns) -> Iterable[Sequence[str]]:
    for row in rows[columns.first_row :]:
        if len(row) > columns.words and row[columns.words].strip():
            yield row


def _cell(row: Sequence[str], column: int | None) -> str:
    cell = row[column].strip() if column is not None and len(row) > column else ""
    return "" if cell.casefold() in _EMPTY else cell


def _turns(rows: Sequence[Sequence[str]], columns: Columns) -> list[Utterance]:
    # A role is given to a person who has another name: "role" may be the column of speakers itself.
    return [
        Utterance(
            row[columns.words],
            label(f"{_cell(row, columns.speaker)} {_cell(row, columns.surname)}"),
            role=_cell(row, columns.role),
        )
        for row in _spoken(rows, columns)
    ]


def _times(rows: Sequence[Sequence[str]], columns: Columns) -> tuple[list[float | None], str]:
    name = columns.names[columns.time] if columns.names and columns.time is not None else "time"
    spoken = list(_spoken(rows, columns))
    moments: list[Moment | None] = [moment_in(name, _cell(row, columns.time)) for row in spoken]
    return in_seconds(moments, (row[columns.words] for row in spoken))


def _date(rows: Sequence[Sequence[str]], columns: Columns) -> str:
    """The day, where all rows have one and the same."""
    days = {date_of(_cell(row, columns.date)) for row in _spoken(rows, columns)}
    return days.pop() if len(days) == 1 else ""


def _best(text: str, *, sample: bool) -> tuple[str, list[list[str]], Columns] | None:
    """The delimiter under which a text is a table of speech, its rows and columns; of a sample, or of all of it."""
    head = text[: 64 * 1024]
    lines = [line for line in head.split("\n") if line.strip()]
    barred = sum(line.lstrip().startswith("|") for line in lines) > 0.8 * len(lines)
    for delimiter in _DELIMITERS:
        if sum(delimiter in line for line in lines[:50]) < 0.5 * min(len(lines), 50) or (
            delimiter == "|" and not barred
        ):
            continue
        try:
            rows = _parse(head, delimiter, _SAMPLE, len(text) > len(head))
        except TranscriptParseError:  # of a sample cut within quotes; the whole is read before anything is refused
            continue
        columns = find_columns(rows)
        if columns is None:
            continue
        if sample:
            return delimiter, rows, columns
        rows = _parse(text, delimiter, _MAX_ROWS + 1, False)
        if len(rows) > _MAX_ROWS:
            raise TranscriptParseError(f"The table has more than {_MAX_ROWS:,} rows; split the file.")
        columns = find_columns(rows)
        if columns is not None:
            return delimiter, rows, columns
    return None


def _parse(text: str, delimiter: str, limit: int, cut: bool) -> list[list[str]]:
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    try:
        rows = [row for row in islice(reader, limit) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise TranscriptParseError(
            f"The table cannot be read here ({error}); export it again with quotes around the words.", reader.line_num
        ) from error
    if cut and rows:
        rows.pop()  # the last row of a sample may be half a row
    if delimiter == "|":
        rows = [row[1:-1] if not row[-1].strip() else row[1:] for row in rows if row and not row[0].strip()]
        rows = [row for row in rows if not all(set(cell.strip()) <= set("-:") for cell in row)]
    return rows


READERS = (Tables(),)
