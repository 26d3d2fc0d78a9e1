"""Evaluate: the saved reports, read anew whenever the page is opened."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from ui.web.evaluations import saved_runs
from ui.web.rendering.evaluations import runs_table


def build(page: gr.Blocks, runs: Path | None) -> None:
    """Lay out the tab."""
    shown = gr.HTML(elem_id="evaluate", apply_default_css=False)

    def saved() -> str:
        return runs_table(saved_runs(runs))

    page.load(saved, None, shown, queue=False, show_progress="hidden", api_visibility="private")
