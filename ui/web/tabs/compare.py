"""Compare: stances side by side, the timeline, the ledger of figures. Made once; the page's script shows and hides."""

from __future__ import annotations

import gradio as gr

from assistant.knowledge.tables import Tables
from corpus.library import Debate
from ui.web.rendering.cast import Cast
from ui.web.rendering.compare import stances
from ui.web.rendering.ledger import ledger
from ui.web.rendering.markup import both
from ui.web.rendering.timeline import timeline


def build(debate: Debate, cast: Cast, tables: Tables) -> None:
    """Lay out the tab."""
    parts = (
        f"<h2>{both('谁站在哪一边', 'Who stands where')}</h2>{stances(debate, cast, tables)}",
        f"<h2>{both('时间线', 'Timeline')}</h2>{timeline(debate, cast)}",
        f"<h2>{both('数字账本', 'Ledger of figures')}</h2>{ledger(debate, cast)}",
    )
    gr.HTML("".join(f'<section class="sheet">{part}</section>' for part in parts), elem_id="compare",
            apply_default_css=False)  # fmt: skip
