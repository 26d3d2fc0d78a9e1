"""Compare: stances side by side, the timeline, the ledger of figures. Made once; the page's script shows and hides."""

from __future__ import annotations

import gradio as gr

from ui.web.conversation import Conversations
from ui.web.rendering.compare import stances
from ui.web.rendering.ledger import ledger
from ui.web.rendering.markup import both
from ui.web.rendering.timeline import timeline


def build(talks: Conversations) -> gr.HTML:
    """Lay out the tab."""
    return gr.HTML(sheets(talks), elem_id="compare", apply_default_css=False)


def sheets(talks: Conversations) -> str:
    """What it shows of a debate."""
    debate, cast, tables = talks.assistant.debate, talks.cast, talks.assistant.tables
    parts = (
        f"<h2>{both('谁站在哪一边', 'Who stands where')}</h2>{stances(debate, cast, tables)}",
        f"<h2>{both('时间线', 'Timeline')}</h2>{timeline(debate, cast)}",
        f"<h2>{both('数字账本', 'Ledger of figures')}</h2>{ledger(debate, cast)}",
    )
    return "".join(f'<section class="sheet">{part}</section>' for part in parts)
