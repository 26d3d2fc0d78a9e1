from __future__ import annotations

import pytest

from corpus.parse import transcript_from_turns
from corpus.readers.hosts import features, fitted, with_hosts
from corpus.readers.roles import leads

TALK = [
    ("{host}", "Good evening. Tonight: a tunnel under the harbour, or a second bridge?"),
    ("{one}", "A tunnel. It costs 410 million, but it never closes for wind."),
    ("{two}", "I disagree. The bridge costs 260 million and opens two years earlier. The port cannot wait."),
    ("{host}", "Who pays the difference if the city chooses the tunnel?"),
    ("{one}", "Tolls pay half of it. The other half is a loan over thirty years."),
    ("{two}", "Tolls will push trucks through the old town, and nobody asked the people who live there."),
]


def hosts(turns: list[tuple[str, str]]) -> list[str]:
    return [speaker.name for speaker in transcript_from_turns(turns, "talk").speakers if speaker.is_host]


def talk(host: str, one: str, two: str) -> list[tuple[str, str]]:
    return [(name.format(host=host, one=one, two=two), words) for name, words in TALK]


def test_who_opens_and_asks_hosts_whatever_the_names() -> None:
    assert hosts(talk("Speaker 1", "Speaker 2", "Speaker 3")) == ["Speaker 1"]
    assert hosts(talk("Nora Field", "Tomas Weil", "Ines Braga")) == ["Nora Field"]


def test_a_chinese_talk_without_names_has_its_host() -> None:
    turns = [
        ("说话人1", "各位好，今天讨论学校食堂要不要改成自助餐。"),
        ("说话人2", "我赞成。去年食堂每天倒掉四十公斤饭菜，自助餐能减少一半。"),
        ("说话人3", "我反对。自助餐的价格要从十二块涨到十八块，很多家庭负担不起。"),
        ("说话人1", "涨价的钱能不能由学校补贴？"),
        ("说话人2", "可以补贴三块，剩下的由家长委员会募捐。"),
        ("说话人3", "募捐不是长久之计，我建议先试一个学期。"),
    ]
    assert hosts(turns) == ["说话人1"]


def test_two_who_trade_arguments_have_no_host() -> None:
    turns = [
        ("Ann Lee", "We should repair the roof first."),
        ("Bob Ray", "The roof can wait until May."),
        ("Ann Lee", "Rain does not wait."),
        ("Bob Ray", "Then borrow nine thousand."),
        ("Ann Lee", "Agreed."),
    ]
    transcript = transcript_from_turns(turns, "talk")
    assert not any(speaker.is_host for speaker in transcript.speakers)
    assert all(0.0 < speaker.host_probability < fitted().believed_from for speaker in transcript.speakers)


@pytest.mark.parametrize("label", ["Moderator", "主持人", "Operator", "MODERADORA", "司会", "Ann Lee (host)"])
def test_the_files_word_decides_at_once(label: str) -> None:
    turns = [("Tomas Weil", "Welcome, Ines. Why?"), (label, "Tolls pay for all of it, and for the park besides.")]
    marked = [s for s in transcript_from_turns(turns * 3, "talk").speakers if s.is_host]
    assert len(marked) == 1 and marked[0].host_probability == 1.0 and marked[0].name in label


@pytest.mark.parametrize("role", ["Hosting Partners", "Director", "former moderator", "guest", "Speaker 1"])
def test_other_roles_do_not_decide(role: str) -> None:
    assert not leads(role)


@pytest.mark.parametrize("label", ["The CHAIRMAN", "Präsidentin Dr. Eva Maas", "O Sr. Presidente"])
def test_who_is_called_chair_needs_less_behaviour(label: str) -> None:
    turns = [
        (label, "The floor is with Mr. Kern."),
        ("Udo Kern", "The tram costs ninety million, and I am for it."),
        ("Rita Blum", "I am against it, as the bus is enough."),
        ("Udo Kern", "The bus stands still for forty minutes every morning."),
        (label, "Thank you. We come to the vote."),
    ]
    transcript = transcript_from_turns(turns, "hearing")
    marked = [s for s in transcript.speakers if s.is_host]
    assert [s.id for s in marked] == [transcript.turns[0].speaker_id]
    assert 0.5 <= marked[0].host_probability < fitted().believed_from


def test_words_of_unknown_origin_host_nothing() -> None:
    turns = [("Unknown", "Good evening. Tunnel or bridge?"), ("Ann Lee", "A tunnel, as it never closes for wind.")]
    transcript = transcript_from_turns(turns * 3, "talk")
    assert "unknown" not in features(transcript)
    assert [s.name for s in transcript.speakers if s.is_host] == []


def test_marking_twice_changes_nothing() -> None:
    transcript = transcript_from_turns(talk("A1 Quist", "Bo Orr", "Cy Ott"), "talk")
    assert with_hosts(transcript).speakers == transcript.speakers


def test_every_weight_belongs_to_a_feature() -> None:
    does = next(iter(features(transcript_from_turns(talk("Ann", "Bo", "Cy"), "talk")).values()))
    assert set(does) == set(fitted().weights) and 0.5 <= fitted().believed_from < 1.0
