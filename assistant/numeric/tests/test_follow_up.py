"""Numeric questions without a model; the sentences are ours and stand for kinds of wording, not for an answer key."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.calculators.registry import calculators
from assistant.calculators.trace import CalculationTrace, replay
from assistant.numeric.follow_up import (
    Clarification,
    NumericRequest,
    Refusal,
    answer_numeric,
    calculate,
    understand_numeric,
)
from corpus.normalize import language_of

LIFE = "一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?"


def asked(question: str, previous: CalculationTrace | NumericRequest | None = None) -> NumericRequest:
    request = understand_numeric(question, previous, "zh" if language_of(question) == "zh" else "en")
    assert request is not None, question
    return request


def traced(request: NumericRequest) -> CalculationTrace:
    answer = answer_numeric(request)
    assert isinstance(answer, CalculationTrace), answer
    return answer


def talk(*questions: str) -> NumericRequest:
    """The last request of a conversation in which each follows the one before."""
    request: NumericRequest | None = None
    for question in questions:
        request = asked(question, request)
    assert request is not None
    return request


WORDINGS: list[tuple[str, str, dict[str, float | str]]] = [
    (LIFE, "useful_life_change", {"cost": 30, "old_life": 5, "age": 2, "new_life": 7}),
    ("这批服务器花了800亿美元,按4年折旧,用了一年之后延长到6年,每年折旧少多少?", "useful_life_change",
     {"cost": 80, "old_life": 4, "age": 1, "new_life": 6}),
    ("We bought $40bn of servers. If we cut the useful life from 6 to 5 after one year, how does depreciation change?",
     "useful_life_change", {"cost": 40, "old_life": 6, "new_life": 5, "age": 1}),
    ("life extended from four to six years at the start of year 3 on a 100 billion fleet — new annual depreciation?",
     "useful_life_change", {"cost": 100, "old_life": 4, "new_life": 6, "age": 2}),
    ("按Rob说的6.5年,300亿的机器原来4年、第二年初改,年折旧变多少?", "useful_life_change",
     {"cost": 30, "old_life": 4, "new_life": 6.5, "age": 1}),
    ("双倍余额递减,500亿设备,5年,第三年折旧是多少?", "depreciation_schedule", {"cost": 50, "life": 5, "year": 3,
    "method": "DDB"}),
    ("200亿的GPU用MACRS,第一年能提多少折旧?", "depreciation_schedule", {"cost": 20, "year": 1, "method": "MACRS5"}),
    ("How much is the tax shield on $200bn of capex worth at a 25% tax rate and 10% discount rate under MACRS?",
     "tax_shield", {"cost": 200, "tax_rate": 0.25, "discount": 0.1, "method": "MACRS5"}),
    ("$300bn of servers, 6-year book life, 21% tax: what's the deferred tax liability after 3 years?", "deferred_tax",
     {"cost": 300, "book_life": 6, "tax_rate": 0.21, "elapsed": 3}),
    ("折旧少了29亿,税率15%,25亿股,每股收益多多少?", "earnings_effect", {"delta_dep": 2.9, "tax_rate": 0.15,
    "shares": 2.5}),
    ("少提折旧150亿,净利润800亿,税率20%,利润虚增了百分之几?", "overstatement",
     {"gap": 15, "net_income": 80, "tax_rate": 0.2}),
    ("资本开支每年5000亿,六成是服务器,每年增长25%,账面6年实际4年,稳态下少提多少折旧?", "steady_state_gap",
     {"capex": 500, "share": 0.6, "growth": 0.25, "book_life": 6, "econ_life": 4}),
    ("GPU一小时租2.5美元,每年降30%,电价每度8美分,几年后就不划算了?", "chip_retirement",
     {"rent0": 2.5, "decline": 0.3, "power_price": 0.08}),
    ("Assets carried at $120bn with undiscounted cash flows of $110bn and a fair value of $90bn: write-down?",
     "impairment_test", {"carrying": 120, "undiscounted": 110, "fair_value": 90}),
    ("如果每年缺15吉瓦,一个吉瓦要400亿美元,8年要多少钱?", "power_gap",
     {"gap_low": 15, "gap_high": 15, "years": 8, "capex_per_gw": 40}),
    ("If the shortfall is 12-18 GW a year for six years at $45bn per GW, what's the total capex?", "power_gap",
     {"gap_low": 12, "gap_high": 18, "years": 6, "capex_per_gw": 45}),
    ("LCOE with $2,500/kW, 9% WACC, 20 years, 85% capacity factor, heat rate 7, gas $4/MMBtu and O&M $5/MWh?",
     "gas_lcoe", {"capex_kw": 2500, "wacc": 0.09, "years": 20, "capacity_factor": 0.85, "heat_rate": 7,
     "gas_price": 4, "om": 5}),
    ("如果天然气涨到6美元,数据中心自发电的度电成本是多少?", "gas_lcoe", {"gas_price": 6}),
    ("If IT is 4% of GDP and grows 37% while GDP grows 1.6%, what is growth excluding IT?", "growth_contribution",
     {"weight": 0.04, "g_component": 0.37, "g_total": 0.016}),
    ("市盈率从30倍降到24倍,利润增长15%,股价会怎么变?", "multiple_decomposition",
     {"pe0": 30, "pe1": 24, "eps_growth": 0.15}),
    ("200亿的数据中心,七成借债,利率7%,20年期,现金收益率10%,DSCR多少?", "jv_leverage",
     {"cost": 20, "debt_share": 0.7, "debt_rate": 0.07, "tenor": 20, "cash_yield": 0.1}),
    ("手里有1000块现金,通胀5%,存款利率2%,20年后购买力还剩多少?", "real_cash",
     {"amount": 1000, "inflation": 0.05, "nominal_rate": 0.02, "years": 20}),
    ("If I hold $10,000 in cash for 15 years with 3.5% inflation and no interest, what is it worth in real terms?",
     "real_cash", {"amount": 10000, "years": 15, "inflation": 0.035, "nominal_rate": 0}),
    ("學習率20%,累計產量翻三番,單位成本從100美元降到多少?", "learning_curve",
     {"learning_rate": 0.2, "ratio": 8, "cost0": 100}),
    ("英伟达投OpenAI 200亿,OpenAI买它500亿的卡,供应商融资占几成?", "vendor_share", {"investment": 20, "purchases": 50}),
    ("Capex is down 25% on the year. Which phase of the cycle is that?", "cycle_phase", {"growth": -0.25}),
    ("从2010年到2014年原油产量变了多少?", "shale_table", {"metric": "crude", "year0": 2010, "year1": 2014}),
    ("如果需求每年增长30%,2029年泡沫破裂,资本开支会跌多少?", "capex_cycle", {"growth": 0.3, "shock_year": 2029}),
    ("资本开支从1560亿涨到5500亿,相当于页岩周期的哪一年?", "cycle_map", {"trough_capex": 156, "capex": 550}),
    ("折旧年限四改六,设备七百亿,已用满一年,年折旧少多少", "useful_life_change",
     {"cost": 70, "old_life": 4, "new_life": 6, "age": 1}),
    ("GPU fleet cost 120 billion. Originally four years, now six, changed at age one. New annual depreciation?",
     "useful_life_change", {"cost": 120, "old_life": 4, "new_life": 6, "age": 1}),
    ("How much revenue must $1 trillion of data centres earn at 60% gross margin, 10% cost of capital, 6-year life?",
     "capex_roi", {"capex": 1000, "gross_margin": 0.6, "rate": 0.1, "life": 6}),
    ("气价4.5美元,其他默认,度电成本?", "gas_lcoe", {"gas_price": 4.5}),
    ("What's the total shortfall after 7 years at 8 to 12 GW per year?", "power_gap",
     {"gap_low": 8, "gap_high": 12, "years": 7}),
    ("100万美元现金,通胀3.5%,存款利率4%,利息税两成,15年后购买力", "real_cash",
     {"amount": 1e6, "inflation": 0.035, "nominal_rate": 0.04, "tax": 0.2, "years": 15}),
    ("AI capex 从 1560 亿到 4200 亿对应页岩哪一年", "cycle_map", {"trough_capex": 156, "capex": 420}),
    ("设备250亿美元,残值一成,直线法8年,每年提多少折旧?", "depreciation_schedule",
     {"cost": 25, "salvage": 2.5, "life": 8, "method": "SL"}),
    # a longer word of another input hides the shorter one: 改按 is no 按, "tax shield" no tax
    ("某云厂商420亿的服务器,5年折,从第三年起改按7年,一年少提多少折旧?", "useful_life_change",
     {"cost": 42, "old_life": 5, "new_life": 7, "age": 2}),
    ("tax shield of $8bn MACRS at 21% and 8%", "tax_shield",
     {"cost": 8, "method": "MACRS5", "tax_rate": 0.21, "discount": 0.08}),
    # what moves is told from what it moves
    ("When does an A100 renting for $1.20/hr with rents declining 30% annually stop covering its power at 9 cents/kWh?",
     "chip_retirement", {"rent0": 1.2, "decline": 0.3, "power_price": 0.09}),
    ("How much purchasing power does $250,000 lose over 12 years with inflation at 4% and a 1.5% savings rate?",
     "real_cash", {"amount": 250000, "years": 12, "inflation": 0.04, "nominal_rate": 0.015}),
    ("Stock trades at 60 times earnings; if that goes to 40 times and earnings double, what does the price do?",
     "multiple_decomposition", {"pe0": 60, "pe1": 40, "eps_growth": 1.0}),
    # the new thing's inputs and the old one's
    ("缺电情况下,旧卡租2美元/小时年跌35%、1.2千瓦,新卡租金4.2美元/小时、资本费用2.1美元/小时、功率1.6千瓦,旧卡几年退役",
     "power_limited_retirement",
     {"rent0": 2, "decline": 0.35, "kw": 1.2, "new_rent": 4.2, "new_capital": 2.1, "new_kw": 1.6}),
    # words that are values
    ("账面6年、税务首年全额抵扣,原值260亿美元,税率21%,过了两年递延所得税负债多大", "deferred_tax",
     {"book_life": 6, "bonus": 1, "cost": 26, "tax_rate": 0.21, "elapsed": 2}),
    # mistyped, and yes-or-no with every figure given
    ("strait line over 5 yrs on $3.2bn of kit w/ 5% salvage, annual deprecation?", "depreciation_schedule",
     {"life": 5, "cost": 3.2, "method": "SL", "salvage": 0.16}),
    ("Is a write-down needed? Carrying 2.4bn, undiscounted 2.1bn, fair value 1.9bn", "impairment_test",
     {"carrying": 2.4, "undiscounted": 2.1, "fair_value": 1.9}),
    # "who" of a customer is no question after a person; bn of chips is money
    ("supplier puts $20bn into its customer, who orders $90bn of chips. vendor-financed share?", "vendor_share",
     {"investment": 20, "purchases": 90}),
    ("蒙特卡洛跑2000次,10年内冲击概率多大", "cycle_monte_carlo", {"draws": 2000, "horizon": 10}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "tool", "arguments"), WORDINGS)
def test_tool_and_every_argument(question: str, tool: str, arguments: dict[str, float | str]) -> None:
    request = asked(question)
    assert request.calculator == tool
    assert {n for n, o in request.origins.items() if o.kind == "user"} == set(arguments)
    for name, value in arguments.items():
        assert request.arguments[name] == (value if isinstance(value, str) else pytest.approx(value)), name
    assert replay(traced(request))


@pytest.mark.parametrize(
    ("tool", "question"), [(c.name, example) for c in calculators().values() for example in c.examples]
)
def test_the_declared_examples_reach_their_calculator(tool: str, question: str) -> None:
    request = asked(question)
    assert tool in (request.calculator, request.first.calculator if request.first else "")
    traced(request)


def test_every_calculator_has_an_example_in_each_language() -> None:
    for declared in calculators().values():
        assert {language_of(example) for example in declared.examples} >= {"zh", "en"}, declared.name


def test_the_value_of_the_specification_and_where_each_input_came_from() -> None:
    trace = traced(asked(LIFE))
    assert trace.value("delta_dep") == pytest.approx(-2.4)
    assert trace.argument("cost").origin.read == "300亿美元"
    assert trace.argument("age").origin.read == "第三年"
    assert trace.argument("salvage").origin.kind == "default"
    assert trace.argument("salvage").origin.source


@pytest.mark.parametrize(
    "question",
    [
        "Rob 说折旧年限平均多少年?", "Ethan 说每年缺口多少吉瓦?", "到2030年缺口会有多少吉瓦?",
        "1.4万亿美元的钱从哪里来?",
        "今年上半年美国经济增长约2%,消费者贡献多少?", "Bruce 为什么说QQQ从28倍回调到26倍是健康的?",
        "QQQ 从28倍回调到多少倍?",
        "Who said 5 to 7 trillion?", "What did Bruce say about 20% growth?", "Does Bruce think 20% growth is a bubble?",
        "Meta 出资20%,外部出资多少?", "OpenAI到2027年营收目标是多少?",
        "How many GW can be built per year according to Ethan?",
        "7年前的TPU还在用吗?", "谁提到1/3的芯片用于训练?", "大家怎么看AI泡沫?", "Is there an AI bubble?", "你好", "",
        "5年",
        "What useful life did Rob mention, 6.5 years?", "微软把服务器寿命延长到6年是谁说的?",
        "what did Ethan say about the 50 to 100 GW gap by 2030?", "QQQ从28倍到26倍意味着什么",
        "When Ethan talks about 8 to 12 GW a year, what exactly is being built?",
        "Why would a company choose 7 years instead of 5?", "how did they get to 50-100 GW by 2030?",
        "Bruce把QQQ从28倍回到26倍看成好事还是坏事?", "OpenAI 1.4万亿、英伟达1000亿,这些钱是循环的吗?",
    ],
)  # fmt: skip
def test_what_was_said_is_no_calculation(question: str) -> None:
    assert understand_numeric(question, None, "zh" if language_of(question) == "zh" else "en") is None


@pytest.mark.parametrize(
    ("turns", "tool", "expected"),
    [
        ((LIFE, "same but 5 years"), "useful_life_change", {"new_life": 5, "old_life": 5, "cost": 30, "age": 2}),
        ((LIFE, "那改成4年呢?"), "useful_life_change", {"new_life": 4, "old_life": 5, "cost": 30}),
        ((LIFE, "如果一半呢"), "useful_life_change", {"cost": 15, "new_life": 7}),
        ((LIFE, "第二年初改呢"), "useful_life_change", {"age": 1, "new_life": 7}),
        ((LIFE, "500亿的话?"), "useful_life_change", {"cost": 50, "new_life": 7}),
        (("每年缺10到20吉瓦,5年下来累计缺口多少?", "如果是30吉瓦呢?", "8年呢"), "power_gap",
         {"gap_low": 30, "gap_high": 30, "years": 8}),
        (("A gap of 10 to 20 GW a year for 5 years: how big in total?", "and at $40bn per GW?",
        "double it"), "power_gap",
         {"gap_low": 20, "gap_high": 40, "capex_per_gw": 40}),
        (("QQQ从28倍跌到26倍,盈利增长20%,价格涨了多少?", "如果盈利只涨10%呢?", "what if the multiple falls to 22x?"),
         "multiple_decomposition", {"pe0": 28, "pe1": 22, "eps_growth": 0.1}),
        (("capex 350bn, 10% return, 6 year life, 60% gross margin: revenue needed?", "half the capex",
        "with a 50% margin"),
         "capex_roi", {"capex": 175, "rate": 0.1, "life": 6, "gross_margin": 0.5}),
        (("A gap of 10-20 GW a year for 5 years, $50bn/GW: how much capex?", "half the gap", "say 15 GW flat"),
         "power_gap", {"gap_low": 15, "gap_high": 15, "years": 5, "capex_per_gw": 50}),
        ((LIFE, "and 6?", "make it $50bn"), "useful_life_change", {"new_life": 6, "cost": 50}),
        (("PE从28到26,盈利涨20%,股价变化多少?", "如果估值不变呢"), "multiple_decomposition", {"pe0": 28, "pe1": 28}),
        (("1万美元现金放10年,通胀3%还值多少?", "通胀翻倍呢"), "real_cash", {"amount": 10000, "inflation": 0.06}),
        (("steady state: capex $250bn, half servers, 15% growth, book life 6, economic life 3: gap?",
          "4 years instead of 3"),
         "steady_state_gap", {"book_life": 6, "econ_life": 4}),
        (("总共6万亿,现金流2.5万亿,发债1.5万亿,还差多少融资?", "发债只有8000亿呢"),
         "funding_waterfall", {"total": 6000}),
        (("GPU rents at $2.6 an hour, falls a quarter every year, $0.07/kWh: years until it is retired?",
          "what if power doubles", "add 20 cents an hour of other costs", "$2.6 → $3"), "chip_retirement",
         {"rent0": 3, "decline": 0.25, "power_price": 0.14, "other": 0.2}),
        (("8-14 GW/yr shortfall over 7 years, how many GW?", "at 42bn/GW?", "double the shortfall", "over a decade"),
         "power_gap", {"gap_low": 16, "gap_high": 28, "years": 10, "capex_per_gw": 42}),
        (("折旧每年少了12亿美元,税率22%,净利润多多少", "总股本8亿股的话EPS增加多少", "股数多一倍"), "earnings_effect",
         {"delta_dep": 1.2, "shares": 1.6, "tax_rate": 0.22}),
        (("experience curve: cost 200, 18% learning, 32x output", "half the learning rate", "only fivefold growth"),
         "learning_curve", {"cost0": 200, "learning_rate": 0.09, "ratio": 5}),
        (("270亿的合资项目,80%是债,利率6.58%,权益回报多少?", "利率提高50个基点呢?"), "jv_leverage",
         {"debt_rate": 0.0708, "debt_share": 0.8}),
    ],
)  # fmt: skip
def test_follow_ups_change_one_thing_and_carry_the_rest(
    turns: tuple[str, ...], tool: str, expected: dict[str, float]
) -> None:
    request = talk(*turns)
    assert request.calculator == tool
    for name, value in expected.items():
        assert request.arguments[name] == pytest.approx(value), name
    traced(request)


def test_a_named_sum_of_the_thread_can_be_changed_by_its_name() -> None:
    request = talk("总共6万亿,现金流2.5万亿,发债1.5万亿,还差多少融资?", "发债只有8000亿呢")
    assert request.arguments["sources"] == {"现金流": 2500.0, "发债": 800.0}
    assert traced(request).value("residual") == pytest.approx(2700.0)


def test_the_debates_own_figures_are_used_when_asked_for_and_labelled_as_quotes() -> None:
    trace = traced(
        asked("Using Ethan's figures for the yearly shortfall, how many gigawatts are missing after 4 years?")
    )
    assert (trace.value("gap_low_gw"), trace.value("gap_high_gw")) == (40.0, 80.0)
    assert trace.argument("gap_low").origin.kind == "quote"
    assert trace.argument("gap_low").origin.speaker == "Ethan Xu"


def test_a_half_of_something_unknown_is_asked_for_not_dropped() -> None:
    answer = answer_numeric(asked("折旧少提30亿,税率21%,股本减半,每股收益多多少?"))
    assert isinstance(answer, Clarification)
    assert answer.missing == ("shares",)


def test_carried_inputs_say_so_and_new_ones_are_the_users() -> None:
    trace = traced(talk(LIFE, "那改成4年呢?"))
    assert trace.argument("new_life").origin.kind == "user"
    assert (trace.argument("cost").origin.kind, trace.argument("cost").origin.read) == ("carried", "300亿美元")


def test_a_finished_trace_serves_as_well_as_its_request() -> None:
    trace = traced(asked(LIFE))
    assert asked("那改成4年呢?", trace).arguments["new_life"] == 4
    assert traced(asked("and at 25% tax?", trace)).value("delta_net_income") == pytest.approx(2.4 * 0.75)


def test_a_tax_rate_after_a_change_of_life_goes_on_to_net_income_and_eps() -> None:
    request = talk(LIFE, "and at 25% tax, 12bn shares?")
    assert request.calculator == "earnings_effect"
    answers = calculate(request)
    assert isinstance(answers, tuple)
    assert [a.calculator for a in answers] == ["earnings_effect", "useful_life_change"]
    assert answers[0].value("delta_eps") == pytest.approx(2.4 * 0.75 / 12)
    assert answers[0].argument("delta_dep").origin.source == "useful_life_change.delta_dep"


def test_one_question_may_ask_for_the_end_of_a_chain() -> None:
    request = asked("一批300亿美元的机器本来按5年折旧,第三年初改成7年,税率20%,净利润多出多少?")
    assert request.calculator == "earnings_effect"
    assert traced(request).value("delta_net_income") == pytest.approx(2.4 * 0.8)


def test_a_change_upstream_is_carried_through_the_chain() -> None:
    request = talk(LIFE, "and at 25% tax?", "如果改成6年呢")
    assert traced(request).value("delta_net_income") == pytest.approx((6.0 - 18.0 / 4) * 0.75)


def test_a_new_question_does_not_inherit() -> None:
    request = talk(LIFE, "100块现金放10年,通胀3%,还值多少?")
    assert request.calculator == "real_cash"
    assert request.arguments == {"amount": 100.0, "years": 10.0, "inflation": 0.03}


def test_a_question_about_the_debate_leaves_the_thread() -> None:
    first = asked(LIFE)
    for question in ("那 Rob 怎么看?", "Ethan 说了什么?", "what did Bruce say about it?", "为什么?"):
        assert understand_numeric(question, first, "zh") is None


def test_missing_inputs_are_asked_for_by_name_and_the_answer_completes_the_request() -> None:
    first = asked("把折旧年限从5年改成7年,当年利润多出多少?")
    reply = answer_numeric(first)
    assert isinstance(reply, Clarification)
    assert reply.missing == ("cost", "age")
    assert "资产原值" in reply.message
    assert traced(asked("300亿,第三年初", first)).value("delta_dep") == pytest.approx(-2.4)


def test_a_quote_stands_in_and_is_labelled() -> None:
    trace = traced(asked("如果营收只有一半,1.4万亿分8年投,毛利率60%,覆盖率多少?"))
    assert trace.argument("revenue").value == pytest.approx(50.0)
    assert trace.argument("revenue").origin.source == "100 → 50"


@pytest.mark.parametrize(
    ("question", "field", "read"),
    [
        ("少提折旧150亿,净利润800亿,税率120%,利润虚增多少?", "tax_rate", "1.2"),
        ("每年缺10到20吉瓦时,5年累计缺口多少?", "gap_low", "10到20吉瓦时"),
        ("300亿元人民币的服务器按5年直线折旧,每年折旧多少?", "cost", "300亿元人民币"),
        ("A gap of 20 to 10 GW a year for 5 years: how much in total?", "gap_high", "10.0"),
        ("500亿设备按0年直线折旧,每年多少?", "life", "0"),
        ("P/E from -5 to 20 with earnings up 10%: price change?", "pe0", "-5"),
        ("一批300亿美元的机器本来按5年折旧,第三年初改成1年,当年利润多出多少?", "new_life", "1.0 years"),
        ("Trailing P/E was 30x, forward P/E is 24x, EPS growth 15%: price change?", "pe1", "trailing + forward"),
        ("tax rate 21% and tax rate 25%: net income effect of 3bn less depreciation?", "tax_rate", "25%, 21%"),
        ("Write off $10bn over minus 5 years straight line, annual charge?", "life", "-5"),
        ("通胀-150%,1万美元现金10年后值多少", "inflation", "-1.5"),
        ("real value of -$500 in 10 years at 3% inflation?", "amount", "-$500"),
        ("If earnings fall 120% and the P/E goes from 20 to 25, what does the price do?", "eps_growth", "-1.2"),
    ],
)  # fmt: skip
def test_refusals_name_field_range_and_what_was_read(question: str, field: str, read: str) -> None:
    answer = answer_numeric(asked(question))
    assert isinstance(answer, Refusal)
    assert (answer.field, answer.read) == (field, read)
    assert field in answer.message and answer.allowed in answer.message and read in answer.message


def test_a_range_for_one_input_is_computed_at_both_ends() -> None:
    answers = calculate(asked("5到7万亿投入要10%回报,利润率50%,一年要多少收入?"))
    assert isinstance(answers, tuple)
    assert [a.value("revenue") for a in answers] == pytest.approx([1000.0, 1400.0])


@pytest.mark.parametrize(
    ("question", "output"),
    [
        ("GDP增长1.6%,IT占4%、增长37%,去掉IT还剩多少?", "ex_subtract"),
        ("GDP grows 2%, IT is 5% of GDP and grows 20%: what share of growth is it?", "share_of_growth"),
        ("每年缺15到25吉瓦,累积5年,每吉瓦500亿美元,一共要多少钱?", "capex_high"),
        ("学习率20%,累计产量翻三番,单位成本从100美元降到多少?", "cost1"),
        ("折旧少了29亿,税率15%,25亿股,每股收益多多少?", "delta_eps"),
        (LIFE, "delta_dep"),
    ],
)
def test_the_output_asked_for(question: str, output: str) -> None:
    assert asked(question).wanted == output


@given(st.integers(1, 9000), st.integers(2, 9), st.integers(1, 9), st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_any_change_of_life_is_read_or_refused_never_altered(cost: int, old: int, longer: int, age: int) -> None:
    question = f"一批{cost}亿美元的机器本来按{old}年折旧,第{age + 1}年初改成{old + longer}年,当年利润多出多少?"
    request = asked(question)
    assert request.arguments["cost"] == pytest.approx(cost / 10)
    assert [request.arguments[n] for n in ("old_life", "new_life", "age")] == [old, old + longer, age]
    answer = answer_numeric(request)
    assert isinstance(answer, CalculationTrace if age < old else Refusal)


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_it(text: str) -> None:
    for previous in (None, asked(LIFE)):
        request = understand_numeric(text, previous, "zh")
        if request is not None:
            assert isinstance(answer_numeric(request), CalculationTrace | Clarification | Refusal)
