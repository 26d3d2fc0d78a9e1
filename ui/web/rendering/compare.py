"""Where the speakers stand: one topic side by side, all topics as a matrix, silence included."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.knowledge.tables import Tables
from assistant.knowledge.topics import Topic as DerivedTopic
from corpus.annotations import Stance, Topic, is_silent
from corpus.library import Debate
from corpus.quotes import join_adjacent, quote_sentences
from ui.web.rendering.cast import Cast
from ui.web.rendering.lines import STANCES
from ui.web.rendering.markup import both, labelled, text
from ui.web.rendering.quotes import card
from ui.web.rendering.suggestions import contested

_SHOWN = 2  # quotes of a stance that stand open; the rest are one click away


def stances(debate: Debate, cast: Cast, tables: Tables) -> str:
    """The topic chooser, every topic's columns (the page shows one), and the matrix; without notes, derived topics with
    the words of each speaker that stand best for what they said on them.
    """
    if not debate.notes.stances:
        return _chooser(tables.topics, cast) + _derived(debate, cast, tables)
    topics = contested(debate)
    columns = "".join(_topic(topic, debate, cast, at == 0) for at, topic in enumerate(topics))
    return _chooser(topics, cast) + columns + f"<h3>{both('全部话题', 'All topics')}</h3>{_matrix(debate, cast)}"


def _derived(debate: Debate, cast: Cast, tables: Tables) -> str:
    """Who said what on each derived topic; nobody's stand, which only notes tell."""
    made = []
    for at, topic in enumerate(tables.topics):
        columns = []
        for speaker, ids in tables.said_on(topic, _SHOWN).items():
            name = debate.transcript.speaker(speaker).name
            runs = join_adjacent(debate.transcript, ids)
            quotes = "".join(card(quote_sentences(debate.transcript, run, debate.notes), cast) for run in runs)
            head = f"<header>{cast.avatar(name)}{cast.name(name)}</header>"
            columns.append(
                f'<article class="stand {cast.css(name)}" data-speaker="{text(name)}">{head}{quotes}</article>'
            )
        note = both("话题由程序归纳,立场没有记录", "Topic derived by the program; stands are not on record")
        made.append(
            f'<section class="topic" data-topic="{text(topic.id)}"{" hidden" if at else ""}>'
            f'<p class="proposition">{text(topic.en)} <small>{note}</small></p>'
            f'<div class="columns">{"".join(columns)}</div></section>'
        )
    return "".join(made)


def _chooser(topics: Sequence[Topic | DerivedTopic], cast: Cast) -> str:
    options = "".join(
        f'<option value="{text(t.id)}" data-zh="{text(t.zh)}" data-en="{text(t.en)}">{text(t.zh)}</option>'
        for t in topics
    )
    people = "".join(
        f'<button type="button" class="pill {m.css}" aria-pressed="true" data-do="compare-speaker" '
        f'data-speaker="{text(name)}"><i aria-hidden="true"></i>{cast.shown(name)}</button>'
        for name, m in cast.members.items()
    )
    return (
        f'<div class="compare-choice"><label><span>{both("话题", "Topic")}</span>'
        f'<select id="compare-topic" {labelled("话题", "Topic")}>{options}</select></label>'
        f'<div role="group" {labelled("发言人", "Speakers")} class="people">{people}</div></div>'
    )


def _topic(topic: Topic, debate: Debate, cast: Cast, shown: bool) -> str:
    stances = {name: debate.notes.stance(name, topic.id) for name in cast.members}
    heard = "".join(_column(name, stance, topic, debate, cast) for name, stance in stances.items() if stance)
    silent = "".join(_column(name, None, topic, debate, cast) for name, stance in stances.items() if stance is None)
    quietly = f'<div class="quietly">{silent}</div>' if silent else ""
    hidden = "" if shown else " hidden"
    return (
        f'<section class="topic" data-topic="{text(topic.id)}"{hidden}><p class="proposition">{both("命题:", "Claim: ")}'
        f"{both(topic.proposition_zh or topic.zh, topic.proposition_en or topic.en)}</p>"
        f'<div class="columns">{heard}</div>{quietly}</section>'
    )


def _without_stance(name: str, topic: Topic, debate: Debate) -> tuple[str, str]:
    """What is known of somebody who takes no side: that they said something on the topic, or nothing at all."""
    if is_silent(debate.notes, debate.transcript, name, topic.id):
        return "未谈到", "did not speak on it"
    return "谈到,未表态", "spoke on it, takes no side"


def _column(name: str, stance: Stance | None, topic: Topic, debate: Debate, cast: Cast) -> str:
    css = cast.css(name)
    head = f"<header>{cast.avatar(name)}{cast.name(name)}</header>"
    if stance is None:
        return (
            f'<article class="stand silent {css}" data-speaker="{text(name)}">{head}'
            f'<p class="stance">{both(*_without_stance(name, topic, debate))}</p></article>'
        )
    sign, zh, en = STANCES[stance.stance]
    runs = join_adjacent(debate.transcript, stance.sentences)
    quotes = [quote_sentences(debate.transcript, run, debate.notes) for run in runs]
    shown = "".join(card(q, cast) for q in quotes[:_SHOWN])
    more = "".join(card(q, cast) for q in quotes[_SHOWN:])
    if more:
        count = len(quotes) - _SHOWN
        more = f"<details><summary>{both(f'另有 {count} 处', f'{count} more')}</summary>{more}</details>"
    return (
        f'<article class="stand {css}" data-speaker="{text(name)}" data-stance="{stance.stance}">{head}'
        f'<p class="stance {stance.stance}">{sign} {both(zh, en)}</p>'
        f'<p class="summary">{both(stance.summary_zh, stance.summary_en)}</p>{shown}{more}</article>'
    )


def _matrix(debate: Debate, cast: Cast) -> str:
    head = "".join(f'<th scope="col">{cast.name(name)}</th>' for name in cast.members)
    rows = []
    for topic in debate.notes.topics:
        cells = []
        for name in cast.members:
            stance = debate.notes.stance(name, topic.id)
            if stance is None:
                known = both(*_without_stance(name, topic, debate))
                cells.append(f'<td class="silent">– <span class="sr">{known}</span></td>')
                continue
            sign, zh, en = STANCES[stance.stance]
            cells.append(
                f'<td><button type="button" class="quiet {stance.stance}" data-do="compare-open" '
                f'data-topic="{text(topic.id)}" data-speaker="{text(name)}">{sign} {both(zh, en)}</button></td>'
            )
        rows.append(
            f'<tr><th scope="row"><button type="button" class="quiet" data-do="compare-open" data-topic="{text(topic.id)}">'
            f"{both(topic.zh, topic.en)}</button></th>{''.join(cells)}</tr>"
        )
    return (
        f'<div class="scroll" tabindex="0" role="region" {labelled("话题与发言人", "Topics and speakers")}><table class="matrix">'
        f'<thead><tr><th scope="col">{both("话题", "Topic")}</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )
