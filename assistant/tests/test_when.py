"""What a question says of the time of speaking, and what only sounds like it."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.when import read_when

SAID = (0.0, 3922.0)  # to 1:05:22


@pytest.mark.parametrize(
    ("question", "stretch"),
    [
        ("What did Ann say in the first ten minutes?", (0, 600)),
        ("What was said within the first half hour?", (0, 1800)),
        ("the first hour and a half", (0, 5400)),
        ("In the first two and a half minutes, who spoke?", (0, 150)),
        ("who spoke in the opening 90 seconds", (0, 90)),
        ("What did Ann say in the last 5 min about the port?", (3622, inf)),
        ("last five minutes", (3622, inf)),
        ("and in the final minute?", (3862, inf)),
        ("What did Ann say after 1:05:00?", (3900, inf)),
        ("What was said after minute 12?", (720, inf)),
        ("who spoke after the first quarter of an hour", (900, inf)),
        ("What was said between 12:00 and 20:00 about tolls?", (720, 1200)),
        ("12:00–20:00, who spoke?", (720, 1200)),
        ("between minutes 12 and 20", (720, 1200)),
        ("What did Ann say at 0:39?", (9, 69)),
        ("What was said in the 12th minute?", (660, 780)),
        ("Twenty minutes in, what did they discuss?", (1140, 1260)),
        ("who spoke an hour and ten minutes into the debate", (4140, 4260)),
        ("What did Ann say in the second half of the debate?", (1961, inf)),
        ("前十分钟说了什么?", (0, 600)),
        ("Ann前半小时提到了桥吗", (0, 1800)),
        ("开场五分钟里主持人问了什么", (0, 300)),
        ("最后五分钟谁提到了屋顶", (3622, inf)),
        ("第12分钟之后说了什么", (720, inf)),
        ("一小时零五分之后谁说话了", (3900, inf)),
        ("一个半小时以后谁说话了", (5400, inf)),
        ("12：00到20：00之间谁说话", (720, 1200)),
        ("第十二到二十分钟说了什么", (720, 1200)),
        ("第12分30秒说了什么", (720, 780)),
        ("第十二分钟前谁说话", (0, 720)),
        ("第20秒之后说了什么", (20, inf)),
        ("辩论后半段谁提到桥", (1961, inf)),
    ],
)
def test_a_stretch_of_the_recording(question: str, stretch: tuple[float, float]) -> None:
    when = read_when(question, SAID)
    assert when.seconds == stretch and not when.asks
    assert not any(character.isdigit() for character in when.rest) and any(c.isalnum() for c in when.rest)


@pytest.mark.parametrize(
    "question",
    [
        "What happens in the first two hours after surgery?",
        "What did Ann say of the last ten minutes of the battery's life?",
        "Does the train leave at 10:30 am?",
        "What will happen in the second half of 2026?",
        "growth in the first half",
        "How many minutes does a charge take?",
        "Who keeps the last word?",
        "目前要等5分钟吗",
        "喷药前四十八小时必须通知谁",
        "加八分钟之后投诉涨了,这话是谁说的?",
        "AI走到了上半场还是下半场",
        "花了几分钟",
        "比例是3:1吗",
    ],
)
def test_a_time_of_the_matter_is_left_alone(question: str) -> None:
    assert read_when(question, SAID) == (question, None, False, False)


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("When did Ann Lee talk about the inverter?", "Ann Lee talk about the inverter?"),
        ("When did she say that?", "she say that?"),
        ("At what minute does Ann mention the port?", "Ann mention the port?"),
        ("When was the inverter mentioned by Ann?", "the inverter mentioned by Ann?"),
        ("How far into the debate did tolls come up?", "tolls come up?"),
        ("What's the timestamp of the toll quote?", "the toll quote?"),
        ("Ann什么时候提到逆变器的?", "Ann 提到逆变器的?"),
        ("逆变器是几分几秒说的?", "逆变器说的?"),
        ("第几分钟谈到隧道?", "谈到隧道?"),
        ("什么时候说的?", "说的?"),
    ],
)
def test_a_moment_is_asked_for(question: str, rest: str) -> None:
    assert read_when(question, SAID) == (rest, None, True, True)


@pytest.mark.parametrize("question", ["When did Ann say the bridge opens?", "Ann什么时候说桥会开?"])
def test_when_somebody_said_it_would_be_may_mean_the_date(question: str) -> None:
    when = read_when(question)
    assert when.asks and not when.surely


@pytest.mark.parametrize(
    "question",
    [
        "When was the interview about a guarantee?",
        "When did the boom run?",
        "when did the mania blow up according to the host",
        "When did Ann first invest?",
        "At what point does the field pay back?",
        "什么时候泡沫会破?",
        "什么时候能回本,谁说的?",
        "预计什么时候提出的议案能通过",
    ],
)
def test_a_date_is_no_moment_of_speaking(question: str) -> None:
    assert not read_when(question).asks


def test_what_begins_late_is_counted_from_its_beginning() -> None:
    said = (36_000.0, 39_600.0)  # 10:00:00 to 11:00:00
    assert read_when("in the first ten minutes", said).seconds == (36_000, 36_600)
    assert read_when("开场十分钟以后谁说话了", said).seconds == (36_600, inf)
    assert read_when("in the second half of the meeting", said).seconds == (37_800, inf)
    assert read_when("Who spoke after 10:30:00?", said).seconds == (37_800, inf)


@given(st.text(max_size=80), st.floats(0, 1e5))
def test_any_text_is_read_without_trouble(question: str, length: float) -> None:
    when = read_when(question, (0.0, length))
    if when.seconds is not None:
        assert when.seconds[0] >= 0 and when.seconds[1] >= 0 and any(c.isalnum() for c in when.rest)


@pytest.mark.parametrize("clock", ["9:99", "99999:00", "1:2", "::", "12:345", "0:00"])
def test_odd_clock_times_are_read_or_left(clock: str) -> None:
    read_when(f"What was said at {clock}?", SAID)
