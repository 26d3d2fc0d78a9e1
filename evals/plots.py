"""Small pictures as inline SVG: no script, no outside file, every word escaped.

Each function takes numbers and returns one ``<svg>`` element that scales with its container. Colours come from the
page's CSS variables, so that the pictures follow its light and dark scheme. A value of None is drawn as a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from evals.types import ReliabilityBin

_FONT = 'font-family="system-ui, sans-serif" font-size="12" fill="var(--ink)"'


class Bar(NamedTuple):
    """One bar: a value from 0 to 1 with its interval."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    note: str = ""


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars from 0 to 1 with 95 % intervals as whiskers."""
    left, width, step, top = 150, 300, 24, 8
    height = top + step * len(rows) + 24
    parts = _axis_x(left, width, top, top + step * len(rows))
    for at, row in enumerate(rows):
        y = top + at * step
        middle = y + step / 2
        parts.append(f'<text x="{left - 8}" y="{middle + 4:.1f}" text-anchor="end" {_FONT}>{escape(row.label)}</text>')
        if row.value is None:
            parts.append(f'<text x="{left + 6}" y="{middle + 4:.1f}" {_FONT} opacity="0.6">could not be scored</text>')
            continue
        parts.append(
            f'<rect x="{left}" y="{y + 4}" width="{max(0.0, row.value) * width:.1f}" height="{step - 8}" rx="2" '
            f'fill="var(--bar)"><title>{escape(f"{row.label}: {row.value:.3f} {row.note}")}</title></rect>'
        )
        if row.low is not None and row.high is not None:
            a, b = left + max(0.0, row.low) * width, left + max(0.0, row.high) * width
            parts.append(
                f'<path d="M{a:.1f} {middle:.1f}H{b:.1f}M{a:.1f} {middle - 4:.1f}v8M{b:.1f} {middle - 4:.1f}v8" '
                'stroke="var(--ink)" stroke-width="1.2" fill="none"/>'
            )
        beside = left + max(row.high or 0.0, row.value) * width + 8
        parts.append(f'<text x="{beside:.1f}" y="{middle + 4:.1f}" {_FONT}>{row.value:.2f}</text>')
    return _svg(title, left + width + 50, height, parts)


def reliability_plot(title: str, bins: Sequence[ReliabilityBin]) -> str:
    """Confidence against the share that the debate does answer; the dot's area grows with the number of answers."""
    left, top, side = 46, 10, 260
    parts = _grid(left, top, side, "confidence", "share answerable")
    parts.append(
        f'<path d="M{left} {top + side}L{left + side} {top}" stroke="var(--faint)" stroke-dasharray="4 4" fill="none"/>'
    )
    whole = sum(one.n for one in bins) or 1
    points = [(left + one.confidence * side, top + (1 - one.answerable) * side, one) for one in bins]
    if points:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        parts.append(f'<polyline points="{line}" stroke="var(--bar)" stroke-width="1.5" fill="none"/>')
    for x, y, one in points:
        note = f"{one.n} answers, confidence {one.confidence:.2f}, answerable {one.answerable:.2f}"
        radius = 3 + 14 * (one.n / whole) ** 0.5
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="var(--bar)" fill-opacity="0.7">'
            f"<title>{escape(note)}</title></circle>"
        )
    if not bins:
        parts.append(f'<text x="{left + 20}" y="{top + side / 2}" {_FONT} opacity="0.6">no confidence was given</text>')
    return _svg(title, left + side + 24, top + side + 40, parts)


def curve(title: str, points: Sequence[tuple[str, float | None]], x_label: str) -> str:
    """Values from 0 to 1 at evenly spaced places, as a line with dots."""
    left, top, side = 46, 10, 260
    parts = _grid(left, top, side, x_label, "", x_numbers=False)
    step = side / max(1, len(points) - 1)
    known = [(at, value) for at, (_, value) in enumerate(points) if value is not None]
    drawn = [(left + at * step, top + (1 - value) * side, value) for at, value in known]
    for at, (label, _) in enumerate(points):
        x = left + at * step
        parts.append(f'<text x="{x:.1f}" y="{top + side + 16}" text-anchor="middle" {_FONT}>{escape(label)}</text>')
    if drawn:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in drawn)
        parts.append(f'<polyline points="{line}" stroke="var(--bar)" stroke-width="2" fill="none"/>')
    for x, y, value in drawn:
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="var(--bar)"><title>{value:.3f}</title></circle>')
    return _svg(title, left + side + 24, top + side + 40, parts)


def histogram(title: str, values: Sequence[float], unit: str, bins: int = 24) -> str:
    """How often values occur, in bins of equal width from 0 to the 99th percentile; the rest is in the last bin."""
    left, top, width, height = 46, 10, 300, 180
    ordered = sorted(values)
    if not ordered:
        return _svg(
            title, left + width, 40, [f'<text x="{left}" y="24" {_FONT} opacity="0.6">nothing was timed</text>']
        )
    edge = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))] or 1.0
    counts = [0] * bins
    for value in ordered:
        counts[min(int(value / edge * bins), bins - 1)] += 1
    most = max(counts)
    parts = [f'<path d="M{left} {top + height}h{width}" stroke="var(--faint)"/>']
    for at, count in enumerate(counts):
        tall = height * count / most
        x = left + at * width / bins
        note = f"{at * edge / bins:.1f} to {(at + 1) * edge / bins:.1f} {unit}: {count}"
        parts.append(
            f'<rect x="{x + 0.5:.1f}" y="{top + height - tall:.1f}" width="{width / bins - 1:.1f}" height="{tall:.1f}" '
            f'fill="var(--bar)"><title>{escape(note)}</title></rect>'
        )
    for share in (0.0, 0.5, 1.0):
        label = escape(f"{share * edge:.0f} {unit}")
        x = left + share * width
        parts.append(f'<text x="{x:.1f}" y="{top + height + 16}" text-anchor="middle" {_FONT}>{label}</text>')
    parts.append(f'<text x="{left - 6}" y="{top + 10}" text-anchor="end" {_FONT}>{most}</text>')
    return _svg(title, left + width + 30, top + height + 28, parts)


def _axis_x(left: int, width: int, top: int, bottom: int) -> list[str]:
    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = left + tick * width
        parts.append(f'<path d="M{x:.1f} {top}V{bottom}" stroke="var(--faint)" stroke-width="0.7"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle" {_FONT}>{tick:g}</text>')
    return parts


def _grid(left: int, top: int, side: int, x_label: str, y_label: str, x_numbers: bool = True) -> list[str]:
    parts = [f'<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="none" stroke="var(--faint)"/>']
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = top + (1 - tick) * side
        parts.append(f'<path d="M{left} {y:.1f}h{side}" stroke="var(--faint)" stroke-width="0.5"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" {_FONT}>{tick:g}</text>')
        if x_numbers:
            x = left + tick * side
            parts.append(f'<text x="{x:.1f}" y="{top + side + 16}" text-anchor="middle" {_FONT}>{tick:g}</text>')
    parts.append(
        f'<text x="{left + side / 2}" y="{top + side + 34}" text-anchor="middle" {_FONT}>{escape(x_label)}</text>'
    )
    if y_label:
        parts.append(f'<text x="{left + 6}" y="{top + 16}" {_FONT} opacity="0.7">{escape(y_label)}</text>')
    return parts


def _svg(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )
