"""Capex of the five large AI builders by year: the one baseline that every calculator starts from.

To 2026 it is what companies filed, estimated or guided. Beyond, the only published figure is JPMorgan's $5–7tn (quoted
in the debate); the closed loop's path without a shock adds up to 5.3 and gives the years, so scenario, fleet and map
speak of the same build-out. JPMorgan counts every builder; the five are most of it.

Path without a source of its own: 620 and 680 for 2027–28 exist only to reproduce Burry's unpublished one, and stand in
`BURRY_CAPEX`.

    >>> [AI_CAPEX[year] for year in (2023, 2026, 2027, 2028)]
    [156.0, 550.0, 1000.0, 1254.0]
"""

from __future__ import annotations

LAST_GUIDED = 2026

_RECORD = {
    2017: 50.0, 2018: 75.0, 2019: 80.0, 2020: 105.0, 2021: 135.0, 2022: 160.0,
    2023: 156.0, 2024: 261.0, 2025: 420.0, LAST_GUIDED: 550.0,
}  # fmt: skip
# USD bn a year; from 2027 capex_cycle's default path without a shock, to the billion (a test holds the two together)
AI_CAPEX: dict[int, float] = {**_RECORD, 2027: 1000.0, 2028: 1254.0, 2029: 1279.0, 2030: 1244.0}
AI_CAPEX_SOURCE = (
    "five firms: 2023 Form 10-K, 2024 V:MS, 2025 V:LUM, 2026 V:CNBC, earlier assumed; 2027–30 the cycle model without "
    "a shock, inside JPMorgan's 5–7tn (V:JPM)"
)

BURRY_CAPEX: dict[int, float] = {**_RECORD, 2027: 620.0, 2028: 680.0}
BURRY_SOURCE = "path assumed to reproduce Burry's claim: 2024 V:MS; 2025 V:LUM; 2026 V:CNBC; other years assumed"
