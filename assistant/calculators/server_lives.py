"""What companies disclosed about server lives: capex, changes of life, and the effects they reported.

Capex in USD bn by fiscal year, 2021 on from filings (V:F1), earlier recalled (R hi). AWS is additions to the segment's
property; Meta is additions of server assets derived from balances (±10%). A fiscal year y runs from y to y + 1 on the
model's clock, whatever the calendar. Effects dated after the debate carry †.
"""

from __future__ import annotations

from dataclasses import dataclass

BACKFILL_YEARS = 8


@dataclass(frozen=True)
class Disclosure:
    """One disclosed effect of a change of life on depreciation, USD bn over [start, end); positive is a saving.

    `fitted` rows set the company's one constant; the others are predicted with it. `tolerance` is the relative error a
    row must keep (None: shown for information). `existing_only` counts only assets in service when the window opens, as
    an estimate made beforehand does.
    """

    name: str
    changes: tuple[tuple[float, float], ...]  # (date, life) up to and including the one measured
    start: float
    end: float
    effect: float
    source: str
    fitted: bool = True
    existing_only: bool = False
    tolerance: float | None = 0.05


@dataclass(frozen=True)
class Company:
    """Capex, starting lives by part of the fleet (weight, life), and what was disclosed.

    `growth` back-fills the years before `capex`. `fits` says which constant is fitted: the server share of capex, or
    the life the fleet effectively had before the change.
    """

    name: str
    first_year: int
    capex: tuple[float, ...]
    disclosures: tuple[Disclosure, ...]
    lives: tuple[tuple[float, float], ...] = ((1.0, 3.0),)
    growth: float = 0.15
    fits: str = "share"

    def path(self) -> dict[int, float]:
        """Capex by year, with the earlier years back-filled."""
        earlier = {self.first_year - k: self.capex[0] / (1 + self.growth) ** k for k in range(BACKFILL_YEARS, 0, -1)}
        return earlier | {self.first_year + k: amount for k, amount in enumerate(self.capex)}


_GOOG_21, _GOOG_23 = (2021.0, 4.0), (2023.0, 6.0)
_MSFT_21, _MSFT_23 = (2021.0, 4.0), (2023.0, 6.0)
_ORCL_23, _ORCL_25 = (2023.0, 5.0), (2025.0, 6.0)
_AMZN_20, _AMZN_22, _AMZN_24, _AMZN_25 = (2020.0, 4.0), (2022.0, 5.0), (2024.0, 6.0), (2025.0, 5.0)

ALPHABET = Company(
    "Alphabet",
    2016,
    (10.2, 13.2, 25.1, 23.5, 22.28, 24.64, 31.49, 32.25),
    (
        Disclosure("FY21 3→4", (_GOOG_21,), 2021, 2022, 2.6, "V:F1"),
        Disclosure("FY23 4→6", (_GOOG_21, _GOOG_23), 2023, 2024, 3.9, "V:REG, V:F1"),
        Disclosure(
            "FY23 ex-ante, old assets", (_GOOG_21, _GOOG_23), 2023, 2024, 3.4, "V:DCD", fitted=False, existing_only=True
        ),
        Disclosure("FY23 nine months", (_GOOG_21, _GOOG_23), 2023, 2023.75, 2.9, "V:CW", fitted=False),
        Disclosure("FY23 fourth quarter", (_GOOG_21, _GOOG_23), 2023.75, 2024, 0.983, "V:REG", fitted=False),
    ),
)
MICROSOFT = Company(
    "Microsoft",
    2015,
    (5.9, 8.3, 8.1, 11.6, 13.9, 15.4, 20.6, 23.89, 28.11),
    (
        Disclosure("FY21", (_MSFT_21,), 2021, 2022, 2.7, "V:F1", existing_only=True, tolerance=0.10),
        Disclosure("FY23 4→6", (_MSFT_21, _MSFT_23), 2023, 2024, 3.7, "V:F1", existing_only=True, tolerance=0.10),
    ),
    lives=((0.7, 3.0), (0.3, 2.0)),  # servers 3 years, network equipment 2 years, both to 4 in FY21
)
ORACLE = Company(
    "Oracle",
    2016,
    (1.2, 2.0, 1.7, 1.66, 1.56, 2.14, 4.51, 8.70, 6.87, 21.2),
    (
        Disclosure("FY23 4→5", (_ORCL_23,), 2023, 2024, 0.434, "V:F1", existing_only=True),
        Disclosure("FY25 5→6", (_ORCL_23, _ORCL_25), 2025, 2026, 0.733, "V:F1", existing_only=True),
    ),
    lives=((1.0, 4.0),),
)
AMAZON = Company(
    "Amazon (AWS)",
    2016,
    (5.2, 9.2, 9.8, 13.1, 16.5, 22.0, 27.8, 24.8, 53.3, 96.5),
    (
        Disclosure("2020 3→4", (_AMZN_20,), 2020, 2021, 2.7, "V:F1", tolerance=0.25),
        Disclosure("2022 4→5", (_AMZN_20, _AMZN_22), 2022, 2023, 3.6, "V:F1", tolerance=0.25),
        Disclosure("2024 5→6", (_AMZN_20, _AMZN_22, _AMZN_24), 2024, 2025, 3.2, "V:F1", tolerance=0.25),
        # Only a subset was cut back to 5 years: guided −0.7, −1.4 in the event†; the model cuts the whole fleet.
        Disclosure(
            "2025 6→5, whole fleet against the guided subset",
            (_AMZN_20, _AMZN_22, _AMZN_24, _AMZN_25),
            2025,
            2026,
            -0.7,
            "V:F1",
            fitted=False,
            existing_only=True,
            tolerance=None,
        ),
    ),
)
META_SERVERS = (1.8, 2.4, 3.3, 4.6, 5.0, 5.6, 6.6, 10.5, 14.0, 23.5)
META = Company(
    "Meta",
    2015,
    META_SERVERS,
    (
        # The nine months were known at the debate and set the prior life; the full year came after it and is predicted.
        Disclosure("2025 →5.5, nine months", ((2025.0, 5.5),), 2025, 2025.75, 2.29, "V:LR"),
        Disclosure("2025 →5.5, full year†", ((2025.0, 5.5),), 2025, 2026, 2.92, "V:F2", fitted=False),
    ),
    growth=0.30,
    fits="prior life",
)
META_2022 = Company(
    "Meta",
    2015,
    META_SERVERS,
    (
        # The change came during 2022; the day is taken as mid-year.
        Disclosure(
            "2022 4→5, in 2022",
            ((2022.5, 5.0),),
            2022,
            2023,
            0.86,
            "recalled (medium confidence)",
            fitted=False,
            tolerance=None,
        ),
        # Guided early in 2023, hence for assets already in service.
        Disclosure(
            "2022 4→5, in 2023",
            ((2022.5, 5.0),),
            2023,
            2024,
            1.5,
            "V:DCD",
            fitted=False,
            existing_only=True,
            tolerance=None,
        ),
    ),
    lives=((1.0, 4.0),),
    growth=0.30,
    fits="nothing",
)
COMPANIES = (ALPHABET, MICROSOFT, ORACLE, AMAZON, META, META_2022)

META_SERVER_DEPRECIATION = {2020: 4.38, 2021: 4.94, 2022: 5.29, 2023: 7.32, 2024: 11.34}  # V:SEC-META

# (company, year, effect on depreciation, effect on net income), USD bn, V:F1, V:F2 and V:REG.
NET_INCOME_EFFECTS = (
    ("Alphabet", "FY23", 3.9, 3.0),
    ("Microsoft", "FY23", 3.7, 3.0),
    ("Amazon", "2024", 3.2, 2.5),
    ("Oracle", "FY25", 0.733, 0.573),
    ("Meta", "2025†", 2.92, 2.59),
)

# Burry's claims, V:TTM, and the paths assumed for them (his are unpublished): capex by year, server share, book and
# economic life, tax rate, net income, claimed overstatement in per cent.
META_CAPEX = dict(zip(range(2019, 2029), (15.1, 15.1, 18.6, 31.4, 27.3, 37.3, 71.0, 110.0, 125.0, 140.0), strict=True))
ORACLE_CAPEX = dict(zip(range(2019, 2029), (1.6, 1.6, 2.1, 4.5, 8.7, 6.9, 21.0, 35.0, 45.0, 60.0), strict=True))
