"""Sentences of the debate that supply figures to several calculators: the words verbatim, once.

>>> FIVE_OR_SEVEN.speaker
'Rob Li'
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from assistant.calculators.declaration import Bilingual, Note, QuotedFigure


@dataclass(frozen=True)
class Said:
    """Verbatim words of one turn and who said them; `originator` is whose claim it is when it is relayed."""

    speaker: str
    quote: str
    originator: str = ""

    def figure(self, value: JsonValue, about: Bilingual | None = None) -> QuotedFigure:
        """These words as the source of one input's value, in that input's unit."""
        return QuotedFigure(
            quote=self.quote, speaker=self.speaker, value=value, originator=self.originator, about=about
        )

    def note(self, text: Bilingual) -> Note:
        """These words as a remark beside a result."""
        return Note(kind="transcript", text=text, speaker=self.speaker, quote=self.quote)


FIVE_OR_SEVEN = Said(
    "Rob Li",
    "假设GPU实际折旧是5年,如果想省税,可以一年折旧完,折旧越快当期抵税越多;如果折旧越慢(如拉长到7年),账面利润更好看,"
    "估值更高,"
    "虽然多缴税但估值提升对公司有利。",
)
FOUR_TO_SIX_AND_A_HALF = Said(
    "Rob Li",
    "所有大厂(Google, Facebook, Microsoft)都从几年前的4年左右延长到今天的平均6.5年,这对账面利润确有正面影响。",
)
FOUR_FIVE_TO_SIX = Said(
    "陈茜", "比如微软、谷歌、亚马逊都把服务器使用寿命从4-5年延长到了6年。", originator="Michael Burry"
)
ABOUT_FIVE_YEARS = Said(
    "Ethan Xu",
    "以微软为例,其CTO在采访中暗示,他们可能真会把一片芯片用5年左右,逻辑是不需要所有芯片都是最先进的,"
    "可以1/3最先进用于训练,"
    "1/3次先进,1/3老一些用于推理,让所有芯片几乎满负荷运转。",
    originator="Microsoft CTO",
)
BEHIND_AFTER_TWO = Said("Ethan Xu", "我相信很多芯片两年后会变落后,但不会毫无价值,公司会慢慢优化资产。")
SEVEN_YEAR_TPUS = Said("Ethan Xu", "我甚至在会议上听到谷歌公开说,他们7年前的TPU至今仍满负荷运转。", originator="Google")
GENERATION_A_YEAR = Said(
    "刘一鸣",
    "但从价值层面看,芯片迭代速度很快,一年一更新,替换下来后如果变成“旧手机”,虽然能用,但财报中的价值是否迅速缩水,"
    "导致折旧周期需要重新计算?",
)
RENT_STABLE = Said("Yang Ren", "目前上一代Hopper产品租赁价格稳定,并未随Blackwell放量而垮掉。")
OLD_CHIPS_WHEN_SCARCE = Said(
    "Rob Li",
    "当前算力极度短缺,任何GPU都能用;但未来算力不再稀缺,新芯片效率更高,老芯片能否保持低总拥有成本(TOC)是个问题。",
)
