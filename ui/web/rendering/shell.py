"""The page around everything: head, header, and the empty chat."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.knowledge.tables import Tables
from corpus.library import Debate
from ui.web.rendering.cast import Cast
from ui.web.rendering.markup import both, labelled, text
from ui.web.rendering.suggestions import openers
from ui.web.rendering.tracks import headline, tracks


def header(debate: Debate, cast: Cast, debates: Sequence[tuple[str, str]] = (), shown: str = "") -> str:
    """Title, facts and the page's own controls.

    Args:
        debates: name and title of each debate that can be opened, ``shown`` among them.
    """
    transcript = debate.transcript
    date = re.search(r"\d{4}-\d{2}-\d{2}", transcript.id)
    facts_zh = [f"{len(transcript.speakers)} 位发言人", f"{len(transcript.turns)} 段发言"]
    facts_en = [f"{len(transcript.speakers)} speakers", f"{len(transcript.turns)} turns"]
    if date:
        facts_zh.insert(0, date[0])
        facts_en.insert(0, date[0])
    return (
        f'<header class="bar"><button type="button" class="tool" data-do="sidebar" aria-expanded="true" '
        f"{labelled('对话列表', 'Conversations')}>☰</button>"
        f'<div class="brand">{_switcher(cast.label(transcript.title or transcript.id), debates, shown, cast)}'
        f"<p>{both(' · '.join(facts_zh), ' · '.join(facts_en))}</p></div>"
        f'<button type="button" class="tool only-narrow" data-do="open-script">{both("原文", "Text")}</button>'
        f'<details class="menu" id="export-menu"><summary class="tool">{both("导出", "Export")}</summary>'
        f'<div><a data-do="export" data-format="md" href="#export">Markdown</a>'
        f'<a data-do="export" data-format="json" href="#export">JSON</a>'
        f'<a data-do="feedback-export" href="/web/feedback.jsonl" download>{both("我的反馈", "My feedback")}</a></div></details>'
        f'<button type="button" class="tool" data-do="language" lang="en" '
        f'{labelled("Switch to English", "切换到中文")}><span class="zh">EN</span><span class="en">中</span></button>'
        f'<button type="button" class="tool" data-do="theme" {labelled("深色或浅色", "Dark or light")}>◐</button></header>'
    )


def _switcher(title: str, debates: Sequence[tuple[str, str]], shown: str, cast: Cast) -> str:
    """The title, which opens the list of debates."""
    rows = "".join(
        f'<a data-do="debate" data-debate="{text(name)}" href="?debate={text(name)}"{" aria-current=true" if name == shown else ""}>'
        f"{cast.label(told)}</a>"
        for name, told in debates
    )
    return (
        f'<details class="menu debates"><summary><h1>{title}</h1> <span aria-hidden="true">▾</span></summary><div>{rows}'
        f'<a data-do="add" href="?tab=add">+ {both("加一场辩论", "Add a debate")}</a></div></details>'
    )


def welcome(debate: Debate, cast: Cast, tables: Tables) -> str:
    """What an empty chat shows: where voices part, who stands where, and questions to begin with."""
    people = "".join(
        f'<span class="pill {m.css}"><i aria-hidden="true"></i>{cast.shown(name)}</span>'
        for name, m in cast.members.items()
    )
    asked = "".join(
        f'<button type="button" class="next" data-do="ask" data-question-zh="{text(o.zh)}" data-question-en="{text(o.en)}">'
        f"{both(o.zh, o.en)}</button>"
        for o in openers(debate, tables, 4)
    )
    lead = both(
        "问谁说了什么、分歧在哪、数字出自谁。每句引文逐字来自文字稿。",
        "Ask who said what, where they part, whose figure it is. Every quote is verbatim from the transcript.",
    )
    title = both("就这场辩论提问", "Ask this debate")
    return (
        f'<div class="welcome"><h2>{title}</h2><p>{lead}</p>{headline(debate)}<p class="people">{people}</p>'
        f'<div class="offers">{asked}</div>{tracks(debate, cast, tables)}</div>'
    )


def dress(page: bytes, nonce: str, head: str) -> bytes:
    """Gradio's page with our head in it and nonces on its inline scripts, without its remote addresses."""
    html = page.decode("utf-8")
    html = re.sub(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*', "", html)
    html = re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', html)
    html = html.replace('lang="en"', 'lang="zh-CN"', 1)
    return html.replace("</head>", f"{head}</head>", 1).encode("utf-8")
