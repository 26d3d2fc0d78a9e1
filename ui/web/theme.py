"""Colours and fonts of the page as a gradio theme: system fonts only, so that nothing is fetched from elsewhere."""

from __future__ import annotations

from gradio.themes import Base, colors

# system-ui comes late: where it is a font without Chinese, one line would mix two designs.
SANS = (
    "-apple-system", "BlinkMacSystemFont", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
    "Source Han Sans SC", "system-ui", "sans-serif",
)  # fmt: skip
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Noto Sans Mono CJK SC", "monospace")


def theme() -> Base:
    """Ground #f6f7f9 / #0d1117, accent #2553d8."""
    made = Base(primary_hue=colors.blue, neutral_hue=colors.slate, font=list(SANS), font_mono=list(MONO))
    return made.set(
        body_background_fill="#f6f7f9",
        body_background_fill_dark="#0d1117",
        block_background_fill="#ffffff",
        block_background_fill_dark="#161b22",
        button_primary_background_fill="#2553d8",
        button_primary_background_fill_dark="#3b66e0",
        button_primary_text_color="#ffffff",
        block_border_width="0px",
        block_shadow="none",
    )
