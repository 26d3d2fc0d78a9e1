"""Questions to begin with and to go on with, made from the notes on the debate, never from a fixed list.

A debate without notes still gets questions: about who spoke and what they said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from assistant.knowledge.tables import Tables
from assistant.knowledge.topics import Topic as DerivedTopic
from assistant.types import Answer
from corpus.annotations import Topic
from corpus.library import Debate


class Offer(NamedTuple):
    """The same question in both languages."""

    zh: str
    en: str


def openers(debate: Debate, tables: Tables, count: int = 6) -> list[Offer]:
    """Questions for an empty chat: where voices part, who thinks what, what a figure is, what the hosts asked.

    Without notes: what those who said most on the derived topics said on them, by the words that tell the topic.
    """
    made: list[Offer] = []
    if not debate.notes.topics:
        return _of_derived(debate, tables)[:count]
    names = [s.name for s in debate.transcript.speakers if not s.is_host and s.is_known]
    parted = contested(debate)
    for topic in parted[:2]:
        made.append(Offer(f"大家在“{topic.zh}”上有什么分歧?", f"Where do they disagree on {_lower(topic.en)}?"))
    loudest = sorted(debate.notes.topics, key=lambda t: -sum(s.topic == t.id for s in debate.notes.stances))
    used = {topic.id for topic in parted[:2]}
    for topic, name in zip([t for t in loudest if t.id not in used], names, strict=False):
        if debate.notes.stance(name, topic.id):
            made.append(Offer(f"{name} 怎么看{topic.zh}?", f"What does {name} say about {_lower(topic.en)}?"))
        if len(made) >= count - 2:
            break
    figures = [f for f in debate.notes.figures if f.originator]
    if figures:
        figure = figures[len(figures) // 2]
        made.append(Offer(f"{figure.what_zh}是多少,谁说的?", f"Who gave a figure for {_lower(figure.what_en)}?"))
    made += [
        Offer("主持人问了哪些问题?", "What did the hosts ask?"),
        Offer("这场辩论的主要观点是什么?", "What are the main views in this debate?"),
    ]
    made += [Offer(f"{name} 说了什么?", f"What did {name} say?") for name in names]
    return list(dict.fromkeys(made))[:count]


def _of_derived(debate: Debate, tables: Tables) -> list[Offer]:
    hosts = [s.name for s in debate.transcript.speakers if s.is_host and s.is_known]
    made = [Offer("概括一下全场", "Summarise the whole of it")]
    for topic in sorted(tables.topics, key=lambda topic: -len(topic.sentences)):
        told = tables.said_on(topic, 1)
        if told:
            name = debate.transcript.speaker(max(told, key=lambda i: _share(i, topic, debate))).name
            words = topic.en.split(", ")
            made.append(
                Offer(
                    f"{name} 关于{'、'.join(words[:2])}说了什么?",
                    f"What did {name} say about {' and '.join(words[:2])}?",
                )
            )
    made[4:] = [Offer("主持人问了哪些问题?", "What did the hosts ask?")] * bool(hosts)
    return [*made, Offer("谁说得最多?", "Who spoke the most?"), Offer("有谁表示不同意?", "Who disagrees with whom?")]


def _share(speaker_id: str, topic: DerivedTopic, debate: Debate) -> int:
    said = (debate.transcript.sentence(i).turn_id for i in topic.sentences)
    return sum(debate.transcript.turn(turn).speaker_id == speaker_id for turn in said)


def follow_ups(answer: Answer, debate: Debate, count: int = 3) -> list[str]:
    """What one might ask next: the answer's own, then those that the notes suggest."""
    asked = {_bare(answer.question), _bare(answer.standalone)}
    made = {_bare(words): words for words in reversed([*answer.follow_ups, *_suggested(answer, debate)])}
    return [words for bare, words in reversed(made.items()) if bare not in asked][:count]


def _bare(words: str) -> str:
    """A question without its punctuation, so that the same one in other quotation marks is not offered again."""
    return "".join(c for c in words.casefold() if c.isalnum())


def _suggested(answer: Answer, debate: Debate) -> Iterator[str]:
    zh = answer.language == "zh"
    topics = _topics(answer, debate)
    heard = {quote.speaker for quote in answer.quotes}
    for topic in topics[:1]:
        for stance in debate.notes.stances:
            if stance.topic == topic.id and stance.speaker not in heard and stance.stance != "questions":
                yield f"那 {stance.speaker} 呢?" if zh else f"And {stance.speaker}?"
                break
        if len({s.stance for s in debate.notes.stances if s.topic == topic.id}) > 1:
            yield f"大家在“{topic.zh}”上有什么分歧?" if zh else f"Where do they disagree on {_lower(topic.en)}?"
    for topic in topics[1:]:
        yield f"大家怎么看{topic.zh}?" if zh else f"What do they say about {_lower(topic.en)}?"
    if not topics:
        yield "这场辩论的主要观点是什么?" if zh else "What are the main views in this debate?"


def _topics(answer: Answer, debate: Debate) -> list[Topic]:
    quotes = answer.quotes or (answer.abstention.nearest if answer.abstention else ())
    found = [t for q in quotes for i in q.sentence_ids for t in debate.notes.note(i).topics]
    by_id = {topic.id: topic for topic in debate.notes.topics}
    return [by_id[i] for i in sorted(dict.fromkeys(found), key=lambda i: -found.count(i)) if i in by_id]


def contested(debate: Debate) -> list[Topic]:
    """Topics, those on which voices part furthest first."""
    return sorted(debate.notes.topics, key=lambda topic: -_parting(topic, debate))


def _parting(topic: Topic, debate: Debate) -> int:
    """How far voices part on a topic: the number of pairs that hold opposite views."""
    kinds = [s.stance for s in debate.notes.stances if s.topic == topic.id]
    return kinds.count("supports") * kinds.count("opposes") * 4 + kinds.count("mixed")


def _lower(title: str) -> str:
    """A title within a sentence: its first letter small unless the word is a name or an abbreviation; a question quoted."""
    first = title.split(" ", 1)[0]
    if first in ("Is", "Are", "Do", "Does", "Can", "Will"):
        return f"“{title}”"
    return title if sum(c.isupper() for c in first) > 1 or first in ("Michael",) else title[:1].lower() + title[1:]
