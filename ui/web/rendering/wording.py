"""What the calculators declare in English alone, in the reader's language: where a default comes from, what a choice means.

Titles of publications stay as they are published; only our own words are put into Chinese. ``V:KEY`` in a source is
spelled out by ``assistant.calculators.sources``.

    >>> cited("convention: no salvage", "zh"), cited("IRC §11", "zh")
    ('惯例:无残值', 'IRC §11')
"""

from __future__ import annotations

import re

from assistant.calculators.sources import SOURCES
from ui.words import Language

EXAMPLE = ("示例值,可改", "an example value, to be changed")  # an input that nothing prescribes

_KEY = re.compile(r"V:([A-Z0-9-]+)")
_ZH = {
    "0.5–0.6: half of Microsoft's is short-lived (V:TGP), about 60% of Alphabet's is servers (V:GS)": (
        "0.5–0.6:微软约一半是短寿命资产 (V:TGP),Alphabet 约 60% 是服务器 (V:GS)"
    ),
    "10.2 kW for 8 GPUs (V:DGX)": "8 块 GPU 共 10.2 千瓦 (V:DGX)",
    "EIA, US industrial price, recalled (medium confidence)": "EIA 美国工业电价,凭记忆(可信度中等)",
    "EIA annual mean for 2017–18 (recalled)": "EIA 2017–18 年均值(凭记忆)",
    "H100 through 2025: $2.2–2.4, middle (V:H100)": "H100 2025 年租价 2.2–2.4 美元,取中值 (V:H100)",
    "IRC §168: servers are five-year property (V:IRS)": "IRC §168:服务器属五年期财产 (V:IRS)",
    "Michael Burry, 2026–28 (V:TTM); not in the debate": "Michael Burry,2026–28 年 (V:TTM);辩论中未提",
    "Microsoft and Alphabet book lives (V:F1)": "微软与 Alphabet 的账面年限 (V:F1)",
    "Microsoft's CTO as relayed by Ethan Xu: thirds": "Ethan Xu 转述微软 CTO:各三分之一",
    "Microsoft, Alphabet and Oracle: 6 years (V:F1)": "微软、Alphabet、甲骨文:6 年 (V:F1)",
    "assumption: 80% of hours rented": "假设:80% 的时间租出",
    "assumption: about $30,000 per H100 in a server": "假设:服务器中每块 H100 约 3 万美元",
    "assumption: low end of the usual 8–10%": "假设:通常 8–10% 的低端",
    "assumption: middle of 20–50%": "假设:20–50% 的中值",
    "assumption: middle of 8–10%": "假设:8–10% 的中值",
    "assumption: training at the top of $2.2–2.4 (V:H100), then two thirds and three eighths of it": (
        "假设:训练取 2.2–2.4 美元的高端 (V:H100),其后为它的三分之二与八分之三"
    ),
    "between 35 and 50–60, V:BERN, V:BAR": "介于 35 与 50–60 之间,V:BERN, V:BAR",
    "bond of 2025 due 2049, V:FUD": "2025 年发行、2049 年到期的债券,V:FUD",
    "convention: earnings unchanged": "惯例:盈利不变",
    "convention: electricity only": "惯例:只计电费",
    "convention: no bonus unless asked; US law gives 100% after 19 January 2025 (V:OBBB)": (
        "惯例:不问则无一次性折旧;美国法律对 2025 年 1 月 19 日之后给 100% (V:OBBB)"
    ),
    "convention: no salvage": "惯例:无残值",
    "convention: no tax": "惯例:不计税",
    "convention: nothing left": "惯例:期末无剩余",
    "convention: the first year": "惯例:第一年",
    "derived here from 92% of growth on 4% of GDP, V:FUR": "由“4% 的 GDP 贡献 92% 的增长”推出,V:FUR",
    "five largest builders in 2023, Form 10-K": "2023 年投入最多的五家,Form 10-K",
    "idle cash: no interest": "闲置现金:无利息",
    "implied by JPMorgan's $650bn a year on $5tn at 10% (derived here)": (
        "由摩根大通“5 万亿美元、10% 回报需每年 6500 亿美元”推出"
    ),
    "index: 100 today": "指数:今天为 100",
    "judgement of this project": "本项目的判断",
    "judgement of this project within documented rates, V:NAG": "本项目的判断,在有记载的范围内,V:NAG",
    "judgement of this project: combined cycle": "本项目的判断:联合循环",
    "judgement of this project; decays 20% a year": "本项目的判断;每年衰减 20%",
    "judgement of this project; sets the timing": "本项目的判断;决定时点",
    "low end of 50–60, V:BAR": "50–60 的低端,V:BAR",
    "mean of −0.6% and 3.8% annualised, V:BEA": "年化 −0.6% 与 3.8% 的平均,V:BEA",
    "midpoint of Ethan Xu's 8–12 GW": "Ethan Xu 所说 8–12 GW 的中点",
    "size of the Meta–Blue Owl venture as announced, V:AIC": "Meta 与 Blue Owl 合资项目公布的规模,V:AIC",
    "straight line, as the five hyperscalers disclose (V:F1)": "直线法,五家大厂均如此披露 (V:F1)",
    "the debate's outside 80% read as debt (the bond is 27.3 of 29.5), V:FUD": (
        "把辩论中“外部 80%”读作债务(债券为 29.5 中的 27.3),V:FUD"
    ),
    "the fitted model has none; it therefore overshoots after 2016": "拟合的模型没有此项,因此 2016 年后偏高",
    "within 8–10%, judgement of this project": "8–10% 之内,本项目的判断",
    "judgement of this project; shale had two bad years": "本项目的判断;页岩低迷了两年",
    "judgement of this project: halved": "本项目的判断:减半",
    "oil rigs fell 51% and 46% a year (Halliburton and EIA counts of 2015–16)": (
        "2015、2016 年石油钻机降 51% 与 46%(哈里伯顿与 EIA 的统计)"
    ),
    "convention: until the rent no longer covers the cash cost": "惯例:直到租金不再覆盖现金成本",
    "standard error of the chance 0.2 points and of the median date 0.02 years": (
        "概率的标准误 0.2 个百分点,中位日期的标准误 0.02 年"
    ),
    "none is chosen: ten consecutive seeds from 0 are pooled": "不挑种子:从 0 起十个相连的种子合并",
    "five firms: 2023 Form 10-K, 2024 V:MS, 2025 V:LUM, 2026 V:CNBC, earlier "
    "assumed; 2027–30 the cycle model without a shock, inside JPMorgan's 5–7tn (V:JPM)": (
        "五家公司:2023 Form 10-K,2024 V:MS,2025 V:LUM,2026 V:CNBC,更早为假设;2027–30 为周期模型的无冲击路径,在摩根大通的 5–7 万亿之内 (V:JPM)"
    ),
    "as the reader gave them": "读者给的单位",
    "one": "惯例:以 1 为起点",
    "one year": "惯例:一年",
    "none": "惯例:无",
    "yearly payments": "惯例:每年还一次",
    "running all the time": "惯例:一直运行",
    "taken as new; say how many years it has been used": "按全新计;说出已用几年即可改",
    "convention: none unless given": "惯例:不给则为零",
    "path assumed to reproduce Burry's claim: 2024 V:MS; 2025 V:LUM; 2026 V:CNBC; other years assumed": (
        "为复现 Burry 的说法而假设的路径:2024 V:MS;2025 V:LUM;2026 V:CNBC;其余年份为假设"
    ),
    "what entered service in the year counts too; companies' estimates made beforehand leave it out": (
        "当年投用的也算在内;公司事先的估计不算"
    ),
    "100% for property acquired after 19 January 2025 (V:OBBB)": "2025 年 1 月 19 日之后取得的资产为 100% (V:OBBB)",
}
_CHOICES = {
    "SL": ("直线法", "straight line"),
    "DB": ("余额递减法", "declining balance"),
    "DDB": ("双倍余额递减法", "double declining balance"),
    "SYD": ("年数总和法", "sum of years' digits"),
    "UOP": ("工作量法", "units of production"),
    "MACRS5": ("MACRS 五年期", "MACRS, five years"),
    "MACRS5_MQ1": ("MACRS 五年期,季中,第一季度", "MACRS, five years, mid-quarter, first quarter"),
    "MACRS5_MQ2": ("MACRS 五年期,季中,第二季度", "MACRS, five years, mid-quarter, second quarter"),
    "MACRS5_MQ3": ("MACRS 五年期,季中,第三季度", "MACRS, five years, mid-quarter, third quarter"),
    "MACRS5_MQ": ("MACRS 五年期,季中,第四季度", "MACRS, five years, mid-quarter, fourth quarter"),
    "all": ("当年全部在用资产", "all assets in use in the year"),
    "existing": ("只算年初已投用", "assets in service when the year opens"),
    "wti": ("WTI 油价", "WTI price"),
    "crude": ("原油产量", "crude output"),
    "oil_rigs": ("石油钻机数", "oil rigs"),
    "true": ("是", "yes"),
    "false": ("否", "no"),
}


def cited(source: str, language: Language, *, short: bool = False) -> str:
    """Where a value comes from, in words; keys spelled out, when ``short`` without what stands in brackets there."""
    example = " / ".join(EXAMPLE)
    if source == example:
        return EXAMPLE[language == "en"]
    words = source
    if language == "zh":
        words = _ZH.get(source) or ", ".join(_ZH.get(part, part) for part in source.split(", "))
    spelled = {key: SOURCES.get(key, f"V:{key}") for key in _KEY.findall(words)}
    return _KEY.sub(lambda key: spelled[key[1]].split(" (")[0] if short else spelled[key[1]], words)


def choice(option: str) -> tuple[str, str]:
    """What an option of an input means, in both languages; itself where it has no other name."""
    return _CHOICES.get(option, (option, option))


def category(x: float | str, language: Language) -> str:
    """A place on a chart's axis: a number, or the half of "燃料 / fuel" that is in the language."""
    if not isinstance(x, str):
        return f"{x:.6g}"
    halves = x.split(" / ")
    if len(halves) != 2:
        return x
    return sorted(halves, key=str.isascii)[language == "en"]
