"""A calculation as a spreadsheet: four sheets with live formulas, as an XLSX file or as CSV.

Inputs: every input with value, unit, origin and source, an input nobody gave as an empty cell. Calc: the outputs, each
a formula over the cells of Inputs where the declaration states one, else the model's value, and which of the two it
is. Sources: the equation, what each input rests on, quotes with speaker and sentence, remarks. Sensitivity: the
headline at steps below and above each numeric input, live where the headline is.

The formulas are the declarations'; the values stored beside them are the trace's, for readers that do not compute.

    >>> from assistant.calculators.trace import run
    >>> made = sheets(run("part_of", {"whole": 30.0, "share": 0.2}), "en")
    >>> [sheet.title for sheet in made], made[1].rows[1][2].formula
    (['Inputs', 'Calc', 'Sources', 'Sensitivity'], '=Inputs!$C$3*Inputs!$C$4')
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from assistant.calculators.declaration import Calculator, InputField, Language
from assistant.calculators.registry import calculator
from assistant.calculators.sources import citation
from assistant.calculators.trace import CalculationTrace, Origin, computed, replay, validated, values_of
from assistant.errors import CalculatorInputError

STEPS = (-0.2, -0.1, 0.0, 0.1, 0.2)  # of an input's value; they stand in the sheet's first row and may be changed there
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

_STEP_DRAWS = 4_000
_TITLES = {"zh": ("输入", "计算", "来源", "敏感性"), "en": ("Inputs", "Calc", "Sources", "Sensitivity")}
_WIDTHS = (  # of the columns of each sheet, in characters
    (32, 14, 16, 16, 14, 70),
    (36, 14, 18, 16, 50),
    (20, 60, 60, 18, 12, 60),
    (32, 36, 30, 14, 14, 14, 14, 14),
)
_WORDS: dict[str, tuple[str, str]] = {
    "input": ("输入项", "Input"), "item": ("分项", "Item"), "value": ("数值", "Value"), "unit": ("单位", "Unit"),
    "origin": ("来源", "Origin"), "source": ("出处", "Source"), "result": ("结果", "Result"), "how": ("算法", "How"),
    "kind": ("类别", "Kind"), "text": ("内容", "Text"), "quote": ("原话", "Quote"), "speaker": ("发言人", "Speaker"),
    "sentence": ("句子", "Sentence"), "live": ("公式", "formula"),
    "stated": ("模型算出的数值,不随输入重算", "value computed by the model; it does not follow the inputs"),
    "user": ("提问者给出", "yours"), "from_quote": ("原话", "quote"), "default": ("默认值", "default"),
    "carried": ("沿用上文", "carried over"), "none": ("未给出", "not given"), "equation": ("公式", "Equation"),
    "remark": ("说明", "Note"), "transcript": ("辩论中说", "Said in the debate"), "filing": ("披露数据", "On file"),
    "warning": ("注意", "Careful"), "true": ("是", "yes"), "false": ("否", "no"),
    "refused": ("超出范围", "outside the range"), "calculation": ("计算", "Calculation"),
}  # fmt: skip
_NAME = re.compile(r"\{([a-z][a-z0-9_]*)(\.keys)?\}")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONGEST = 32_000  # characters; a cell of the format holds 32,767


class Cell(NamedTuple):
    """One cell: its value, the formula that gives it ("" for none), and whether a fraction is shown as per cent."""

    value: str | float | bool | None
    formula: str = ""
    share: bool = False


class Sheet(NamedTuple):
    """A sheet: its title and its rows, the first of them the header."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Hooks:
    """What only a door knows: how it cites a source, names a unit, and finds the sentence of a speaker's words."""

    cite: Callable[[str], str] = citation
    unit: Callable[[str], str] = str
    place: Callable[[str, str], str] = lambda words, speaker: ""


def sheets(trace: CalculationTrace, language: Language, hooks: Hooks = Hooks()) -> tuple[Sheet, ...]:
    """The four sheets of a calculation.

    A trace of an older version of its calculator, which gives other results today, is stated in values alone.

    Raises:
        CalculatorInputError: the calculator is gone or no longer takes these arguments.
    """
    declared = calculator(trace.calculator)
    return tuple(_Workbook(declared, trace, language, hooks).made())


def xlsx(made: Sequence[Sheet]) -> bytes:
    """Sheets as the bytes of a workbook: text as text, formulas with the values they have."""
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    plain, share = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"num_format": "0.0###%"})
    share.set_align("top")
    head = book.add_format({"bold": True, "bottom": 1})
    head_share = book.add_format({"bold": True, "bottom": 1, "num_format": "0%"})
    for sheet, widths in zip(made, _WIDTHS, strict=True):
        page = book.add_worksheet(sheet.title)
        page.freeze_panes(1, 1)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        for row, cells in enumerate(sheet.rows):
            for column, cell in enumerate(cells):
                style = (head_share if cell.share else head) if row == 0 else share if cell.share else plain
                _put(page, row, column, cell, style)
    book.close()
    return held.getvalue()


def csv_text(made: Sequence[Sheet]) -> str:
    """Sheets as CSV of values, each row behind its sheet's title; a byte order mark, by which Excel reads Chinese."""
    held = io.StringIO()
    writer = csv.writer(held)
    for sheet in made:
        for cells in sheet.rows:
            writer.writerow([sheet.title, *("" if cell.value is None else _written(cell.value) for cell in cells)])
    return "\ufeff" + held.getvalue()


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula: what begins like one stands behind an apostrophe."""
    text = text.encode("utf-8", "replace").decode()[:_LONGEST]
    return f"'{text}" if text.startswith(_RISKY) else text


def _put(page: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if cell.formula:
        page.write_formula(row, column, cell.formula, style, "" if cell.value is None else cell.value)
    elif cell.value is None or cell.value == "":
        page.write_blank(row, column, None, style)
    elif isinstance(cell.value, bool):
        page.write_boolean(row, column, cell.value, style)
    elif isinstance(cell.value, str):
        page.write_string(row, column, cell.value, style)
    else:
        page.write_number(row, column, cell.value, style)


def _written(value: str | float | bool) -> str | float:
    return str(value).upper() if isinstance(value, bool) else value


def _text(text: str) -> Cell:
    return Cell(safe(text))


def _key(key: str | int) -> Cell:
    return Cell(key) if isinstance(key, int) else _text(key)


class _Workbook:
    """The sheets of one trace under way; knows where each input and output stands."""

    def __init__(self, declared: Calculator[Any], trace: CalculationTrace, language: Language, hooks: Hooks) -> None:
        self.declared, self.trace, self.language, self.hooks = declared, trace, language, hooks
        self.titles = _TITLES[language]
        self.values = values_of(trace)
        self.inputs = validated(declared, self.values)
        current = replay(trace)
        written = {
            name: text if isinstance(text, str) else text(self.inputs) for name, text in declared.formulas.items()
        }
        self.formulas = {name: text for name, text in written.items() if text and current}
        self.current = current
        self.input_rows: dict[str, tuple[int, int]] = {}  # first and last row in Inputs, from 1
        self.output_rows: dict[str, int] = {}  # row in Calc, from 1

    def made(self) -> Iterator[Sheet]:
        """The sheets in order; the later ones refer to the places of the earlier."""
        pages = (self._inputs, self._calc, self._sources, self._sensitivity)
        for title, page in zip(self.titles, pages, strict=True):
            yield Sheet(title, tuple(tuple(row) for row in page()))

    def _word(self, key: str) -> str:
        zh, en = _WORDS[key]
        return zh if self.language == "zh" else en

    def _head(self, *keys: str) -> list[Cell]:
        return [Cell(self._word(key)) for key in keys]

    def _number(self, value: Any, unit: str) -> Cell:
        if isinstance(value, str):
            return _text(value)
        return Cell(value, share=unit == "fraction" and not isinstance(value, bool))

    # ── Inputs ──

    def _inputs(self) -> Iterator[list[Cell]]:
        yield self._head("input", "item", "value", "unit", "origin", "source")
        row = 2
        for field in self.declared.fields:
            if field.slot.complement:
                continue
            items = list(_items(self.values[field.name])) or [("", None)]
            self.input_rows[field.name] = (row, row + len(items) - 1)
            unit = self.declared.unit_of(field, self.inputs)
            origin, source = self._origin(field)
            for key, value in items:
                where = (_text(self.hooks.unit(unit)), _text(origin), _text(source))
                yield [_text(field.label[self.language]), _key(key), self._number(value, unit), *where]
                row += 1

    def _origin(self, field: InputField) -> tuple[str, str]:
        """Where an input came from, as a kind and in detail."""
        found = next((a.origin for a in self.trace.arguments if a.name == field.name), None)
        if found is None:
            return self._word("none"), ""
        if found.kind == "quote":
            return self._word("from_quote"), " · ".join(filter(None, (found.speaker, self._sentence(found))))
        detail = found.source or found.read
        return self._word(found.kind), self.hooks.cite(detail) if found.kind == "default" else detail

    def _sentence(self, origin: Origin) -> str:
        return origin.sentence_id or self.hooks.place(origin.quote, origin.speaker)

    # ── Calc ──

    def _calc(self) -> Iterator[list[Cell]]:
        yield self._head("result", "item", "value", "unit", "how")
        row = 2
        for result in self.trace.outputs:  # every place first, so that an output may refer to a later one
            self.output_rows[result.name] = row
            row += len(list(_items(result.value))) or 1
        for result in self.trace.outputs:
            formula = self.formulas.get(result.name, "")
            share = result.unit == "fraction"
            for key, value in list(_items(result.value)) or [("", None)]:
                cell = self._number(value, result.unit)
                if formula:
                    value = value if value is not None else ""
                    cell = Cell(value, f"={_NAME.sub(self._reference, formula)}", share)
                how = Cell(self._word("live" if formula else "stated"))
                yield [_text(result.label[self.language]), _key(key), cell, _text(self.hooks.unit(result.unit)), how]

    def _reference(self, match: re.Match[str]) -> str:
        """The cell or the range that a name in a formula means."""
        name, keys = match[1], match[2]
        if name in self.input_rows:
            first, last = self.input_rows[name]
            column = "B" if keys else "C"
            many = self.declared.field(name).kind in ("list", "series", "amounts", "flows")
            end = f":${column}${last}" if many else ""
            return f"{self._sheet(0)}!${column}${first}{end}"
        return f"{self._sheet(1)}!$C${self.output_rows[name]}"

    def _sheet(self, number: int) -> str:
        title = self.titles[number]
        return title if title.isascii() else f"'{title}'"

    # ── Sources ──

    def _sources(self) -> Iterator[list[Cell]]:
        yield self._head("kind", "text", "quote", "speaker", "sentence", "source")
        language, trace = self.language, self.trace
        yield self._source("calculation", f"{trace.title[language]}: {trace.summary[language]}")
        yield self._source("equation", trace.equation, source=self.hooks.cite(self.declared.source))
        for argument in trace.arguments:
            origin, label = argument.origin, argument.label[language]
            if origin.kind == "quote":
                yield self._source(
                    "from_quote", label, origin.quote, origin.speaker, self._sentence(origin), origin.source
                )
            elif origin.kind == "default":
                yield self._source("default", label, source=self.hooks.cite(origin.source))
            elif origin.read or origin.source:
                yield self._source(origin.kind, label, source=" · ".join(filter(None, (origin.read, origin.source))))
        for note in trace.notes:
            sentence = self.hooks.place(note.quote, note.speaker) if note.quote else ""
            source = self.hooks.cite(note.source) if note.source else ""
            yield self._source(note.kind, note.text[language], note.quote, note.speaker, sentence, source)

    def _source(
        self, kind: str, text: str, quote: str = "", speaker: str = "", sentence: str = "", source: str = ""
    ) -> list[Cell]:
        words = f"“{quote}”" if quote else ""
        return [Cell(self._word(kind)), *map(_text, (text, words, speaker, sentence, source))]

    # ── Sensitivity ──

    def _sensitivity(self) -> Iterator[list[Cell]]:
        """Two rows an input: what it is at each step, and what the headline is there."""
        yield [*self._head("input", "item", "how"), *(Cell(step, share=True) for step in STEPS)]
        base = self.trace.value(self.declared.headline)
        if not self.current or not _is_number(base):
            return
        headline = self.declared.output(self.declared.headline)
        live = bool(self._inlined(headline.name, {}))
        how = Cell(self._word("live") if live else self._word("stated") + self._fewer_draws())
        share = self.declared.unit_of(headline, self.inputs) == "fraction"
        row = 2
        for field in self.declared.fields:
            value = self.values[field.name]
            if field.name not in self.input_rows or not _stepped(field, value):
                continue
            inputs, results = [], []
            for column, step in zip("DEFGH", STEPS, strict=True):
                taken, formula = self._step(field, value, step, column)
                result = self._headline_at(field.name, taken)
                then = self._inlined(headline.name, {field.name: f"{column}${row}"}) if live else ""
                inputs.append(Cell(taken, formula if live else "", field.unit == "fraction"))
                if result is None:
                    results.append(Cell(self._word("refused")))
                else:
                    results.append(Cell(result, f"={then}" if live else "", share))
            label = _text(field.label[self.language])
            yield [label, Cell(self._word("input")), how, *inputs]
            yield [label, _text(headline.label[self.language]), how, *results]
            row += 2

    def _step(self, field: InputField, value: float, step: float, column: str) -> tuple[float, str]:
        """An input at one step, and the formula of it; whole numbers stay whole."""
        formula = f"{self._sheet(0)}!$C${self.input_rows[field.name][0]}*(1+{column}$1)"
        if field.kind == "integer":
            return math.floor(value * (1 + step) + 0.5), f"=ROUND({formula},0)"
        return value * (1 + step), f"={formula}"

    def _inlined(self, output: str, moved: Mapping[str, str]) -> str:
        """An output's formula over inputs alone, those in `moved` in other cells; "" where it rests on a value."""
        if output not in self.formulas:
            return ""
        parts: dict[str, str] = {}
        for match in _NAME.finditer(self.formulas[output]):
            name = match[1]
            if name in self.input_rows:
                parts[match[0]] = moved.get(name) or self._reference(match)
            elif inner := self._inlined(name, moved):
                parts[match[0]] = f"({inner})"
            else:
                return ""
        return _NAME.sub(lambda match: parts[match[0]], self.formulas[output])

    def _headline_at(self, name: str, value: float) -> float | None:
        """The headline with one input at another value; None where the calculator refuses it or has no number."""
        draws = {field.name: self._draws(field) for field in self.declared.fields if field.unit == "draws"}
        try:
            inputs = validated(self.declared, {**self.values, **draws, name: value})
            result = computed(self.declared, inputs)[self.declared.headline]
        except CalculatorInputError:
            return None
        return float(result) if _is_number(result) else None  # type: ignore[arg-type]

    def _draws(self, field: InputField) -> int:
        """How many draws a step takes: fewer, for there are dozens of steps."""
        return min(int(self.values[field.name]), _STEP_DRAWS)

    def _fewer_draws(self) -> str:
        """What is said where a step takes fewer draws than the calculation did."""
        field = next((f for f in self.declared.fields if f.unit == "draws"), None)
        if field is None or self._draws(field) == self.values[field.name]:
            return ""
        return f" ({field.label[self.language]}: {self._draws(field)})"


def _items(value: Any) -> Iterator[tuple[str | int, Any]]:
    """The rows of a value: one for a number, else one an item with its place, year, name or "payer → receiver"."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield (int(key) if str(key).isdecimal() else str(key)), item
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value, start=1):
            if isinstance(item, list | tuple):
                yield f"{item[0]} → {item[1]}", item[2]
            else:
                yield place, item
    else:
        yield "", value


def _stepped(field: InputField, value: Any) -> bool:
    """Whether a share more or less of an input means something: not of a date, a seed or a count of draws, nor of 0."""
    if not _is_number(value) or value == 0:
        return False
    return field.kind == "number" or (field.kind == "integer" and field.unit not in ("", "draws"))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
