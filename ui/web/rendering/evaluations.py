"""Saved evaluation runs: a table to choose from, and the chosen run's figures or its own page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from ui.web.evaluations import Run
from ui.web.rendering.markup import both, labelled, text

_SHOWN = ("success", "quote_recall", "quote_precision", "abstention_f1", "calculator_value", "latency_p50_ms")
_NAMES = {
    "success": ("答对", "Answered right"),
    "quote_recall": ("引文召回", "Quote recall"),
    "quote_hit": ("至少命中一条", "Hit any quote"),
    "quote_precision": ("引文精确", "Quote precision"),
    "quotes_given": ("每答引文数", "Quotes per answer"),
    "verbatim": ("逐字", "Verbatim"),
    "speaker": ("说话人正确", "Right speaker"),
    "abstention_recall": ("拒答召回", "Abstention recall"),
    "abstention_precision": ("拒答精确", "Abstention precision"),
    "abstention_f1": ("拒答 F1", "Abstention F1"),
    "false_abstention": ("误拒答", "False abstentions"),
    "recall_at_1": ("检索召回@1", "Recall@1"),
    "recall_at_5": ("检索召回@5", "Recall@5"),
    "recall_at_10": ("检索召回@10", "Recall@10"),
    "recall_at_20": ("检索召回@20", "Recall@20"),
    "reciprocal_rank": ("倒数排名", "Reciprocal rank"),
    "ndcg_at_10": ("nDCG@10", "nDCG@10"),
    "brier": ("布里尔分数", "Brier score"),
    "relevance": ("切题", "Relevance"),
    "faithfulness": ("有据", "Faithfulness"),
    "follow_up": ("追问答对", "Follow-ups right"),
    "follow_up_loss": ("追问损失", "Follow-up loss"),
    "rewriting": ("改写正确", "Rewritten right"),
    "facts": ("要点齐全", "Facts given"),
    "calculator_tool": ("选对计算器", "Right calculator"),
    "calculator_arguments": ("输入正确", "Right inputs"),
    "calculator_value": ("计算正确", "Calculations right"),
    "calculator_spurious": ("多余计算", "Needless calculations"),
    "calculator_refusal": ("该拒则拒", "Refused where due"),
    "latency_p50_ms": ("中位时延 ms", "Median latency, ms"),
    "latency_p95_ms": ("95 分位时延 ms", "95th-percentile latency, ms"),
    "error": ("出错", "Errors"),
    "cost_usd": ("费用(美元)", "Cost, USD"),
}
_NUMBERS = {"latency_p50_ms": 1, "latency_p95_ms": 1, "quotes_given": 2, "brier": 3, "cost_usd": 4}  # no shares: digits


def runs_table(runs: Sequence[Run]) -> str:
    """All runs, the latest first."""
    if not runs:
        return (
            f'<div class="sheet"><h2>{both("评测报告", "Evaluation reports")}</h2><p class="empty">'
            f"{both('还没有保存的评测。运行:', 'No saved evaluation yet. Run: ')}<code>debate eval run</code></p></div>"
        )
    shown = [name for name in _SHOWN if any(name in run.measures for run in runs)]
    heads = "".join(f'<th scope="col">{_name(name)}</th>' for name in shown)
    rows = "".join(_row(run, shown) for run in runs)
    return (
        f'<div class="sheet"><h2>{both("评测报告", "Evaluation reports")}</h2>'
        f'<p class="notice">{both("全部问题的数值,其下括号内为留出测试集;点系统名看全部指标。", "Over all questions, and beneath in brackets over the held-out test split; a click on a system shows every measure.")}</p>'
        f'<div class="scroll" tabindex="0" role="region" {labelled("评测列表", "Evaluation runs")}><table class="runs"><thead><tr>'
        f'<th scope="col">{both("系统与版本", "System, revision")}</th><th scope="col">{both("时间", "When")}</th>'
        f'<th scope="col">{both("问题数", "Questions")}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></div>"
        f'<div class="sheet" id="report" hidden><iframe title="{text("评测报告 / Evaluation report")}" sandbox="" '
        'referrerpolicy="no-referrer"></iframe><div id="report-figures"></div></div>'
    )


def _row(run: Run, names: Sequence[str]) -> str:
    cells = []
    for name in names:
        whole, test = run.measures.get(name), run.held_out.get(name)
        inside = f"<br><small>({_figure(name, test[0])})</small>" if test else ""
        cells.append(f"<td>{_figure(name, whole[0]) if whole else '–'}{inside}</td>")
    address = f"/web/reports/{quote(run.system)}/{quote(run.revision)}" if run.page else ""
    columns = "".join(
        f'<th scope="col">{both(zh, en)}</th>'
        for zh, en in (("指标", "Measure"), ("全部问题", "All questions"), ("95% 区间", "95% interval"),
                       ("留出测试集", "Held-out test split"), ("95% 区间", "95% interval"))
    )  # fmt: skip
    figures = "".join(
        f'<tr><th scope="row">{_name(name)}</th>{_cells(name, whole)}{_cells(name, run.held_out.get(name))}</tr>'
        for name, whole in run.measures.items()
    )
    title = f"<h2>{text(run.system)} · <code>{text(run.revision)}</code></h2>"
    kept = f'<template>{title}<table class="figures"><thead><tr>{columns}</tr></thead><tbody>{figures}</tbody></table></template>'
    why = f"<br><small>{text(run.unavailable)}</small>" if run.unavailable else ""
    date, _, time = run.started[:16].partition("T")
    return (
        f'<tr><th scope="row"><button type="button" class="quiet" data-do="report" data-page="{text(address)}">{text(run.system)}</button>'
        f"{kept}<br><code>{text(run.revision)}</code>{why}</th><td>{text(date)}<br>{text(time)}</td><td>{run.questions}</td>{''.join(cells)}</tr>"
    )


def _name(measure: str) -> str:
    """A measure's title; one we have none for is called as the report calls it."""
    zh, en = _NAMES.get(measure, (measure, measure))
    return both(zh, en)


def _cells(name: str, value: tuple[float, float | None, float | None] | None) -> str:
    if value is None:
        return "<td>–</td><td></td>"
    return f"<td>{_figure(name, value[0])}</td><td>{_interval(name, value[1], value[2])}</td>"


def _interval(name: str, low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{_figure(name, low)} – {_figure(name, high)}"


def _figure(name: str, value: float) -> str:
    return f"{value:,.{_NUMBERS[name]}f}" if name in _NUMBERS else f"{100 * value:.1f}%"
