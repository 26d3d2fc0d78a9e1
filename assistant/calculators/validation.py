"""The models held against what was disclosed: tables of disclosed, ours, error and tolerance, computed on the spot.

Each company's one constant is fitted to its `fitted` rows by least squares on the logarithms of ours over disclosed, so
that too high and too low by the same factor weigh the same; its other rows are predicted. The engine is
`company_fleets`.
`validation_tables` is what `debate calc validate` prints and the tests hold to.

    >>> fit = company_fit(ORACLE)
    >>> round(fit.constant, 2), [round(row.error, 3) for row in fit.rows]
    (0.72, [0.003, -0.003])
"""

from __future__ import annotations

from dataclasses import replace

from assistant.calculators.ai_capex import BURRY_CAPEX
from assistant.calculators.company_fleets import company_fleet, effect, fitted_constant
from assistant.calculators.declaration import Bilingual, Frozen
from assistant.calculators.fleet import cumulative_gap, fleet_gap
from assistant.calculators.implied_life import BURRY_GAP, BURRY_YEARS, implied_life
from assistant.calculators.server_lives import (
    ALPHABET,
    AMAZON,
    COMPANIES,
    META,
    META_2022,
    META_CAPEX,
    META_SERVER_DEPRECIATION,
    NET_INCOME_EFFECTS,
    ORACLE,
    ORACLE_CAPEX,
    Company,
)
from assistant.calculators.shale_heldout import held_out, typical_error
from assistant.calculators.shale_model import FitRow, shale_fit
from assistant.calculators.validation_rows import Role, ValidationRow, ValidationTable


class CompanyFit(Frozen):
    """A company's fitted constant and its rows."""

    company: str
    fits: str
    constant: float
    rows: tuple[ValidationRow, ...]


def validation_tables() -> tuple[ValidationTable, ...]:
    """Every table, depreciation first."""
    return (
        *company_tables(),
        company_held_out_table(),
        annual_table(),
        tax_table(),
        burry_table(),
        shale_table_fit(),
        shale_held_out_table(),
        examples_table(),
    )


def company_fit(company: Company, *, annual: bool = False) -> CompanyFit:
    """Fit the company's constant and predict its rows, with monthly vintages or annual mid-year ones."""
    constant = fitted_constant(company, annual)
    rows = tuple(
        ValidationRow(
            name=f"{company.name} {row.name}",
            reference=row.effect,
            ours=effect(company, row, constant, annual),
            unit="USD bn",
            source=row.source,
            tolerance=row.tolerance,
            role="calibration" if row.fitted else "prediction",
        )
        for row in company.disclosures
    )
    return CompanyFit(company=company.name, fits=company.fits, constant=constant, rows=rows)


def company_tables() -> tuple[ValidationTable, ...]:
    """Disclosed effects of changed lives against the monthly-vintage model, one table for all companies."""
    fits = [company_fit(company) for company in COMPANIES]
    said = "; ".join(f"{fit.company} {fit.fits} {fit.constant:.3f}" for fit in fits if fit.fits != "nothing")
    subset = -0.7 / next(row.ours for row in company_fit(AMAZON).rows if row.tolerance is None)
    return (
        ValidationTable(
            title=Bilingual(
                zh="年限变更:披露的影响与月度批次模型", en="Changes of life: disclosed effect against monthly vintages"
            ),
            rows=tuple(row for fit in fits for row in fit.rows),
            remark=Bilingual(
                zh=f"拟合的常数:{said}。当月投用的资产、当月的年限变更,都从下月起计提。Meta 的原年限由前九个月解出,"
                f"全年是预测。亚马逊 2025 年只有一部分改回 5 年:披露数相当于全车队的 {100 * subset:.0f}%。",
                en=f"Fitted constants: {said}. Assets that enter service in a month, and lives changed in it, count "
                "from the next month. Meta's prior life is solved from the nine months; its full year is predicted. "
                f"Amazon cut back only a subset in 2025: the guided figure is {100 * subset:.0f}% of what the whole "
                "fleet would give.",
            ),
        ),
        ValidationTable(
            title=Bilingual(zh="Meta 服务器折旧", en="Meta's server depreciation"),
            rows=tuple(
                ValidationRow(
                    name=f"Meta server depreciation {year}",
                    reference=amount,
                    ours=company_fleet(META_2022, 4.0, 1.0, ((2022.5, 5.0),)).charge(year, year + 1),
                    unit="USD bn",
                    source="V:SEC-META",
                    tolerance=None,
                )
                for year, amount in META_SERVER_DEPRECIATION.items()
            ),
            remark=Bilingual(zh="新增额由余额推得,误差约 10%。", en="Additions are derived from balances, about ±10%."),
        ),
    )


def company_held_out_table() -> ValidationTable:
    """A company's fitted figures, each by the constant that its other ones give."""
    rows = []
    for company in COMPANIES:
        fitted = [row for row in company.disclosures if row.fitted]
        for row in fitted if len(fitted) > 1 else []:
            others = replace(company, disclosures=tuple(other for other in fitted if other is not row))
            ours = effect(company, row, fitted_constant(others))
            rows.append(
                ValidationRow(
                    name=f"{company.name} {row.name}", reference=row.effect, ours=ours, unit="USD bn",
                    source=row.source, tolerance=None, role="held out",
                )
            )  # fmt: skip
    return ValidationTable(
        title=Bilingual(zh="年限变更:留出的披露", en="Changes of life: disclosures held out"),
        rows=tuple(rows),
        remark=Bilingual(
            zh="每一条都由同一公司其余披露拟合的常数预测;只有一条的公司不在此列。",
            en="Each by the constant fitted to the company's other disclosures; companies with one are not listed.",
        ),
    )


def annual_table() -> ValidationTable:
    """The simpler annual version, one vintage a year in service at mid-year, on Alphabet's and Oracle's annual
    figures."""
    fits = [company_fit(company, annual=True) for company in (ALPHABET, ORACLE)]
    said = "; ".join(f"{fit.company} share {fit.constant:.3f}" for fit in fits)
    return ValidationTable(
        title=Bilingual(zh="年度(年中投用)版本", en="Annual version, in service at mid-year"),
        rows=tuple(
            row.model_copy(update={"tolerance": 0.01}) for fit in fits for row in fit.rows if row.role == "calibration"
        ),
        remark=Bilingual(zh=f"拟合的常数:{said}。", en=f"Fitted constants: {said}."),
    )


def tax_table() -> ValidationTable:
    """Tax implied by disclosed effects: 1 − ΔNI/ΔD."""
    expected = {"Alphabet": 0.23, "Microsoft": 0.19, "Amazon": 0.22, "Oracle": 0.22, "Meta": 0.11}
    return ValidationTable(
        title=Bilingual(zh="披露隐含的税率", en="Tax implied by the disclosures"),
        rows=tuple(
            ValidationRow(
                name=f"{company} {year}",
                reference=expected[company],
                ours=1.0 - income / effect,
                unit="fraction",
                source="V:F1, V:F2",
                tolerance=0.05,
                role="derived",
            )
            for company, year, effect, income in NET_INCOME_EFFECTS
        ),
    )


def burry_table() -> ValidationTable:
    """Burry's claims, and the life and share that reproduce them: reproducible, not identified."""
    first, last = BURRY_YEARS

    def row(name: str, claimed: float, ours: float, unit: str, tolerance: float) -> ValidationRow:
        return ValidationRow(
            name=name, reference=claimed, ours=ours, unit=unit, source="V:TTM", tolerance=tolerance, role="derived"
        )

    meta = fleet_gap(META_CAPEX, 0.6, 5.5, 3.0, 2028)["gap"]
    oracle = fleet_gap(ORACLE_CAPEX, 0.6, 6.0, 3.0, 2028)["gap"]
    at_half = implied_life(BURRY_CAPEX, 0.5, 6.0, BURRY_GAP, first, last)
    at_four = cumulative_gap(BURRY_CAPEX, 0.5, 6.0, 4.0, first, last)
    return ValidationTable(
        title=Bilingual(zh="Burry 的数字:可以复现,不能识别", en="Burry's figures: reproducible, not identified"),
        rows=(
            row("understatement 2026–28, 3 years, share 0.42", BURRY_GAP,
                cumulative_gap(BURRY_CAPEX, 0.42, 6.0, 3.0, first, last), "USD bn", 0.01),
            row("Oracle overstated 2028, 3 years, share 0.6", 26.9, _overstated(34.8, oracle, 0.20), "%", 0.01),
            row("Meta overstated 2028, 3 years, share 0.6", 20.8, _overstated(100.0, meta, 0.14), "%", 0.01),
        ),
        remark=Bilingual(
            zh=f"他的资本开支路径和方法没有公布。服务器占比取 0.5 时,隐含寿命是 {at_half:.1f} 年;4 年寿命只有 "
               f"{at_four:.0f}。",
            en="His capex path and method are unpublished. At a server share of 0.5 the implied life is "
            f"{at_half:.1f} years; a life of 4 years gives {at_four:.0f}.",
        ),
    )  # fmt: skip


SHALE_UNITS = {"crude": "mb/d", "oil_rigs": "rigs", "breakeven": "USD/bbl"}


def _shale_row(row: FitRow, role: Role, tolerance: float | None = None) -> ValidationRow:
    return ValidationRow(
        name=f"{row.metric} {row.year}",
        reference=row.actual,
        ours=row.model,
        unit=SHALE_UNITS[row.metric],
        source="V:DOE, V:HAL, V:RYS",
        tolerance=tolerance,
        role=role,
    )


def shale_table_fit() -> ValidationTable:
    """The open-loop shale model on the years it was fitted to, and its failure on the two after them."""
    limits = {"crude": 0.016, "oil_rigs": 0.18, "breakeven": 0.07}
    return ValidationTable(
        title=Bilingual(
            zh="页岩模型:校准(样本内)与之后两年", en="Shale model: calibration in sample, and the two years after"
        ),
        rows=tuple(
            _shale_row(row, "calibration", limits[row.metric]) if row.in_sample else _shale_row(row, "prediction")
            for row in shale_fit()
        ),
        remark=Bilingual(
            zh="12 个参数拟合 18 个数:样本内误差是校准,不是预测力。"
            "样本外(2017–18)明显高估钻机:模型没有破裂之后的资本纪律。",
            en="Twelve parameters on eighteen figures: the error in sample is calibration, not power to predict. Out "
            "of sample (2017–18) it fails upward on rigs: it lacks the capital discipline after the bust.",
        ),
    )


def shale_held_out_table() -> ValidationTable:
    """Each year of 2010–16 as the shale model fitted without it says."""
    off = {metric: typical_error(metric) for metric in SHALE_UNITS}
    return ValidationTable(
        title=Bilingual(zh="页岩模型:留出的年份", en="Shale model: years held out"),
        rows=tuple(_shale_row(row, "held out") for row in held_out()),
        remark=Bilingual(
            zh=f"每一年都由没有它的拟合预测;典型误差:原油 {off['crude']:.1%},钻机 {off['oil_rigs']:.0%},盈亏平衡点 "
            f"{off['breakeven']:.0%}。",
            en=f"Every year is predicted by a fit without it; typical miss: crude {off['crude']:.1%}, rigs "
            f"{off['oil_rigs']:.0%}, break-even {off['breakeven']:.0%}.",
        ),
    )


def examples_table() -> ValidationTable:
    """The worked examples, each to the digits it is given in."""
    from assistant.calculators.worked_examples import worked_examples

    return ValidationTable(
        title=Bilingual(zh="计算示例", en="Worked examples"),
        rows=tuple(
            ValidationRow(
                name=f"{example.calculator}.{example.output}",
                reference=example.expected,
                ours=example.ours,
                unit=example.unit,
                source="derived",
                tolerance=example.within / abs(example.expected),
                role="derived",
            )
            for example in worked_examples()
        ),
    )


def _overstated(net_income: float, gap: float, tax_rate: float) -> float:
    return 100.0 * (net_income / (net_income - gap * (1.0 - tax_rate)) - 1.0)


def meta_prior_life() -> float:
    """The life Meta's fleet effectively had before 2025, in years, solved from the nine months' effect.

    >>> round(meta_prior_life(), 1)
    4.5
    """
    return company_fit(META).constant
