"""Figures as people write them; each test is named after what would be misread."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import CalculatorInputError
from assistant.numeric.numerals import normalized, read_numeral
from assistant.numeric.quantities import Quantity, gigawatts, read_quantities, usd_billions, usd_per_kwh


def only(text: str) -> Quantity:
    """The one figure of a text; more or fewer fail."""
    found = read_quantities(text)
    assert len(found) == 1, [q.text for q in found]
    return found[0]


def figures(text: str) -> list[tuple[str, float, float, str]]:
    return [(q.text, q.low, q.high, q.unit) for q in read_quantities(text)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三百亿", 3e10), ("两千五百亿", 2.5e11), ("一万亿", 1e12), ("一万四千亿", 1.4e12), ("1.4万亿", 1.4e12),
        ("一点四万亿", 1.4e12), ("3千5百亿", 3.5e11), ("1亿5千万", 1.5e8), ("三亿五千万", 3.5e8), ("300个亿", 3e10),
        ("六億", 6e8), ("贰拾亿", 2e9), ("100 亿", 1e10), ("1,400亿", 1.4e11), ("１，４００億", 1.4e11),
        ("$1.4 trillion", 1.4e12), ("1.4tn", 1.4e12), ("300bn", 3e11), ("30b", 3e10), ("$300m", 3e8),
        ("half a trillion dollars", 5e11), ("a hundred billion", 1e11), ("one hundred and fifty billion", 1.5e11),
        ("one point four trillion", 1.4e12), ("two and a half trillion", 2.5e12), ("1.4兆美元", 1.4e12), ("$40k", 4e4),
        ("US$30bn", 3e10), ("30 billion dollars", 3e10), ("190块钱", 190.0), ("百亿美元", 1e10), ("25 cents", 0.25),
    ],
)  # fmt: skip
def test_money_in_both_languages(written: str, value: float) -> None:
    quantity = only(f"花了{written},")
    assert quantity.family == "money"
    assert quantity.low == quantity.high == pytest.approx(value, rel=1e-12)
    assert quantity.text == written
    assert usd_billions(quantity)[0] == pytest.approx(value / 1e9, rel=1e-12)


@pytest.mark.parametrize(
    ("written", "fraction"),
    [
        ("20%", 0.2), ("20％", 0.2), ("两成", 0.2), ("两成半", 0.25), ("百分之五", 0.05), ("百分之二十一", 0.21),
        ("千分之三", 0.003), ("三分之一", 1 / 3), ("1/3", 1 / 3), ("½", 0.5), ("twenty percent", 0.2), ("half", 0.5),
        ("一半", 0.5), ("a third", 1 / 3), ("two-thirds", 2 / 3), ("three quarters", 0.75), ("50 bps", 0.005),
        ("25个基点", 0.0025), ("3个百分点", 0.03), ("3 percentage points", 0.03), ("八折", 0.8), ("20 per cent", 0.2),
    ],
)  # fmt: skip
def test_fractions_in_both_languages(written: str, fraction: float) -> None:
    quantity = only(f" {written} ")
    assert quantity.text == written
    assert quantity.in_unit("fraction")[0] == pytest.approx(fraction, rel=1e-12)


@pytest.mark.parametrize(
    ("written", "low", "high", "unit"),
    [
        ("8到12个吉瓦", 8, 12, "GW"), ("十几、二十个吉瓦", 10, 20, "GW"), ("十几二十个吉瓦", 10, 20, "GW"),
        ("50到100吉瓦", 50, 100, "GW"), ("5-7tn", 5e12, 7e12, "USD"), ("5到7万亿美元", 5e12, 7e12, "USD"),
        ("$5 to $7 trillion", 5e12, 7e12, "USD"), ("30~40美元", 30, 40, "USD"), ("30、40美元", 30, 40, "USD"),
        ("三四十亿美元", 3e9, 4e9, "USD"), ("三到四百亿", 3e10, 4e10, "USD"), ("二百到三百亿", 2e10, 3e10, "USD"),
        ("四五年", 4, 5, "years"), ("6、7年", 6, 7, "years"), ("两三年", 2, 3, "years"), ("20多亿美元", 2e9, 3e9,
        "USD"),
        ("5 or 6 years", 5, 6, "years"), ("10–20 GW", 10, 20, "GW"), ("3%-5%", 3, 5, "%"), ("十几年", 11, 19, "years"),
        ("百分之三十到四十", 0.3, 0.4, "fraction"), ("2026到2028年", 2026, 2028, "year"), ("2026–28", 2026, 2028,
        "year"),
        ("08、09年", 2008, 2009, "year"), ("twenty to thirty percent", 20, 30, "%"),
    ],
)  # fmt: skip
def test_ranges_and_vague_numbers(written: str, low: float, high: float, unit: str) -> None:
    quantity = only(f"大约{written}左右")
    assert [quantity.low, quantity.high] == pytest.approx([low, high])
    assert quantity.unit == unit
    assert quantity.text == written


def test_between_makes_a_range_and_a_bare_and_makes_two_figures() -> None:
    assert figures("between 4 and 6 years") == [("4 and 6 years", 4.0, 6.0, "years")]
    assert figures("4 and 6 years") == [("4", 4.0, 4.0, "years"), ("6 years", 6.0, 6.0, "years")]


@pytest.mark.parametrize(
    "text", ["从4到6年", "from 4 to 6 years", "4→6年", "由4年到6年", "life goes 4 -> 6 years", "从4年延长到6年"]
)
def test_a_change_is_two_figures_not_a_range(text: str) -> None:
    assert [(q.low, q.high, q.unit) for q in read_quantities(text)] == [(4, 4, "years"), (6, 6, "years")]


def test_a_falling_pair_is_a_change_and_the_first_takes_the_unit_of_the_second() -> None:
    assert [(q.low, q.unit) for q in read_quantities("28到26倍")] == [(28, "multiple"), (26, "multiple")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("跌20%", -20), ("down 20%", -20), ("−20%", -20), ("-20%", -20), ("负20%", -20), ("minus 20%", -20),
        ("减少了约20%", -20), ("falls by 20%", -20), ("跌到20%", 20), ("降至20%", 20), ("down to 20%", 20),
        ("cut to 20%", 20),
        ("涨20%", 20), ("up 20%", 20), ("通胀-2%", -2), ("减半", -50), ("腰斩", -50), ("halved", -50),
    ],
)  # fmt: skip
def test_a_fall_is_negative_but_a_level_is_not(text: str, values: float) -> None:
    assert only(text).low == values


@pytest.mark.parametrize(
    ("text", "price", "unit"),
    [
        ("$0.08/kWh", 0.08, "USD/kWh"), ("8美分一度电", 0.08, "USD/kWh"), ("每度电8美分", 0.08, "USD/kWh"),
        ("8¢/kWh", 0.08, "USD/kWh"), ("8 cents per kWh", 0.08, "USD/kWh"), ("$80/MWh", 0.08, "USD/kWh"),
        ("每千瓦时0.08美元", 0.08, "USD/kWh"), ("0.08美元每千瓦时", 0.08, "USD/kWh"), ("$2 an hour", 2, "USD/h"),
        ("每小时2.3美元", 2.3, "USD/h"), ("$2.3/GPU-hr", 2.3, "USD/h"), ("2157 $/kW", 2157, "USD/kW"),
        ("$50bn per GW", 50, "USD bn/GW"), ("每吉瓦500亿美元", 50, "USD bn/GW"), ("$3.5/MMBtu", 3.5, "USD/MMBtu"),
        ("100美元一桶", 100, "USD/bbl"),
    ],
)  # fmt: skip
def test_prices_are_money_per_something(text: str, price: float, unit: str) -> None:
    quantity = only(text)
    assert quantity.family == "price"
    assert quantity.in_unit(unit)[0] == pytest.approx(price, rel=1e-12)


def test_energy_is_not_power() -> None:
    assert [q.family for q in read_quantities("20 GWh, 20 GW, 20吉瓦时, 20个吉瓦, 5度电, 3千瓦")] == [
        "energy", "power", "energy", "power", "energy", "power",
    ]  # fmt: skip
    with pytest.raises(CalculatorInputError, match="GWh"):
        gigawatts(only("20吉瓦时"))
    assert gigawatts(only("300兆瓦")) == (0.3, 0.3)
    assert only("10.2千瓦").in_unit("kW") == (10.2, 10.2)


def test_other_currencies_are_never_taken_for_dollars() -> None:
    for text in ("300亿元", "¥300亿", "300亿元人民币", "€30bn", "300亿港元"):
        with pytest.raises(CalculatorInputError):
            usd_billions(only(text))
    with pytest.raises(CalculatorInputError):
        usd_per_kwh(only("0.5元一度电"))


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("五年半", 5.5), ("半年", 0.5), ("half a year", 0.5), ("five and a half years", 5.5),
        ("a year and a half", 1.5),
        ("18个月", 1.5), ("18 months", 1.5), ("5-year", 5), ("20y", 20), ("5½ years", 5.5), ("3年", 3), ("七年", 7),
        ("a couple of years", 2), ("nine months", 0.75),
    ],
)  # fmt: skip
def test_durations(text: str, years: float) -> None:
    quantity = only(text)
    assert quantity.family == "years"
    assert quantity.in_unit("years")[0] == pytest.approx(years)


@pytest.mark.parametrize(
    ("text", "n"),
    [("第三年初", 3), ("第2年末", 2), ("the third year", 3), ("year 3", 3), ("3rd year", 3), ("第十二年", 12)],
)
def test_an_ordinal_year_is_no_duration(text: str, n: int) -> None:
    assert [(q.family, q.low) for q in read_quantities(text)] == [("ordinal_year", n)]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2026年", 2026),
        ("in 2030", 2030),
        ("FY25", 2025),
        ("二零二六年", 2026),
        ("08年", 2008),
        ("98年", 1998),
        ("2026E", 2026),
    ],
)
def test_a_calendar_year_is_no_duration(text: str, year: int) -> None:
    assert [(q.family, q.low) for q in read_quantities(text)] == [("year", year)]


@pytest.mark.parametrize(
    "text",
    [
        "一些公司一直这样", "上半年", "下半年怎么样", "the first half", "第二季度", "二季度", "H100 和 B200", "GPT-4",
        "Q3",
        "11月15日", "十二月降息", "多少年?", "折旧几年?", "半导体", "十分重要", "千万不要", "万一跌了呢",
        "one of them", "两者",
        "万亿基建", "24/7", "5G网络", "十年代", "half-year convention", "10-K", "第六代芯片", "一度冲高", "统一",
        "a question",
        "double declining balance", "陆续", "参与", "2025/11/15", "百度", "1e9",
    ],
)  # fmt: skip
def test_look_alikes_are_no_figures(text: str) -> None:
    assert read_quantities(text) == ()


def test_shares_times_and_counts_keep_their_unit() -> None:
    text = "28倍市盈率,124亿股, 3x, 12.3 billion diluted shares, 8760小时, 6.6 MMBtu/MWh, 4,000 draws"
    assert [(q.low, q.unit) for q in read_quantities(text)] == [
        (28, "multiple"), (1.24e10, "shares"), (3, "multiple"), (1.23e10, "shares"), (8760, "hours"),
        (6.6, "MMBtu/MWh"), (4000, "draws"),
    ]  # fmt: skip


def test_flows_bounds_and_approximations_are_told() -> None:
    assert [q.per for q in read_quantities("每年缺12吉瓦; 12 GW a year; 500亿/年; 12 GW")] == [
        "year",
        "year",
        "year",
        "",
    ]
    assert [q.bound for q in read_quantities("超过300亿, 不到两成, at least 5 years, over 8 years")] == [
        "at_least", "at_most", "at_least", "",
    ]  # fmt: skip
    assert [q.approximate for q in read_quantities("约1000亿; about 5 years; 12吉瓦左右; 三四十亿; 5年")] == [
        True, True, True, True, False,
    ]  # fmt: skip


def test_the_question_of_the_specification() -> None:
    text = "一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?"
    assert [(q.text, q.family, q.low) for q in read_quantities(text)] == [
        ("300亿美元", "money", 3e10), ("5年", "years", 5), ("第三年", "ordinal_year", 3), ("7年", "years", 7),
    ]  # fmt: skip


PIECES = st.sampled_from(
    ["三百亿", "1.4万亿", "十几", "二十多", "半", "一", "点", "万", "亿", "两成", "5", "3.5", "1/3", "%", "年", "到",
    "-", "~", "$",
     "bn", "tn", " ", ",", "GW", "GWh", "吉瓦", "美元", "from ", " to ", "half ", "a ", "third", "five", "hundred",
     "第", "每", "度电",
     "跌", "约", "k", "/", "kWh", "２", "萬億", "½", "多", "个", "、", "2026", "\u200b", "H100", "x"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=16).map("".join)))
def test_every_span_is_exact_ordered_and_apart(text: str) -> None:
    end = 0
    for quantity in read_quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text != ""
        assert quantity.start >= end
        assert quantity.low <= quantity.high
        end = quantity.end


def in_chinese(n: int) -> str:
    """Independent writer of Chinese numerals, for n in 1 … 10¹⁶ − 1."""
    digits, small, large = "零一二三四五六七八九", ("", "十", "百", "千"), ("", "万", "亿", "万亿")
    sections = []
    while n:
        n, part = divmod(n, 10_000)
        sections.append(part)
    out = ""
    for level in range(len(sections) - 1, -1, -1):
        part, zero, words = sections[level], False, ""
        for power in range(3, -1, -1):
            digit = part // 10**power % 10
            if digit:
                words += ("零" if zero and words else "") + digits[digit] + small[power]
            zero = digit == 0
        if part:
            out += ("零" if out and part < 1000 else "") + words
            # within 万亿 and 亿 the 亿 is said once
            out += "万" if level == 3 and sections[2] else large[level]
        elif level == 2 and out.endswith("万"):
            out += "亿"
    return out


@given(st.integers(min_value=1, max_value=10**16 - 1))
def test_chinese_numerals_read_back(n: int) -> None:
    words = in_chinese(n)
    numeral = read_numeral(normalized(words).text, 0)
    assert numeral is not None
    assert numeral.low == n
    assert numeral.end == len(words)


@given(st.integers(min_value=0, max_value=10**15), st.sampled_from(["亿", "万亿", "bn", "tn", "万"]))
def test_thousands_separators_change_nothing(n: int, scale: str) -> None:
    with_separators, without = (read_numeral(f"{number}{scale}", 0) for number in (f"{n:,}", str(n)))
    assert with_separators is not None and without is not None
    assert with_separators.low == without.low


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal(999), places=2), st.decimals(0, 500, places=1))
def test_ranges_keep_both_ends(low: Decimal, more: Decimal) -> None:
    high = low + more + Decimal("0.1")
    for joint in ("到", "-", " to ", "~"):
        quantity = only(f"{low}{joint}{high}亿美元")
        assert (quantity.low, quantity.high) == (float(low * 10**8), float(high * 10**8))


@pytest.mark.parametrize(
    "piece", ["一", "1", "1,", "三十", "第", "$", "from 4 to ", "half a ", "每度", "十几、", "twenty ", "-", "1/"]
)
def test_hostile_repetition_stays_linear(piece: str) -> None:
    started = time.process_time()
    read_quantities(piece * (20_000 // len(piece)))
    assert time.process_time() - started < 3.0


@pytest.mark.parametrize("text", ["٠ years", "०~ half a year", "٣٠ GW", "①"])
def test_digits_of_other_scripts_do_not_hold_reading_for_ever(text: str) -> None:
    assert all(text[q.start : q.end] == q.text for q in read_quantities(text))
