"""What kind of detail a question asks for, and whether a sentence holds one of that kind. Pure.

"How many per cent?" is not answered by a sentence without a percentage, however near its subject is.
"""

from __future__ import annotations

import re
from typing import Literal

from corpus.normalize import fold_text

Detail = Literal["percent", "money", "duration", "day", "date", "power", "number", "multiple", "name"]

_CASE = re.IGNORECASE
_ASKED: tuple[tuple[Detail, re.Pattern[str]], ...] = (
    ("percent", re.compile(r"百分之|百分比|比例|占比|几成|多少成|概率|几率|利率|税率|增速|增长率|回报率|收益率|跌幅|涨幅|毛利率|利润率|份额|几个点|"
                           r"\bper ?cent|\bshare of|\bwhat share|\bproportion|\bfraction|\bprobabilit|\bodds\b|\bchance|\b(?:interest|growth|tax|coupon|return) rate|\bmargin|\byield|\bcoupon", _CASE)),
    ("multiple", re.compile(r"几倍|多少倍|市盈率|估值倍数|多少x|\bhow many times|\bmultiple\b|p/e|\bpe ratio", _CASE)),
    ("power", re.compile(r"吉瓦|兆瓦|千瓦|\bgw\b|\bmw\b|\bgigawatts?|\bmegawatts?|多少(?:度)?电|耗电|\bhow much (?:power|electricity|energy)|\bpower (?:draw|consum)", _CASE)),
    ("money", re.compile(r"多少(?:钱|美元|美金|块|亿|万|人民币)|几(?:亿|万亿|块|美元)|股价|市值|价格|目标价|营收|收入|利润(?:是|有)|金额|造价|成本(?:是|有|多)|身价|租金|费用|薪|"
                         r"\bhow much (?:money|does|did|is|are|was|were|do|would|will|cash|capital|revenue|debt)|\bhow expensive|\bprice (?:of|target|per)|\bwhat price|\bshare price|\bstock price|\bmarket cap|\bdollar|\brevenue|\bcosts?\b|\bsalary|\bamount", _CASE)),
    ("duration", re.compile(r"几年|多少年|多久|多长时间|几个月|多少天|年限|寿命|\bhow long|\bhow many (?:years|months|days|quarters)|\blifespan|\buseful li", _CASE)),
    ("day", re.compile(r"几月|几号|哪(?:一)?天|哪个月|具体日期|日期|到期日|\b(?:what|which) (?:month|date|day)|\bexact(?:ly)? (?:date|when)|\bwhen exactly|\bexpir", _CASE)),
    ("date", re.compile(r"哪一?年|几几年|什么时候|何时|哪个季度|具体(?:年份|时间)|年份|\bwhen\b|\b(?:what|which) (?:year|quarter)|\bwhat exact year", _CASE)),
    ("name", re.compile(r"哪(?:几)?(?:家|只|份|位(?!嘉宾|主持|说|提|讲|打|举|介绍|引|把|用|先|最|觉得|认为|主张|指出|反对)|[些个座]?(?:公司|机构|人(?!说|提|讲|认为|觉得|主张|反对)|官员|基金|银行|股票|个股|州|城市|国家|省|地方|地区|报纸|媒体|频道|平台|交易所|大学))|叫什么|什么名字|是谁(?!说|提|讲|打|举|介绍|引|把|用|先|最|觉得|认为|主张|指出|反对|的(?:观点|话)|\W*$)|什么(?:型号|牌子|品牌)|第几代|"
                      r"\bwho (?:is|was|are|were) the\b|\bwhich (?:\w+ ){0,2}(?:compan|fund|bank|outlet|maker|official|firm|vendor|supplier|generation|article|publication|model|battery|provider|startup|newspaper|paper|magazine|channel|network|journal|analyst|economist|lender|insurer|investor|stock|ticker|share|state|cit(?:y|ies)|countr|county|region|town|place|exchange|universit|report\b|survey|dataset|stud(?:y|ies)\b)\w*|\bname of\b|\bnamed?\b|\bwhat (?:brand|model)", _CASE)),
    ("number", re.compile(r"多少|几(?:个|家|座|块|片|台|颗|人|名|次|种|位|倍)|\bhow many\b|\bwhat number|\bwhat figure|\bhow (?:big|large|high|far|fast)", _CASE)),
)  # fmt: skip
_HELD: dict[Detail, re.Pattern[str]] = {
    "percent": re.compile(r"\d\s*%|百分之|[一二两三四五六七八九]成|一半|三分之|\d/\d|\bper ?cent|\bhalf\b|\bthirds?\b|\d年每年", _CASE),
    "multiple": re.compile(r"\d\s*(?:倍|x\b|times)|[一二两三四五六七八九十]倍", _CASE),
    "power": re.compile(r"(?:\d|几|十|百)[^。,]{0,6}(?:吉瓦|兆瓦|千瓦|gw|mw|gigawatt|megawatt)", _CASE),
    "money": re.compile(r"\d[\d.,]*\s*(?:万亿|亿|万|trillion|billion|million|tn|bn|块|美元|美金|dollars?|usd)|[$¥€]\s*\d|[几一二两三四五六七八九十百千]+(?:万亿|亿|万)美?元?", _CASE),
    "duration": re.compile(r"(?:\d|[一二两三四五六七八九十几])\s*(?:多)?(?:个)?(?:年|月|天|季度|years?|months?|days?|quarters?)|\bdecades?\b", _CASE),
    "date": re.compile(r"(?:19|20)\d\d|\b\d\d年|\d+月|q[1-4]|季度|明年|后年|去年|今年|上半年|下半年|\bnext year|\blast year", _CASE),
    "day": re.compile(r"\d+\s*[月日号]|周[一二三四五六日]|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d|\b(?:mon|tues|wednes|thurs|fri)day", _CASE),
    # Not the first word of an English sentence, whose capital tells nothing, nor what everybody abbreviates.
    "name": re.compile(
        r"(?:(?<=[^.!?。？！:：“”\"(]\s)|(?<=[\u3400-\u9fff,，、“(（-])|^(?=[A-Za-z .&]*[\u3400-\u9fff]))"
        r"(?!(?:AI|GPUs?|CPUs?|TPUs?|CEOs?|CFOs?|CTOs?|US|USA|GDP|CDS|IPO|ETFs?|PE|API|LLMs?|AGI|SPVs?|ROI|IT|It|Wall|Street)\b)"
        r"[A-Z][A-Za-z]+"
    ),
    "number": re.compile(r"\d|[一二两三四五六七八九十百千万几]+[个家座块片台颗人名次种位倍]"),
}  # fmt: skip


def asked_detail(question: str) -> Detail | None:
    """The kind of detail a question asks for, the most particular first; None when it asks for none."""
    folded = fold_text(question)
    return next((detail for detail, pattern in _ASKED if pattern.search(folded)), None)


def holds_detail(text: str, detail: Detail, question: str = "") -> bool:
    """Whether a text holds a detail of that kind; a name counts only when the question does not hold it already."""
    if detail == "name":
        return any(name.casefold() not in question.casefold() for name in _HELD["name"].findall(text))
    return bool(_HELD[detail].search(fold_text(text)))


_NUMBER = re.compile(r"\d+(?:\.\d+)?|(?<=第)?[一二三四](?=季度)")
_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4", "first": "1", "second": "2", "third": "3", "fourth": "4"}
_QUARTER_WORDS = re.compile(r"\b(first|second|third|fourth) quarter")


def numbers_in(text: str) -> set[str]:
    """The numbers of a text as digits, quarters of a year included."""
    folded = fold_text(text)
    found = {_QUARTERS.get(n, n) for n in _NUMBER.findall(folded)}
    return found | {_QUARTERS[word] for word in _QUARTER_WORDS.findall(folded)}
