"""The debate's map on an empty chat: a sentence by rule, and who stands where, the most contested topics first.

Every mark is a question that is asked by a click. Without noted stands: who spoke on each topic that was derived.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.knowledge.tables import Tables
from corpus.annotations import Topic
from corpus.library import Debate
from ui.web.rendering.cast import Cast
from ui.web.rendering.lines import STANCES
from ui.web.rendering.markup import both, labelled, text
from ui.web.rendering.suggestions import contested

SHOWN = 6  # topics
_PLACES = ("opposes", "mixed", "supports")  # from left to right


def headline(debate: Debate) -> str:
    """Where voices part furthest, from the noted stands; "" where nobody opposes anybody."""
    topics = contested(debate) if debate.notes.stances else []
    sides = _sides(topics[0], debate) if topics else {}
    if not (sides.get("supports") and sides.get("opposes")):
        return ""
    topic = topics[0]
    zh, en = [], []
    for stance, say_zh, say_en in (
        ("supports", "认同", ("agrees", "agree")),
        ("opposes", "不认同", ("does not", "do not")),
        ("mixed", "两面看", ("sees both sides", "see both sides")),
    ):
        if names := sides.get(stance):
            zh.append(f"{'、'.join(names)} {say_zh}")
            en.append(f"{' and '.join(names)} {say_en[len(names) > 1]}")
    told = both(
        f"分歧最大:“{topic.proposition_zh or topic.zh}”——{','.join(zh)}。",
        f"Where they part furthest, “{topic.proposition_en or topic.en}”: {'; '.join(en)}.",
    )
    return f'<p class="headline">{told}</p>'


def tracks(debate: Debate, cast: Cast, tables: Tables) -> str:
    """The map; "" for a debate without topics."""
    if debate.notes.stances:
        rows = "".join(_track(topic, debate, cast) for topic in contested(debate)[:SHOWN])
        ends = "".join(f"<span>{STANCES[s][0]} {both(STANCES[s][1], STANCES[s][2])}</span>" for s in _PLACES)
        head = f'<div class="ends" aria-hidden="true"><span></span><div>{ends}</div></div>'
        title = both("谁站在哪一边", "Who stands where")
    else:
        rows = "".join(
            _row(topic.zh, topic.en, "", "", _marks(topic.zh, topic.en, _heard(tables, topic, debate), cast))
            for topic in tables.topics[:SHOWN]
        )
        head = f'<p class="derived">{both("话题由程序归纳,立场没有记录。", "Topics derived by the program; stands are not on record.")}</p>'
        title = both("谁谈了什么", "Who spoke on what")
    return f'<section class="map"><h3>{title}</h3>{head}<ul>{rows}</ul></section>' if rows else ""


def _sides(topic: Topic, debate: Debate) -> dict[str, list[str]]:
    sides: dict[str, list[str]] = {}
    for stance in debate.notes.stances:
        if stance.topic == topic.id:
            sides.setdefault(stance.stance, []).append(stance.speaker)
    return sides


def _heard(tables: Tables, topic: object, debate: Debate) -> list[str]:
    return [debate.transcript.speaker(i).name for i in tables.said_on(topic, 1)]  # type: ignore[arg-type]


def _track(topic: Topic, debate: Debate, cast: Cast) -> str:
    sides = _sides(topic, debate)
    places = "".join(
        f'<span class="place">{_marks(topic.zh, topic.en, sides.get(stance, []), cast, stance)}</span>'
        for stance in _PLACES
    )
    return _row(topic.zh, topic.en, topic.proposition_zh, topic.proposition_en, f'<span class="track">{places}</span>')


def _row(zh: str, en: str, claim_zh: str, claim_en: str, marks: str) -> str:
    ask = f'data-question-zh="{text(f"大家怎么看{zh}?")}" data-question-en="{text(f"What do they say about {en}?")}"'
    claim = f"<small>{both(claim_zh, claim_en)}</small>" if claim_zh else ""
    return (
        f'<li><button type="button" class="about" data-do="ask" {ask}><b>{both(zh, en)}</b>{claim}</button>{marks}</li>'
    )


def _marks(zh: str, en: str, names: Sequence[str], cast: Cast, stance: str = "") -> str:
    """A round mark a speaker."""
    made = []
    for name in names:
        stands = [f", {word}" for word in STANCES[stance][1:]] if stance else ["", ""]
        made.append(
            f'<button type="button" class="dot {cast.css(name)}" data-do="ask" '
            f'data-question-zh="{text(f"{name} 怎么看{zh}?")}" data-question-en="{text(f"What does {name} say about {en}?")}" '
            f"{labelled(f'{name}{stands[0]}', f'{name}{stands[1]}')}>{cast.avatar(name)}</button>"
        )
    return "".join(made)
