"""A run as one HTML file that needs nothing else: tables, plots, and the misses.

Every word that comes from a question, an answer or a system is escaped. Questions of the test split are listed only
when the caller asks for them.

    python -m evals report runs/ours/abc1234
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from evals.measures import MEASURES, Measure, shown
from evals.plots import Bar, bars, curve, histogram, reliability_plot
from evals.scorers.retrieval import DEPTHS
from evals.summary import interval, missed
from evals.types import KINDS, Aggregate, Report

_GROUPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("all", {}),
    ("dev", {"split": "dev"}),
    ("test", {"split": "test"}),
    ("dev 中文", {"split": "dev", "language": "zh"}),
    ("dev English", {"split": "dev", "language": "en"}),
    ("test 中文", {"split": "test", "language": "zh"}),
    ("test English", {"split": "test", "language": "en"}),
    ("singles", {"suite": "singles"}),
    ("conversations", {"suite": "conversations"}),
    ("numeric", {"suite": "numeric"}),
)
_TILES = ("quote_recall", "quote_precision", "abstention_f1", "follow_up_loss", "calculator_value", "latency_p50_ms")
_BY_KIND = ("success", "quote_recall", "quote_precision", "false_abstention")
_STYLE = """
:root{color-scheme:light dark;--ink:#1d2330;--paper:#fbfbf9;--faint:#c9ccd3;--bar:#2f6f9f;--card:#fff;--bad:#a33a2c}
@media(prefers-color-scheme:dark){:root{--ink:#e5e7eb;--paper:#15181d;--faint:#454b57;--bar:#6fb0dd;--card:#1d2128;
--bad:#f0907f}}
*{box-sizing:border-box}body{margin:0 auto;max-width:1180px;padding:24px 20px 60px;background:var(--paper);
color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;margin:36px 0 10px}
h3{font-size:14px;margin:0 0 6px}.meta{opacity:.75;margin:0 0 18px}.tiles,.plots{display:flex;flex-wrap:wrap;gap:12px}
.tile,.plot{background:var(--card);border:1px solid var(--faint);border-radius:8px;padding:12px 16px}
.tile b{display:block;font-size:24px}.tile small{opacity:.7;display:block}
.plot svg{max-width:100%;height:auto;display:block}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:4px 9px;border-bottom:1px solid var(--faint);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}td small{opacity:.65;display:block}
li{margin:0 0 10px}li ul{margin:2px 0 0;padding-left:18px}li ul li{margin:0;color:var(--bad);font-size:13px}
code{font-size:12px;opacity:.75}dt{font-weight:600;margin-top:8px}dd{margin:0;opacity:.85}
"""


def render(report: Report, splits: Sequence[str] = ("dev",)) -> str:
    """The page.

    Args:
        splits: Whose questions are listed among the misses.
    """
    title = f"{report.config} at {report.revision}"
    body = [_head(report, title)]
    if report.unavailable:
        body.append(f"<p>This system was not run: {escape(report.unavailable)}</p>")
    else:
        body += [_tiles(report), _table(report), _plots(report), _kinds(report), _misses(report, splits)]
    body.append(_definitions())
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def _head(report: Report, title: str) -> str:
    test = sum(turn.split == "test" for turn in report.turns)
    facts = [
        f"{len(report.turns)} questions, {test} of them in the test split",
        f"started {report.started}",
        report.machine,
        f"opened in {report.opening_s:.2f} s" if report.opening_s is not None else "",
        f"peak memory {report.memory_mb:,.0f} MB" if report.memory_mb is not None else "",
        f"transcript {report.transcript_sha256[:12]}",
    ]
    return f'<h1>{escape(title)}</h1><p class="meta">{escape(" · ".join(fact for fact in facts if fact))}</p>'


def _tiles(report: Report) -> str:
    tiles = []
    for name in _TILES:
        group = {} if MEASURES[name].fold != "ratio" else {"split": "test"}
        found = report.find(name, **group)
        value = shown(name, found.value) if found else "–"
        where = "test split" if group else "all"
        unit = " ms" if MEASURES[name].unit == "ms" else ""
        tiles.append(
            f'<div class="tile">{escape(MEASURES[name].title)}<b>{escape(value)}{unit}</b>'
            f"<small>{where} {escape(interval(found)) if found else ''}</small></div>"
        )
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _table(report: Report) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name, _ in _GROUPS)
    rows = []
    for measure in MEASURES.values():
        cells = [report.find(measure.name, **group) for _, group in _GROUPS]
        if any(cell is not None and cell.value is not None for cell in cells):
            rows.append(f"<tr><td>{_named(measure)}</td>{''.join(_cell(cell) for cell in cells)}</tr>")
    return (
        '<h2>All measures</h2><p class="meta">With 95 % bootstrap intervals; – means that it could not be scored. '
        "↓ marks measures where less is better.</p>"
        f'<div class="scroll"><table><tr><th></th>{head}</tr>{"".join(rows)}</table></div>'
    )


def _kinds(report: Report) -> str:
    head = "".join(
        f"<th>{_named(MEASURES[name])}</th>" for name in (*_BY_KIND, "abstention_recall", "calculator_value")
    )
    rows = []
    for kind in KINDS:
        for split in ("dev", "test"):
            count = sum(turn.kind == kind and turn.split == split for turn in report.turns)
            if not count:
                continue
            cells = "".join(
                _cell(report.find(name, split=split, kind=kind))
                for name in (*_BY_KIND, "abstention_recall", "calculator_value")
            )
            rows.append(f"<tr><td>{escape(kind)} · {split}</td><td>{count}</td>{cells}</tr>")
    return (
        "<h2>By kind of question</h2>"
        f'<div class="scroll"><table><tr><th></th><th>questions</th>{head}</tr>{"".join(rows)}</table></div>'
    )


def _plots(report: Report) -> str:
    drawn = []
    for language, name in (("zh", "中文"), ("en", "English")):
        rows = [_bar(kind, report.find("success", language=language, kind=kind)) for kind in KINDS]
        drawn.append((f"Answered right by kind, {name}", bars(f"Answered right by kind, {name}", rows)))
    tags = sorted({tag for turn in report.turns for tag in turn.tags})
    if tags:
        rows = [_bar(tag, report.find("success", tag=tag)) for tag in tags]
        drawn.append(("Answered right by wording", bars("Answered right by wording", rows)))
    for split, held in report.reliability.items():
        title = f"Reliability of the confidence, {split}"
        drawn.append((title, reliability_plot(title, held)))
    points = [(str(k), _value(report.find(f"recall_at_{k}"))) for k in DEPTHS]
    drawn.append(("Recall@k of the sentences considered", curve("Recall@k", points, "k")))
    times = [s.value for turn in report.turns if (s := turn.scores["latency_ms"]).value is not None]
    drawn.append(("Latency", histogram("Latency", [value for value in times if value is not None], "ms")))
    cells = "".join(f'<div class="plot"><h3>{escape(title)}</h3>{svg}</div>' for title, svg in drawn)
    return f'<h2>Plots</h2><div class="plots">{cells}</div>'


def _misses(report: Report, splits: Iterable[str]) -> str:
    names = ", ".join(splits)
    items = []
    for turn, reasons in missed(report.turns, splits):
        number = f"#{turn.turn}" if turn.conversation else ""
        why = "".join(f"<li>{escape(reason)}</li>" for reason in reasons)
        name = f"<code>{escape(turn.case_id + number)} {escape(turn.kind)}</code>"
        items.append(f"<li>{name} {escape(turn.question)}<ul>{why}</ul></li>")
    return (
        f"<h2>Misses, {escape(names)} split</h2><details>"
        f"<summary>{len(items)} questions fall short in something</summary><ol>{''.join(items)}</ol></details>"
    )


def _definitions() -> str:
    items = "".join(
        f"<dt>{escape(measure.title)} ({escape(measure.unit)})</dt><dd>{escape(measure.definition)}</dd>"
        for measure in MEASURES.values()
    )
    return f"<h2>Definitions</h2><dl>{items}</dl>"


def _named(measure: Measure) -> str:
    down = "" if measure.higher_is_better else " ↓"
    return f'<span title="{escape(measure.definition)}">{escape(measure.title)}{down}</span>'


def _cell(found: Aggregate | None) -> str:
    if found is None or found.value is None:
        return "<td>–</td>"
    return f"<td>{escape(shown(found.measure, found.value))}<small>{escape(interval(found))}</small></td>"


def _bar(label: str, found: Aggregate | None) -> Bar:
    if found is None:
        return Bar(label, None, None, None)
    return Bar(label, found.value, found.low, found.high, f"({found.scored} questions)")


def _value(found: Aggregate | None) -> float | None:
    return found.value if found else None
