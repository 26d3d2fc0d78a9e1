from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers.naming import cleaned, read_label
from corpus.readers.people import Cast, identify
from corpus.readers.reading import Layer, Reading
from corpus.speakers import find_speakers
from corpus.types import Speaker


def reading(
    turns: Sequence[tuple[str | None, str]],
    *,
    names: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
) -> Reading:
    layer = Layer("by hand")
    for name, words in turns:
        layer.turn(name)
        layer.say(words)
    made = layer.reading(roles=tuple((roles or {}).items()))
    return made._replace(names=tuple((names or {}).items()))


def cast_of(*turns: tuple[str | None, str]) -> Cast:
    return identify(reading(turns))


def named(cast: Cast, name: str) -> Speaker:
    return next(speaker for speaker in cast.speakers if speaker.name == name)


@pytest.mark.parametrize(
    ("label", "name", "role"),
    [
        ("Sara Lind, CEO", "Sara Lind", "CEO"),
        ("Sara Lind (CEO)", "Sara Lind", "CEO"),
        ("Sara Lind -- CEO", "Sara Lind", "CEO"),
        ("Sara Lind — Chief Executive Officer", "Sara Lind", "Chief Executive Officer"),
        ("Sara Lind CEO", "Sara Lind", "CEO"),
        ("CFO Omar Reyes", "Omar Reyes", "CFO"),
        ("Pia Koch, Analyst - North Bank", "Pia Koch", "Analyst - North Bank"),
        ("Pia Koch -- North Bank -- Analyst", "Pia Koch", "North Bank, Analyst"),
        ("Dr. Udo Kern (Grüne Liste)", "Dr. Udo Kern", "Grüne Liste"),
        ("Präsidentin Dr. Eva Maas", "Dr. Eva Maas", "Präsidentin"),
        ("Senator Jane Ames", "Jane Ames", "Senator"),
        ("M. Armand Vauquelin, ministre des ponts", "M. Armand Vauquelin", "ministre des ponts"),
        ("kay (guest)", "kay", "guest"),
        ("Moderator (Ann Lee)", "Ann Lee", "Moderator"),
        ("Chair, Ann Lee", "Ann Lee", "Chair"),
        ("Weil, Tomas", "Tomas Weil", ""),
        ("周明，首席财务官", "周明", "首席财务官"),
        ("主持人陈茜", "陈茜", "主持人"),
        ("陈茜（主持人）", "陈茜", "主持人"),
        ("街道主任温言", "温言", "街道主任"),
        ("위원장 박도현", "박도현", "위원장"),
    ],
)
def test_a_role_in_a_label_is_no_part_of_the_name(label: str, name: str, role: str) -> None:
    assert read_label(label)[:2] == (name, role)


@pytest.mark.parametrize(
    "label",
    ["Speaker 1", "说话人 1", "SPEAKER_00", "Q", "A", "Operator", "The CHAIRMAN", "THE COURT", "主持人",
     "M. le président", "Presidente da Comissão", "Maria T. Alvarez", "Mrs. LINDA T. ORTIZ", "Robert Hale, Jr.",
     "Governor Ames", "Ludo van der Aa", "Ines Braga | Port"],
)  # fmt: skip
def test_what_is_a_name_or_names_nobody_stays_as_it_is(label: str) -> None:
    assert read_label(label).name == label


@pytest.mark.parametrize(
    ("label", "name", "role"),
    [
        ("議長（佐野一郎君）", "佐野一郎", "議長"),
        ("３番（森花子君）", "森花子", "３番"),
        ("佐野一郎氏", "佐野一郎", ""),
    ],
)
def test_a_japanese_honorific_is_no_part_of_the_name(label: str, name: str, role: str) -> None:
    assert read_label(label, japanese=True)[:2] == (name, role)


def test_a_chinese_name_that_ends_in_a_japanese_honorific_keeps_it() -> None:
    assert read_label("李文君").name == "李文君"
    assert cast_of(("李文君", "我反对。"), ("王明", "我赞成。")).speakers[0].name == "李文君"


def test_capitals_and_white_space_and_final_marks_make_nobody_new() -> None:
    labels = ["ANN LEE", "Bob Ray", "Ann\xa0Lee", "Ann\u200b Lee", "BOB RAY:", "Ann Lee"]
    layer = Layer("by hand")
    layer.turn("x")
    turn = layer.reading().turns[0]
    cast = identify(Reading("by hand", "", tuple(turn._replace(name=label) for label in labels)))
    assert [speaker.name for speaker in cast.speakers] == ["Ann Lee", "Bob Ray"]
    assert [cast.of_label[label] for label in labels] == [
        "ann-lee",
        "bob-ray",
        "ann-lee",
        "ann-lee",
        "bob-ray",
        "ann-lee",
    ]
    assert cast.doubts == ()


def test_the_same_name_with_and_without_a_role_is_one_person() -> None:
    cast = cast_of(("Sara Lind, CEO", "We sold more."), ("Omar Reyes", "Yes."), ("SARA LIND", "Thank you."))
    assert [(s.name, s.role) for s in cast.speakers] == [("Sara Lind", "CEO"), ("Omar Reyes", "")]
    assert cast.of_turn == ("sara-lind", "omar-reyes", "sara-lind")
    assert "Sara Lind, CEO" in cast.speakers[0].aliases


def test_an_abbreviation_becomes_the_full_name_by_the_files_own_table() -> None:
    table = {"MFK": "Maren Falk", "JAB": "Jon Abel"}
    cast = identify(
        reading(
            [("MFK", "I advance it."), ("JAB", "I object.")], names=table, roles={"MFK": "Ostwerk", "Jon Abel": "Kite"}
        )
    )
    assert [(s.name, s.role) for s in cast.speakers] == [("Maren Falk", "Ostwerk"), ("Jon Abel", "Kite")]
    assert "MFK" in cast.speakers[0].aliases and cast.of_label["MFK"] == "maren-falk"


def test_words_of_unknown_origin_are_one_speaker_and_nobodys_neighbour() -> None:
    cast = cast_of(("Ann Lee", "Yes."), (None, "No."), ("Unidentified Speaker", "Louder!"), (None, "Hm."))
    assert [s.is_known for s in cast.speakers] == [True, False]
    assert cast.of_turn == ("ann-lee", "unknown", "unknown", "unknown")
    assert cast.of_label["Unidentified Speaker"] == "unknown"


def test_somebody_called_unknown_does_not_take_the_id_of_nobody() -> None:
    cast = cast_of(("Unknown!", "I am here."), (None, "Who?"))
    assert len({s.id for s in cast.speakers}) == len(cast.speakers)


def test_what_is_said_beside_a_name_now_and_then_is_no_role() -> None:
    assert cast_of(("Mr. HALE", "Yes."), ("Mr. HALE (during the vote)", "No.")).speakers[0].role == ""
    cast = cast_of(("Nadia (to Lea)", "Do you hear?"), ("Lea", "No."), ("Nadia", "Now?"))
    assert [(s.name, s.role) for s in cast.speakers] == [("Nadia", ""), ("Lea", "")]


def test_one_label_for_two_people_is_told_apart_by_what_stands_beside_it() -> None:
    layer = Layer("by hand")
    for role, words in (("佐野一郎君", "これより会議を開きます。"), ("大田恵君", "会議を続けます。")):
        layer.turn("議長", role=role)
        layer.say(words)
    cast = identify(layer.reading())
    assert [s.name for s in cast.speakers] == ["佐野一郎", "大田恵"] and len(set(cast.of_turn)) == 2


# ── what may be one person ──


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Thomas Weil", "Tomas Weil"),
        ("Nadia Bergstrom", "Nadia Bergstorm"),
        ("Mr. ROBERT HALE", "Mr. HALE"),
        ("John Smith", "J. Smith"),
        ("Ann Lee", "Ann"),
        ("刘一鸣", "刘一明"),
    ],
)
def test_spellings_that_may_be_one_person_are_proposed_and_not_merged(first: str, second: str) -> None:
    cast = cast_of((first, "Tolls."), ("Bob Ray", "No."), (first, "Yes."), ("Bob Ray", "Why?"), (second, "Because."))
    assert len(cast.speakers) == 3
    assert [(doubt.line, second in doubt.why and first in doubt.why) for doubt in cast.doubts] == [(13, True)]
    assert f'--merge "{second}={first}"' in cast.doubts[0].why


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ann Lee", "Ann Ray"),
        ("Speaker 1", "Speaker 2"),
        ("Mr. HALE", "Mrs. HALE"),
        ("周明", "周岚"),
        ("Tom Lee", "Tim Lee"),
        ("Room 12 Ost", "Room 13 Ost"),
    ],
)
def test_people_who_merely_share_a_part_of_a_name_are_no_doubt(first: str, second: str) -> None:
    assert cast_of((first, "Tolls."), ("Bob Ray", "No."), (second, "Because.")).doubts == ()


def test_people_who_answer_each_other_are_two() -> None:
    turns = [("Maria Costa", "Yes."), ("Mario Costa", "No."), ("Maria Costa", "Why?"), ("Mario Costa", "Because.")]
    assert cast_of(*turns).doubts == ()


def test_a_surname_that_fits_two_people_is_not_proposed_for_one() -> None:
    turns = [("Robert Hale", "Yes."), ("x", "Hm."), ("Linda Hale", "No."), ("y", "Hm."), ("Hale", "Perhaps.")]
    assert cast_of(*turns).doubts == ()


def test_a_speaker_with_a_number_who_says_a_name_is_a_doubt() -> None:
    cast = cast_of(("Speaker 1", "Hello, my name is Tomas Weil, and I build tunnels."), ("Speaker 2", "Go on."))
    assert [s.name for s in cast.speakers] == ["Speaker 1", "Speaker 2"]
    assert cast.doubts[0].line == 1 and '--rename "Speaker 1=Tomas Weil"' in cast.doubts[0].why


# ── roles that are told in words ──


def test_roles_come_from_introductions() -> None:
    cast = cast_of(
        ("Operator", "I am joined by Omar Reyes, our CFO. The first question comes from Pia Koch of North Bank."),
        ("Pia Koch", "Will you raise prices?"),
        ("Omar Reyes", "Not before summer."),
    )
    assert named(cast, "Omar Reyes").role == "CFO" and named(cast, "Pia Koch").role == "North Bank"
    assert [s.name for s in find_speakers("What did the CFO say?", cast.speakers)] == ["Omar Reyes"]


def test_roles_come_from_chinese_introductions() -> None:
    cast = cast_of(
        ("主持人", "有请方琳老师，还有北岸银行的分析师周明。"), ("方琳", "一年要二十万。"), ("周明", "我看十五万。")
    )
    assert named(cast, "方琳").role == "老师" and named(cast, "周明").role == "北岸银行的分析师"


def test_a_sentence_about_somebody_is_no_role() -> None:
    cast = cast_of(("Ann Lee", "I told Bob Ray, the CEO says otherwise."), ("Bob Ray", "With Ann Lee, you never know."))
    assert [s.role for s in cast.speakers] == ["", ""]


def test_a_list_of_those_present_is_no_role() -> None:
    turns = [("Ann Lee", "Yes."), ("Bob Ray", "No."), ("Cy Orr", "Hm.")]
    assert identify(reading(turns, roles={"Ann Lee": "Bob Ray, Cy Orr"})).speakers[0].role == ""


# ── aliases ──


@pytest.mark.parametrize(
    ("label", "aliases"),
    [
        ("Maria T. Alvarez", {"Maria", "Alvarez", "MTA"}),
        ("Gabriel García Márquez", {"Gabriel", "Márquez", "García Márquez", "García"}),
        ("Ludwig van der Berg", {"van der Berg", "Berg"}),
        ("Juan de la Cruz", {"de la Cruz", "Cruz"}),
        ("Hans-Jürg Ammann", {"Hans-Jürg", "Hans", "Ammann"}),
        ("Mrs. LINDA T. ORTIZ", {"Linda T. Ortiz", "Linda", "Ortiz"}),
        ("Ms. BERG of Ohio", {"Berg"}),
        ("周明", {"Zhou Ming", "Ming Zhou", "Zhou"}),
        ("刘一鸣", {"一鸣", "Liu Yiming", "Yiming"}),
        ("欧阳修文", {"修文", "Ouyang Xiuwen"}),
        ("单田芳", {"Shan Tianfang"}),
        ("羅平", {"Luo Ping"}),
        ("Lea's iPad", {"Lea"}),
        ("近海韩婶", {"韩婶", "Han"}),
        ("Ines Braga | Port", {"Ines Braga", "Ines", "Braga"}),
    ],
)
def test_ways_to_name_somebody(label: str, aliases: set[str]) -> None:
    cast = cast_of((label, "Yes."), ("Otto Quist", "No."))
    assert aliases <= set(cast.speakers[0].aliases)


def test_an_acronym_or_word_of_the_debate_is_nobodys_initials_or_surname() -> None:
    cast = cast_of(("Tara Viola", "TV and the harbour."), ("Jo Harbour", "The harbour is full."))
    assert "TV" not in cast.speakers[0].aliases and "Harbour" not in cast.speakers[1].aliases
    assert [s.name for s in find_speakers("Is the harbour full, says TV?", cast.speakers)] == []


def test_initials_that_fit_two_people_are_nobodys() -> None:
    cast = cast_of(("Mona Kern", "Yes."), ("Max Kunz", "No."))
    assert all("MK" not in speaker.aliases for speaker in cast.speakers)


def test_a_chinese_given_name_that_is_a_word_of_the_debate_is_no_alias() -> None:
    cast = cast_of(
        ("王卫星", "我们的卫星很便宜，发射卫星要两年，小卫星更快，大卫星更慢。"), ("李一鸣", "一鸣不同意，王老师。")
    )
    assert "卫星" not in cast.speakers[0].aliases and "一鸣" in cast.speakers[1].aliases


NAMES = st.one_of(
    st.none(), st.text(min_size=1, max_size=14), st.sampled_from(["Ann Lee", "ANN LEE", "周明", "Q", "Dr. Kern"])
)


@settings(deadline=None)  # the first names load the lists
@given(st.lists(st.tuples(NAMES, st.text(max_size=20)), min_size=1, max_size=8))
def test_every_turn_has_one_speaker_and_every_label_a_turn(turns: list[tuple[str | None, str]]) -> None:
    made = reading(turns)
    cast = identify(made)
    ids = {speaker.id for speaker in cast.speakers}
    assert len(ids) == len(cast.speakers) and len(cast.of_turn) == len(made.turns)
    assert set(cast.of_turn) == ids
    assert set(cast.of_label) == {turn.name for turn in made.turns if turn.name}
    assert list(dict.fromkeys(cast.of_turn)) == [speaker.id for speaker in cast.speakers]


@given(st.text(max_size=30))
def test_a_cleaned_label_stays_clean(label: str) -> None:
    assert cleaned(cleaned(label)) == cleaned(label)
