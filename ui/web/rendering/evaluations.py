"""Saved evaluation runs: a table to choose from, and the chosen run's figures or its own page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from ui.web.evaluations import Run
from ui.web.rendering.markup import both, labelled, text

_SHOWN = (
    ("success", "答对", "Answered right"),
    ("quote_recall", "引文召回", "Quote recall"),
    ("quote_precision", "引文精确", "Quote precision"),
    ("abstention_f1", "拒答 F1", "Abstention F1"),
    ("calculator_value", "计算正确", "Calculations right"),
    ("latency_p50_ms", "中位时延 ms", "Median latency, ms"),
)


def runs_table(runs: Sequence[Run]) -> str:
    """All runs, the latest first."""
    if not runs:
        return (
            f'<div class="sheet"><h2>{both("评测报告", "Evaluation reports")}</h2><p class="empty">'
            f"{both('还没有保存的评测。运行:', 'No saved evaluation yet. Run: ')}<code>debate eval run</code></p></div>"
        )
    shown = [row for row in _SHOWN if any(row[0] in run.measures for run in runs)]
    heads = "".join(f'<th scope="col">{both(zh, en)}</th>' for _, zh, en in shown)
    rows = "".join(_row(run, [name for name, _, _ in shown]) for run in runs)
    return (
        f'<div class="sheet"><h2>{both("评测报告", "Evaluation reports")}</h2>'
        f'<p class="notice">{both("全部问题的数值,括号内为留出测试集。", "Over all questions; in brackets, over the held-out test split.")}</p>'
        f'<div class="scroll" tabindex="0" role="region" {labelled("评测列表", "Evaluation runs")}><table class="runs"><thead><tr>'
        f'<th scope="col">{both("系统", "System")}</th><th scope="col">{both("版本", "Revision")}</th>'
        f'<th scope="col">{both("时间", "When")}</th><th scope="col">{both("问题数", "Questions")}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></div>"
        f'<div class="sheet" id="report" hidden><iframe title="{text("评测报告 / Evaluation report")}" sandbox="" '
        'referrerpolicy="no-referrer"></iframe><div id="report-figures"></div></div>'
    )


def _row(run: Run, names: Sequence[str]) -> str:
    cells = []
    for name in names:
        whole, test = run.measures.get(name), run.held_out.get(name)
        inside = f" <small>({_figure(name, test[0])})</small>" if test else ""
        cells.append(f"<td>{_figure(name, whole[0]) if whole else '–'}{inside}</td>")
    address = f"/web/reports/{quote(run.system)}/{quote(run.revision)}" if run.page else ""
    figures = "".join(
        f"<tr><th>{text(name)}</th><td>{_figure(name, value)}</td><td>{_interval(name, low, high)}</td></tr>"
        for name, (value, low, high) in run.measures.items()
    )
    kept = f"<template><table>{figures}</table></template>"
    why = f"<br><small>{text(run.unavailable)}</small>" if run.unavailable else ""
    return (
        f'<tr><th scope="row"><button type="button" class="quiet" data-do="report" data-page="{text(address)}">{text(run.system)}</button>{kept}{why}</th>'
        f"<td><code>{text(run.revision)}</code></td><td>{text(run.started[:16].replace('T', ' '))}</td><td>{run.questions}</td>{''.join(cells)}</tr>"
    )


def _interval(name: str, low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{_figure(name, low)} – {_figure(name, high)}"


def _figure(name: str, value: float) -> str:
    return f"{value:,.1f}" if name.endswith("_ms") or abs(value) > 1.5 else f"{100 * value:.1f}%"
