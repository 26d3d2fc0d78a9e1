"""Two debates full of traps, for the tests of every layer; invented, nobody said any of it.

``trapped_debate``: two speakers share a phrase, quotation marks are curly, one speaker interrupts another, a caption
and a portrait line stand between turns, one line within a turn forges another speaker's label, English stands inside
Chinese, figures have decimals. ``timed_debate``: subtitles whose sentences run over cues, with times, escapes, the
address of a recording, and words of which nobody knows who said them.

    >>> trapped_debate().turn("t5").speaker_id
    'bob-ray'
"""

from __future__ import annotations

import hashlib
import re
import sqlite3

from corpus.parse import assemble, parse_transcript
from corpus.readers.reading import Piece, Reading, ReadTurn
from corpus.readers.times import TIME, seconds_of
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


TIMED = """\
WEBVTT

NOTE https://example.org/harbour

1
00:00:00.000 --> 00:00:04.500
<v Nora Field>Good evening. Tonight: should the city build a

2
00:00:05.000 --> 00:00:09.500
<v Nora Field>tunnel under the harbour, or a second bridge?

3
00:00:09.000 --> 00:00:13.500
<v Tomas Weil>A tunnel. It costs 410 million, but it never closes

4
00:00:14.000 --> 00:00:18.500
<v Tomas Weil>for wind, and the old bridge closed 38 days last year.

5
00:00:24.000 --> 00:00:28.500
<v Ines Braga>I disagree. The bridge costs 260 million &amp; it

6
00:00:29.000 --> 00:00:33.500
<v Ines Braga>opens two years earlier. The port cannot wait.

7
00:12:05.000 --> 00:12:08.500
Who pays for R&amp;D on the

8
00:12:09.000 --> 00:12:12.000
wind barriers of the bridge?

9
00:12:41.000 --> 00:12:45.500
<v Tomas Weil>Tolls pay half of the tunnel. The other

10
00:12:46.000 --> 00:12:50.500
<v Tomas Weil>half is a loan over thirty years.

11
00:40:10.000 --> 00:40:14.500
<v 周岚>渡轮的票价太

12
00:40:15.000 --> 00:40:18.500
<v 周岚>高了。我认为应该先修旧桥。

13
01:05:12.000 --> 01:05:16.500
<v Ines Braga>Tolls will push trucks through the old town,

14
01:05:17.000 --> 01:05:21.500
<v Ines Braga>and nobody asked the people who live there.

15
01:05:22.000 --> 01:05:25.000
<v Ines Braga>The port cannot wait.
"""
_CUE = re.compile(rf"^(?P<time>{TIME}) -->.*\n(?:<v (?P<name>[^>]+)>)?(?P<words>.+)$", re.MULTILINE)


def timed_debate() -> Transcript:
    """Seven turns: Nora Field t1, Tomas Weil t2 and t5, Ines Braga t3 and t7, nobody known t4, 周岚 t6."""
    turns: list[ReadTurn] = []
    for cue in _CUE.finditer(TIMED):
        piece = Piece(cue.start("words"), cue.end("words"), seconds_of(cue["time"]))
        if turns and turns[-1].name == cue["name"]:
            turns[-1] = turns[-1]._replace(paragraphs=((*turns[-1].paragraphs[0], piece),))
        else:
            line = TIMED.count("\n", 0, piece.start) + 1
            turns.append(ReadTurn(cue["name"], line, ((piece,),), piece.seconds))
    reading = Reading(
        "WebVTT", TIMED, tuple(turns), "html", "Tunnel or bridge", recording="https://example.org/harbour"
    )
    return assemble(reading, "harbour", hashlib.sha256(TIMED.encode()).hexdigest())


class FaultyConnection:
    """A connection to SQLite one of whose statements fails as a dying disk makes it fail."""

    def __init__(self, inner: sqlite3.Connection, fail_at: int) -> None:
        """Args: fail_at: which statement, from 1, counted from now."""
        self._inner, self._left = inner, fail_at
        self.failed = False

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        """As the connection's, but for the one that fails."""
        self._count()
        return self._inner.execute(sql, *values)  # type: ignore[arg-type]

    def executemany(self, sql: str, *values: object) -> sqlite3.Cursor:
        """As the connection's, but for the one that fails."""
        self._count()
        return self._inner.executemany(sql, *values)  # type: ignore[arg-type]

    def _count(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.failed = True
            raise sqlite3.OperationalError("disk I/O error")
