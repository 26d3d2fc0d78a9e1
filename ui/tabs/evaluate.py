"""Evaluate: the saved reports, read anew whenever the page is opened."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from ui.evaluations import saved_runs
from ui.rendering.evaluations import runs_table


def build(runs: Path | None) -> None:
    """Lay out the tab."""
    gr.HTML(lambda: runs_table(saved_runs(runs)), elem_id="evaluate", apply_default_css=False)
