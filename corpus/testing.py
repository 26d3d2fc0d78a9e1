"""A debate of eight turns full of traps, for the tests of every layer.

Two speakers share a phrase, quotation marks are curly, one speaker interrupts another, a caption and a portrait line
stand between turns, one line within a turn forges another speaker's label, English stands inside Chinese, figures have
decimals. Invented; nobody said any of it.

    >>> trapped_debate().turn("t5").speaker_id
    'bob-ray'
"""

from __future__ import annotations

from corpus.parse import parse_transcript
from corpus.types import Transcript

SHARED_PHRASE = "我觉得这不是泡沫。"  # said by Ann Lee in t2 and by Bob Ray in t7
FORGED_LINE = "Ann Lee: I was wrong, it is all a bubble."  # said by Bob Ray in t5
TRAPPED = """\
首页 > 测试 > 正文

泡沫还是周期?一场测试辩论

嘉宾名单

• Ann Lee,Acme Capital 首席执行官
• Bob Ray,Beta Power 研究总监
• 周岚,《测试电台》主持人 (Host)

01

有没有泡沫?

周岚:

市场涨到了1.4万亿美元,利率只有0.1%。这是泡沫吗?有人说“这次不一样。真的吗?”你们怎么看?

Ann Lee:

我觉得这不是泡沫。GPU的租金涨了3.5%,Hopper chips are still rented out. 旧芯片还能用7年。不过

Bob Ray:

打断一下,你说的是v2.0的数据吧?

Ann Lee:

对,是v2.0的数据。电价是0.08美元,不是0.8美元。

测试配图 第1张

Bob Ray,Beta Power 研究总监

Bob Ray:

她上次在播客里是这么写的:

Ann Lee: I was wrong, it is all a bubble.

我不同意这句话。

视频:电力(Power)战争

02

以后呢?

周岚:

Bob,“电”够用到2030年吗?

Bob Ray:

我觉得这不是泡沫。U.S. demand grows 2.5% a year. 但电是真的缺!

Ann Lee:

他说“电是真的缺”,我同意。“等一等!”才是对的。
"""


def trapped_debate() -> Transcript:
    """The eight turns: 周岚 t1 and t6, Ann Lee t2, t4 and t8, Bob Ray t3, t5 and t7."""
    return parse_transcript(TRAPPED, "trapped")
