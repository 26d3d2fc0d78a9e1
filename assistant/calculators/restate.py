"""What a company would report if its servers lived another number of years: depreciation, operating income, EPS.

The engine is `restated`, held against the disclosed effects by `debate calc validate`; income statements are `filings`.
What is not on file for the company and the year stays None and a note says so.

    >>> from assistant.calculators.trace import run
    >>> trace = run("restate_company", {"company": "Oracle", "life": 5.0, "year": 2025, "scope": "existing"})
    >>> round(trace.value("delta"), 2), round(trace.value("eps"), 2)           # disclosed: 0.733 and 0.20
    (0.73, -0.2)
"""

from __future__ import annotations

from assistant.calculators.ai_capex import AI_CAPEX_SOURCE
from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    CalculatorInput,
    Chart,
    Note,
    Output,
    Outputs,
    Series,
    quantity,
)
from assistant.calculators.earnings import earnings_effect
from assistant.calculators.filings import REPORTED_SOURCE, latest, reported
from assistant.calculators.restated import (
    COMPANIES,
    LAST_YEAR,
    Name,
    Restated,
    Scope,
    capex_path,
    restated,
)
from assistant.calculators.server_lives import NET_INCOME_EFFECTS
from assistant.calculators.wording import given, money, number

COMPANY_WORDS = {
    "Microsoft": ("microsoft", "msft", "azure", "微软", "微軟"),
    "Alphabet": ("alphabet", "google", "goog", "googl", "谷歌", "字母表", "谷歌母公司"),
    "Amazon": ("amazon", "amzn", "aws", "亚马逊", "亞馬遜"),
    "Meta": ("meta", "facebook", "fb", "脸书", "臉書", "元宇宙公司"),
    "Oracle": ("oracle", "orcl", "oci", "甲骨文"),
    "CoreWeave": ("coreweave", "crwv", "core weave"),
}
SCOPE_WORDS = {
    "existing": ("assets in service at the start", "existing assets only", "existing servers only", "ex-ante",
                 "年初已投用", "只算存量", "存量资产"),
    "all": ("whole fleet", "all servers", "全部服务器", "整个车队"),
}  # fmt: skip


class RestateInput(CalculatorInput):
    """A company, the life its servers would have, and the year asked about; the rest is on file."""

    company: Name = quantity(unit="", label=Bilingual(zh="公司", en="company"), option_cues=COMPANY_WORDS)
    life: float = quantity(
        unit="years", label=Bilingual(zh="假设的服务器寿命", en="server life supposed"), above=0.0, at_most=30.0
    )
    year: int | None = quantity(
        None, unit="", label=Bilingual(zh="财年(不给则取有数据的最后一年)", en="fiscal year (the last with data)"),
        at_least=2008, at_most=LAST_YEAR,
    )  # fmt: skip
    since: int | None = quantity(
        None, unit="", at_least=2008, at_most=LAST_YEAR,
        label=Bilingual(zh="从哪一年年初起改(不给则取代公司上一次变更)",
                        en="changed from the start of (the company's last change)"),
    )  # fmt: skip
    scope: Scope = quantity(
        "all", unit="", label=Bilingual(zh="范围", en="which assets"), option_cues=SCOPE_WORDS,
        source="what entered service in the year counts too; companies' estimates made beforehand leave it out",
    )  # fmt: skip
    share: float | None = quantity(
        None, unit="fraction", above=0.0, at_most=1.0,
        label=Bilingual(zh="服务器占资本开支比例(不给则用拟合值)", en="server share of capex (the fitted one)"),
    )  # fmt: skip
    capex: dict[int, float] | None = quantity(
        None, unit="USD bn", at_least=0.0,
        label=Bilingual(zh="公司各年资本开支(取代或接续库中数列)", en="its capex by year (what is on file)"),
    )  # fmt: skip
    tax_rate: float | None = quantity(
        None, unit="fraction", at_least=0.0, below=1.0,
        label=Bilingual(zh="税率(不给则由公司披露反推)", en="tax rate (the one its disclosure implies)"),
    )  # fmt: skip
    shares: float | None = quantity(
        None, unit="shares bn", above=0.0,
        label=Bilingual(zh="摊薄股数(不给则取最近财报)", en="diluted shares (the last reported)"),
    )  # fmt: skip
    reported_operating_income: float | None = quantity(
        None,
        unit="USD bn",
        label=Bilingual(zh="报告的营业利润(不给则取财报)", en="operating income as reported (the filing's)"),
    )
    reported_eps: float | None = quantity(
        None,
        unit="USD",
        label=Bilingual(zh="报告的每股收益(不给则取财报)", en="EPS as reported (the filing's)"),
    )


def implied_tax_rate(company: str) -> float | None:
    """Tax on a depreciation saving as the company's own disclosure implies it, 1 − ΔNI/ΔD; None without one."""
    return next((1.0 - income / saved for name, _, saved, income in NET_INCOME_EFFECTS if name == company), None)


def _tax(i: RestateInput) -> float | None:
    return i.tax_rate if i.tax_rate is not None else implied_tax_rate(i.company)


def _restated(i: RestateInput) -> Restated:
    return restated(i.company, i.life, i.year, since=i.since, share=i.share, capex=i.capex, scope=i.scope)


def _compute(i: RestateInput) -> Outputs:
    made = _restated(i)
    delta = made.restated - made.booked
    tax = _tax(i)
    filed, last = reported(i.company, made.year), latest(i.company, made.year)
    shares = i.shares if i.shares is not None else last[1].shares if last else None
    effect = earnings_effect(-delta, tax, shares) if tax is not None else {"delta_net_income": None, "delta_eps": None}
    level = i.reported_operating_income if i.reported_operating_income is not None else filed and filed.operating_income
    eps = i.reported_eps if i.reported_eps is not None else filed and filed.eps
    change = effect["delta_eps"]
    return {
        "depreciation": made.restated, "booked": made.booked, "delta": delta, "operating_income": -delta,
        "operating_income_restated": None if level is None else level - delta,
        "net_income": effect["delta_net_income"], "eps": change,
        "eps_restated": None if eps is None or change is None else eps + change, "fiscal_year": made.year,
    }  # fmt: skip


def _stands_on(i: RestateInput, made: Restated) -> list[Note]:
    """Which capex, which share, which change of life: what the figure rests on."""
    path, known = capex_path(i.company, i.capex)
    disclosed = COMPANIES[i.company].disclosures
    fitted = i.share is None and bool(disclosed)
    note = Bilingual(
        zh=f"{made.year} 财年账面寿命 {made.book_life:g} 年;假设寿命自 {made.since:g} 年初起取代。服务器占资本开支 "
        f"{made.share:.3g}{'(拟合披露值)' if fitted else ''};同一引擎对披露影响的误差见 calc validate。",
        en=f"Fiscal {made.year}: booked over {made.book_life:g} years; the other life holds from the start of "
        f"{made.since:g}. Servers are {made.share:.3g} of capex{' (fitted to the disclosures)' if fitted else ''}; "
        "calc validate shows this engine's errors on the disclosed effects.",
    )
    notes = [Note(kind="filing", text=note, source=disclosed[-1].source if disclosed else "V:FOOL")]
    if made.year > known:
        assumed = ", ".join(f"{y}: {path[y]:.0f}" for y in range(known + 1, made.year + 1))
        note = Bilingual(
            zh=f"{known} 年之后没有该公司的数据,资本开支为假设({assumed},十亿美元):Meta、甲骨文用各自的假设路径,"
            "其余按五家合计的增速。",
            en=f"Nothing of the company's is on file after {known}; capex is assumed ({assumed}, USD bn): Meta and "
            "Oracle on paths assumed for them, the others growing as the five firms together.",
        )
        notes.append(Note(kind="warning", text=note, source=AI_CAPEX_SOURCE))
    if made.since == made.year:
        notes.append(ONE_OFF)
    return notes


ONE_OFF = Note(
    text=Bilingual(
        zh="变更当年含一次性影响:已超过新寿命的资产当年提完。",
        en="The year of the change carries a one-off: assets older than the new life are charged off in it.",
    )
)
OWN_NOTES = {
    "Amazon": Note(
        kind="filing",
        source="V:F1",
        text=Bilingual(
            zh="只含 AWS 的资产;2025 年只有约八分之一的车队改回 5 年。",
            en="AWS's assets only; in 2025 only about an eighth of the fleet went back to 5 years.",
        ),
    ),
    "Meta": Note(
        kind="filing",
        source="V:LR, V:F2",
        text=Bilingual(
            zh="2025 年前按有效寿命 4.5 年计,由披露的影响反推;公司所称的 5 年只能给出一半影响。",
            en="Before 2025 the effective life is 4.5 years, solved from the disclosed effect; the 5 years the company "
            "states would give half of it.",
        ),
    ),
}
BOOKS_ONLY = Note(
    text=Bilingual(
        zh="只影响账面利润,不影响现金;寿命按全部服务器与网络设备计,不只是 GPU。",
        en="Books only, no cash moves; the life is that of all servers and network equipment, not of GPUs alone.",
    )
)


def _notes(i: RestateInput, outputs: Outputs) -> tuple[Note, ...]:
    made = _restated(i)
    notes = _stands_on(i, made)
    if i.company in OWN_NOTES:
        notes.append(OWN_NOTES[i.company])
    if not given(outputs, "operating_income_restated") or not given(outputs, "eps_restated"):
        note = Bilingual(
            zh=f"库中没有 {i.company} {made.year} 财年的营业利润、税率或每股收益,缺的一项只给变化或留空。",
            en=f"{i.company}'s operating income, tax or EPS of fiscal {made.year} is not on file: where one is missing "
            "only the change is given, or nothing.",
        )
        notes.append(Note(text=note))
    last = latest(i.company, made.year)
    if given(outputs, "eps") and i.shares is None and last:
        year, filed = last
        note = Bilingual(
            zh=f"摊薄股数 {filed.shares:.2f} 十亿({year} 财年);税率 {_tax(i):.0%}。",
            en=f"Diluted shares {filed.shares:.2f}bn (fiscal {year}); tax {_tax(i):.0%}.",
        )
        notes.append(Note(kind="filing", text=note, source=REPORTED_SOURCE[i.company]))
    return (*notes, BOOKS_ONLY)


def _charts(i: RestateInput, outputs: Outputs) -> tuple[Chart, ...]:
    made = _restated(i)
    common = {"since": i.since, "share": i.share, "capex": i.capex, "scope": i.scope}
    first = COMPANIES[i.company].first_year or min(i.capex or {})
    years = range(max(int(made.since), made.year - 4, first), min(LAST_YEAR, made.year + 2) + 1)
    rows = [restated(i.company, i.life, year, **common) for year in years]  # type: ignore[arg-type]
    lives = (3.0, 4.0, 5.0, 6.0)
    deltas = [restated(i.company, life, made.year, **common) for life in lives]  # type: ignore[arg-type]
    unit, supposed = "USD bn", Bilingual(zh=f"{i.life:g} 年", en=f"{i.life:g} years")
    added = Bilingual(zh=f"{made.year} 财年:不同寿命下多提的折旧", en=f"Fiscal {made.year}: charge added by life")
    return (
        Chart(
            kind="line", title=Bilingual(zh="服务器年折旧", en="Server depreciation by year"), x=tuple(years),
            unit=unit, x_label=Bilingual(zh="财年", en="fiscal year"),
            series=(Series(name=Bilingual(zh="账面", en="as booked"), values=tuple(r.booked for r in rows)),
                    Series(name=supposed, values=tuple(r.restated for r in rows))),
        ),
        Chart(
            kind="bar", title=added, x=lives, x_label=Bilingual(zh="寿命", en="life"), x_unit="years", unit=unit,
            series=(
                Series(name=Bilingual(zh="多提", en="added"), values=tuple(r.restated - r.booked for r in deltas)),
            ),
        ),
    )  # fmt: skip


def _summary(i: RestateInput, outputs: Outputs) -> Bilingual:
    made, delta = _restated(i), number(outputs, "delta")
    size, effect = money(abs(delta)), money(-delta)
    more = Bilingual(zh="多", en="more") if delta >= 0 else Bilingual(zh="少", en="less")
    plus = "+" if delta < 0 else ""
    zh = (
        f"若服务器按 {i.life:g} 年(账面 {made.book_life:g} 年)折旧,{i.company} {made.year} 财年{more.zh}提 {size.zh},"
        f"营业利润 {plus}{effect.zh}"
    )
    en = (
        f"With servers lived over {i.life:g} years instead of {made.book_life:g}, {i.company} would charge {size.en} "
        f"{more.en} in {made.year}: operating income {plus}{effect.en}"
    )
    if given(outputs, "operating_income_restated"):
        level = money(number(outputs, "operating_income_restated"))
        zh, en = f"{zh}(为 {level.zh})", f"{en} (to {level.en})"
    if given(outputs, "eps"):
        change = f"{number(outputs, 'eps'):+.2f}".replace("-", "−")
        zh, en = f"{zh},每股收益 {change} 美元", f"{en}, EPS {change}"
    return Bilingual(zh=f"{zh}。", en=f"{en}.")


def _output(name: str, unit: str, zh: str, en: str) -> Output:
    return Output(name, unit, Bilingual(zh=zh, en=en), yearly=unit == "USD bn")


RESTATE_COMPANY: Calculator[RestateInput] = Calculator(
    name="restate_company",
    title=Bilingual(zh="按另一寿命重述一家公司", en="A company restated to another server life"),
    inputs=RestateInput,
    outputs=(
        _output("depreciation", "USD bn", "重述后的服务器折旧", "server depreciation, restated"),
        _output("booked", "USD bn", "账面服务器折旧", "server depreciation, as booked"),
        _output("delta", "USD bn", "多提的折旧", "depreciation added"),
        _output("operating_income", "USD bn", "营业利润变化", "change in operating income"),
        _output("operating_income_restated", "USD bn", "重述后的营业利润", "operating income, restated"),
        _output("net_income", "USD bn", "净利润变化", "change in net income"),
        _output("eps", "USD", "每股收益变化", "change in EPS"),
        _output("eps_restated", "USD", "重述后的每股收益", "EPS, restated"),
        _output("fiscal_year", "", "财年", "fiscal year"),
    ),
    equation="Σ over monthly vintages: capex·s/12 charged over the life, each vintage's own book value re-spread at a "
    "change; delta = restated − booked; operating income −delta; net income −delta·(1 − τ); EPS by diluted shares",
    compute=_compute, headline="operating_income", notes=_notes, charts=_charts, summary=_summary,
    examples=(
        "If Microsoft's servers lasted 3 years, how much lower would its 2026 operating income be?",
        "Restate Alphabet's 2023 depreciation at a 4-year life",
        "如果微软的服务器只能用3年,2026年的利润会少多少?",
        "亚马逊服务器按4年折旧,2024年每股收益变多少?",
    ),
    source="V:F1, V:F2, V:REG; ASC 250-10-45-17",
)  # fmt: skip
