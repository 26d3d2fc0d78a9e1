from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnknownSpeakerError
from corpus.library import open_debate
from corpus.speakers import comparable, find_mentions, find_speakers, make_speakers, resolve_speaker, slug
from corpus.types import Speaker

PEOPLE = open_debate().transcript.speakers
HOSTS = ["陈茜", "刘一鸣"]


def named(text: str, people: tuple[Speaker, ...] = PEOPLE) -> list[str]:
    return [speaker.name for speaker in find_speakers(text, people)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Bruce怎么看?", ["Bruce Liu"]),
        ("what did BRUCE LIU say", ["Bruce Liu"]),
        ("ＢＲＵＣＥ说了什么", ["Bruce Liu"]),
        ("Rob 和 Ethan 谁更乐观?", ["Rob Li", "Ethan Xu"]),
        ("陳茜問了什麼?", ["陈茜"]),
        ("Chen Qian asked", ["陈茜"]),
        ("济容投资的CEO怎么看?", ["Bruce Liu"]),
        ("济容投资的联合创始人", ["Yang Ren"]),
        ("the CIO of Esoterica Capital", ["Bruce Liu"]),
        ("Esoterica's co-founder", ["Yang Ren"]),
        ("Esoterica 的两位", ["Bruce Liu", "Yang Ren"]),
        ("the managing partner at Amont Partners", ["Rob Li"]),
        ("前微软的嘉宾", ["Ethan Xu"]),
        ("硅谷101的主理人", ["陈茜"]),
        ("两位主持人问了什么", HOSTS),
        ("what did the hosts ask", HOSTS),
        ("Bruce Liu's view, then Bruce again", ["Bruce Liu"]),
    ],
)
def test_ways_to_name_a_speaker(text: str, names: list[str]) -> None:
    assert sorted(named(text)) == sorted(names)


@pytest.mark.parametrize(
    "text",
    [
        "robots and robbery",
        "OpenAI的CEO怎么说?",
        "What did the CEO of NVIDIA say?",
        "微软怎么看",
        "Michael Burry",
        "ghosts",
        "",
    ],
)
def test_does_not_name_a_speaker(text: str) -> None:
    assert named(text) == []


def test_longest_name_wins_where_names_overlap() -> None:
    mentions = find_mentions("Bruce Liu和Bruce", PEOPLE)
    copy = comparable("Bruce Liu和Bruce")
    assert [copy[m.start : m.end] for m in mentions] == ["bruce liu", "bruce"]


def test_a_shared_name_means_all_who_bear_it() -> None:
    people = make_speakers(["Ann Lee", "Ann Ray", "Bob Ray"], {})
    assert named("What did Ann say?", people) == ["Ann Lee", "Ann Ray"]
    assert named("What did Ray say?", people) == ["Ann Ray", "Bob Ray"]
    assert named("What did Ann Ray say?", people) == ["Ann Ray"]


def test_a_whole_name_is_its_bearers_whoever_else_is_called_so() -> None:
    people = make_speakers(["Ann", "Ann Lee"], {})
    assert named("What did Ann say?", people) == ["Ann"]


def test_form_of_address_and_everyday_verb_are_no_aliases() -> None:
    people = make_speakers(["Dr Lee", "Will Ray", "Speaker 1"], {})
    assert named("Will a doctor (Dr) or another speaker agree?", people) == []


def test_director_is_no_cto() -> None:
    people = make_speakers(["Ann Lee"], {"Ann Lee": "Research Director, Acme Capital"})
    assert not any("cto" in alias.split() for alias in people[0].aliases)
    assert named("the director at Acme Capital", people) == ["Ann Lee"]


def test_some_ceo_is_not_our_ceo() -> None:
    people = make_speakers(["Ann Lee"], {"Ann Lee": "Chief Executive Officer (CEO) of Acme Capital"})
    assert named("What was said of OpenAI's CEO?", people) == []
    assert named("Which officer spoke?", people) == []
    assert named("What did the CEO of Acme Capital say?", people) == ["Ann Lee"]


def test_article_of_an_organisation_names_nobody() -> None:
    people = make_speakers(["Ann Lee"], {"Ann Lee": "Editor, The Economist"})
    assert named("What is the bubble?", people) == []
    assert named("Who came from The Economist?", people) == ["Ann Lee"]


def test_a_web_hosting_company_is_no_host() -> None:
    people = make_speakers(["Ann Lee", "Bob Ray"], {"Ann Lee": "Hosting Partners CEO", "Bob Ray": "Podcast host"})
    assert [s.is_host for s in people] == [False, True]


def test_names_with_one_slug_get_ids_of_their_own() -> None:
    people = make_speakers(["Ann Lee", "Ann-Lee", "Ann Lee 2", "!"], {})
    assert len({s.id for s in people}) == 4
    assert people[0].id == "ann-lee" and people[3].id == slug("!") == "x"


@pytest.mark.parametrize(
    ("typed", "name"), [("rob-li", "Rob Li"), (" rob LI ", "Rob Li"), ("刘一鸣", "刘一鸣"), ("Yang", "Yang Ren")]
)
def test_filter_as_typed(typed: str, name: str) -> None:
    assert [s.name for s in resolve_speaker(typed, PEOPLE)] == [name]


@pytest.mark.parametrize("typed", ["", "  ", "Elon Musk", "'; DROP TABLE", "的", "\ud800", "x" * 100_000])
def test_unknown_filter_names_those_who_spoke(typed: str) -> None:
    with pytest.raises(UnknownSpeakerError, match=r"Rob Li.*刘一鸣") as caught:
        resolve_speaker(typed, PEOPLE)
    assert len(str(caught.value)) < 300


CALL = make_speakers(
    ["Sara Lind", "Omar Reyes", "Pia Koch", "Nora Field", "Udo Kern", "周明", "方琳", "Mr. HALE", "Kay"],
    {
        "Sara Lind": "CEO",
        "Omar Reyes": "Chief Financial Officer",
        "Pia Koch": "Analyst - North Bank",
        "Nora Field": "night bus driver",
        "周明": "学校食堂承包人",
        "方琳": "老师",
        "Udo Kern": "Grüne Liste",
    },
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did Reyes say about Spain?", ["Omar Reyes"]),
        ("what did the cfo say?", ["Omar Reyes"]),
        ("CFO怎么看?", ["Omar Reyes"]),
        ("首席财务官怎么说?", ["Omar Reyes"]),
        ("the analyst from North Bank", ["Pia Koch"]),
        ("What does the analyst want?", ["Pia Koch"]),
        ("What did Mr Reyes say?", ["Omar Reyes"]),
        ("Herr Kern sagt?", ["Udo Kern"]),
        ("Kern's view", ["Udo Kern"]),
        ("What did the bus driver propose?", ["Nora Field"]),
        ("What did Field say?", ["Nora Field"]),
        ("what did field say?", ["Nora Field"]),
        ("周总怎么看?", ["周明"]),
        ("方老師說了什麼?", ["方琳"]),
        ("What does Zhou Ming propose?", ["周明"]),
        ("Ming Zhou on prices", ["周明"]),
        ("What did Fang say?", ["方琳"]),
        ("Mr Hale", ["Mr. HALE"]),
    ],
)
def test_surnames_titles_roles_and_pinyin(text: str, names: list[str]) -> None:
    assert named(text, CALL) == names


@pytest.mark.parametrize(
    "text",
    [
        "Is the field open?",
        "How do fields pay back?",
        "the CEO of Nvidia",
        "英伟达的CEO怎么说?",
        "What did Mrs. Hale say?",
        "What did Governor Reyes say?",
        "周校长怎么看?",
        "周总共花了多少?",
        "What do analysts expect?",
        "driver of growth",
    ],
)
def test_words_and_other_people_are_no_speakers(text: str) -> None:
    assert named(text, CALL) == []


MEETING = make_speakers(
    ["Leandro Couto", "Carmel Doyle", "Omar Hale", "近海韩婶", "Ada Quill"],
    {
        "Leandro Couto": "translator from Portuguese",
        "Carmel Doyle": "community council",
        "Omar Hale": "team doctor",
        "Ada Quill": "buyer, Esterra",
    },
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Does Portuguese have few dialects?", []),
        ("Who were the three on the community council that voted no?", []),
        ("What did the doctor who was on duty do?", []),
        ("Is Esterra a country?", []),
        ("What does the translator fear?", []),
        ("What did the community council say?", ["Carmel Doyle"]),
        ("What did the doctor say?", ["Omar Hale"]),
        ("What did Esterra say?", ["Ada Quill"]),
        ("Who came from Esterra?", ["Ada Quill"]),
        ("韩婶怎么看?", ["近海韩婶"]),
    ],
)
def test_places_and_bodies_are_somebody_only_where_somebody_is_asked(text: str, names: list[str]) -> None:
    assert named(text, MEETING) == names


def test_a_role_that_two_have_names_neither() -> None:
    people = make_speakers(["Ann Lee", "Bob Ray"], {"Ann Lee": "analyst, Acme", "Bob Ray": "analyst, Zenith"})
    assert named("What did the analyst say?", people) == []
    assert named("What did the analyst at Zenith say?", people) == ["Bob Ray"]


def test_a_former_role_is_no_role() -> None:
    people = make_speakers(["Ann Lee"], {"Ann Lee": "former CFO of Acme"})
    assert named("What did the CFO say?", people) == []


def test_a_chinese_surname_names_who_writes_it_in_pinyin() -> None:
    people = make_speakers(["Ethan Xu", "Rob Li"], {})
    assert named("徐先生怎么看?", people) == ["Ethan Xu"] and named("李总觉得呢?", people) == ["Rob Li"]


# ── misspelt ──


def misspelt(text: str, people: tuple[Speaker, ...] = CALL, said: str = "") -> list[str]:
    return [speaker.name for speaker in find_speakers(text, people, fuzzy=True, said=said)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did Mr Reyess say?", ["Omar Reyes"]),
        ("what did reyees say about Spain?", ["Omar Reyes"]),
        ("Saraa Lynd on prices", ["Sara Lind"]),
        ("What did Zuho Ming propose?", ["周明"]),
        ("周鸣怎么看?", ["周明"]),
        ("方林为什么反对?", ["方琳"]),
    ],
)
def test_a_letter_or_two_wrong_is_the_same_person(text: str, names: list[str]) -> None:
    assert named(text, CALL) == [] and misspelt(text) == names


def test_a_misspelling_is_not_heard_unless_asked_for() -> None:
    assert named("What did Reyess say?", CALL) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("What are the costs?", ""),
        ("How high are costs in Lodz?", ""),
        ("What did costs do?", "Costs rose."),
        ("Which costa will it touch?", ""),
        ("Koch", "Koch"),
    ],
)
def test_a_word_is_no_misspelt_name(text: str, said: str) -> None:
    assert misspelt(text, make_speakers(["Mira Costas", "Leo Brandt"], {}), said) == []


def test_a_chinese_name_in_the_question_is_a_name_in_pinyin() -> None:
    people = make_speakers(["Zhou Ming", "Fang Lin"], {})
    assert misspelt("周明怎么看?", people) == ["Zhou Ming"] and misspelt("市场怎么看?", people) == []


def test_a_filter_that_is_misspelt_finds_one_or_asks_which() -> None:
    people = make_speakers(["Marta Weil", "Marte Weiß"], {})
    assert resolve_speaker("Omar Reyse", CALL) == (CALL[1],)
    with pytest.raises(UnknownSpeakerError, match=r"may mean Marta Weil or Marte Weiß; write the name in full"):
        resolve_speaker("Martz", people)


@given(st.text(st.characters(), max_size=60))
def test_mentions_never_overlap(text: str) -> None:
    mentions = find_mentions(text + " Bruce 和 Rob Li", PEOPLE)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    assert {"Bruce Liu", "Rob Li"} <= {s.name for m in mentions for s in m.speakers}


@given(st.lists(st.text(min_size=1, max_size=12), max_size=6), st.text(max_size=40))
def test_any_names_and_role_make_speakers_with_distinct_ids(names: list[str], role: str) -> None:
    people = make_speakers(names, dict.fromkeys(names, role))
    assert [s.name for s in people] == list(dict.fromkeys(names))
    assert len({s.id for s in people}) == len(people)
    find_speakers(role, people)
