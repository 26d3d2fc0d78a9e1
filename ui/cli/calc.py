"""`debate calc`: every calculator from the command line, all of it read from the declarations.

debate calc list
debate calc useful_life_change --help
debate calc useful_life_change --cost "300 USD bn" --old-life 5 --new-life 7 --age 2
debate calc useful_life_change --cost 300 --old-life 5 --new-life 7 --age 2 --xlsx change.xlsx --csv change.csv
debate calc validate
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from assistant.calculators.declaration import Calculator, InputField
from assistant.calculators.sources import citation
from assistant.calculators.trace import CalculationTrace, Origin
from ui.errors import UsageError
from ui.inputs import metavar, parse_value
from ui.numbers import format_value
from ui.words import Language

if TYPE_CHECKING:
    from ui.sheet import SheetFormat


def calc(arguments: Sequence[str], language: Language, parser: type[argparse.ArgumentParser], out: TextIO) -> int:
    """Run `debate calc …`.

    Args:
        arguments: what follows `calc`.
        parser: the class whose errors are one sentence and exit 2.

    Raises:
        DebateError: No such calculator, or an input it cannot use.
    """
    from assistant.calculators.registry import calculator, calculators

    if not arguments or arguments[0] in ("-h", "--help"):
        out.write((__doc__ or "") + "\n")
        return 0
    name, rest = arguments[0], arguments[1:]
    if name == "list":
        for known in calculators().values():
            out.write(f"{known.name:<28} {known.title[language]}\n")
        return 0
    if name == "validate":
        return _validate(language, rest, parser, out)
    declared = calculator(name)
    # Fields are named with underscores in schemas; both spellings are options here.
    spelled = [re.sub(r"^--[a-z0-9_]+", lambda m: m[0].replace("_", "-"), argument) for argument in rest]
    return _run(declared, _parser(declared, parser).parse_args(spelled), language, out)


def _parser(declared: Calculator[Any], parser: type[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    made = parser(
        prog=f"debate calc {declared.name}",
        description=f"{declared.title.en} / {declared.title.zh}\n{declared.equation}",
        epilog=_epilog(declared),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    inputs = made.add_argument_group("inputs")
    for field in declared.fields:
        flag = f"--{field.name.replace('_', '-')}"
        inputs.add_argument(flag, dest=f"in_{field.name}", metavar=metavar(field), help=_help(field))
    made.add_argument("--xlsx", metavar="FILE", type=Path, help="also write a workbook with live formulas")
    made.add_argument("--csv", metavar="FILE", type=Path, help="also write the same as CSV of values")
    made.add_argument("--json", action="store_true", help="print the whole trace, charts included, as JSON")
    made.add_argument("--lang", choices=("zh", "en"), help="language of the result (default: the locale's)")
    return made


def _help(field: InputField) -> str:
    parts = [f"{field.label.en} / {field.label.zh}"]
    if field.unit:
        parts.append(f"in {field.unit}")
    if field.kind != "choice":
        parts.append(field.allowed.en)
    if field.required:
        parts.append("required")
    elif field.default is None:
        parts.append("optional")
    else:
        parts.append(f"default {format_value(field.default, field.unit)} ({citation(field.source)})")
    return "; ".join(parts).replace("%", "%%")


def _epilog(declared: Calculator[Any]) -> str:
    lines = ["gives:"]
    for output in declared.outputs:
        unit = f", in {output.unit}" if output.unit else ""
        lines.append(f"  {output.name:<26} {output.label.en} / {output.label.zh}{unit}")
    if declared.examples:
        lines += ["", "questions it answers:", *(f"  {example}" for example in declared.examples)]
    lines += ["", 'A number may carry another unit of the same dimension: --cost "300 USD mn", --tax 25%.']
    return "\n".join(lines)


def _run(declared: Calculator[Any], parsed: argparse.Namespace, language: Language, out: TextIO) -> int:
    from assistant.calculators.trace import run

    values: dict[str, object] = {}
    origins: dict[str, Origin] = {}
    for field in declared.fields:
        text = getattr(parsed, f"in_{field.name}")
        if text is not None:
            values[field.name], unit = parse_value(field, text)
            origins[field.name] = Origin(kind="user", read=text, unit=unit)
    trace = run(declared.name, values, origins)
    _write_sheets(trace, parsed, parsed.lang or language)
    if parsed.json:
        out.write(trace.model_dump_json(indent=2) + "\n")
        return 0
    from ui.calculation import calculation_lines
    from ui.layout import print_lines

    print_lines(calculation_lines(trace, parsed.lang or language), out)
    return 0


def _write_sheets(trace: CalculationTrace, parsed: argparse.Namespace, language: Language) -> None:
    """Write the files that were asked for.

    Raises:
        UsageError: One cannot be written.
    """
    targets: tuple[tuple[SheetFormat, Path | None], ...] = (("xlsx", parsed.xlsx), ("csv", parsed.csv))
    for file_format, target in targets:
        if target is None:
            continue
        from corpus.library import open_debate
        from ui.sheet import sheet_file

        file = sheet_file(trace, file_format, language, open_debate())
        try:
            target.write_bytes(file.content)
        except OSError as error:
            raise UsageError(
                f"Cannot write {target} ({error.strerror}); name another file by --{file_format}."
            ) from error


def _validate(language: Language, arguments: Sequence[str], parser: type[argparse.ArgumentParser], out: TextIO) -> int:
    """Print every validation table, computed now; 1 when a row misses its tolerance."""
    from assistant.calculators.validation import validation_tables
    from ui.layout import Piece, line, print_lines, print_table

    made = parser(prog="debate calc validate", description="Disclosed and published figures against ours.")
    made.add_argument("--json", action="store_true", help="print the tables as JSON")
    made.add_argument("--lang", choices=("zh", "en"), help="language of the titles (default: the locale's)")
    parsed = made.parse_args(arguments)
    tables = validation_tables()
    passed = all(row.passed for table in tables for row in table.rows)
    if parsed.json:
        rows = [
            {
                **table.model_dump(),
                "rows": [{**row.model_dump(), "error": row.error, "passed": row.passed} for row in table.rows],
            }
            for table in tables
        ]
        out.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        return 0 if passed else 1
    language = parsed.lang or language
    for table in tables:
        print_lines([line(Piece(table.title[language], "bold"))], out)
        print_table(
            ["figure", "reference", "ours", "unit", "error", "tolerance", "", "how", "source"],
            [
                [
                    row.name,
                    f"{row.reference:,.4g}",
                    f"{row.ours:,.4g}",
                    row.unit,
                    f"{row.error:+.1%}",
                    "–" if row.tolerance is None else f"±{row.tolerance:.1%}",
                    Piece("", "")
                    if row.tolerance is None
                    else Piece("✓", "green")
                    if row.passed
                    else Piece("✗", "bold red"),
                    row.role,
                    row.source,
                ]
                for row in table.rows
            ],
            out,
        )
        print_lines([*([line(table.remark[language])] if table.remark[language] else []), line()], out)
    keys = dict.fromkeys(key.strip() for table in tables for row in table.rows for key in row.source.split(", "))
    named = {key: citation(key) for key in keys}
    print_lines((line(Piece(f"{key}  ", "bold"), text) for key, text in named.items() if text != key), out)
    return 0 if passed else 1
