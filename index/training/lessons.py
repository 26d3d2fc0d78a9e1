"""What the encoder is shown: pairs that belong together, and texts with the vector that the teacher gives.

The teacher's lessons keep the encoder general: trained on pairs alone it forgets what the pairs do not speak of.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from datasets import Dataset

from index.training.material import Material
from index.training.start import Start
from index.training.teacher import Teacher

COMMON = 12000  # English words that word groups are made of
PHRASES = (  # of two terms, in English and in Chinese
    ("{a} {b}", "{a}{b}"),
    ("{a} and {b}", "{a}和{b}"),
    ("{a} of {b}", "{b}的{a}"),
    ("how does {a} affect {b}?", "{a}对{b}有什么影响"),
    ("why is there no {a} without {b}?", "为什么没有{b}就没有{a}"),
    ("what did they say about {a} and {b}?", "关于{a}和{b}他们说了什么"),
    ("who mentioned {a}? what about {b}?", "谁提到了{a},{b}呢"),
    ("we need {a} because of {b}.", "因为{b},我们需要{a}。"),
    ("{a} has become a problem for {b}.", "{a}成了{b}的问题。"),
    ("is {a} more important than {b}?", "{a}比{b}更重要吗"),
    ("the {a} was not {b}, they said.", "他们说{a}不是{b}。"),
    ("in the {a} there is too much {b}.", "{a}里面{b}太多了。"),
)
Pair = tuple[str, str]


def glossary_pairs(material: Material) -> Iterator[Pair]:
    """Names of one thing, across and within the languages."""
    for term in material.terms:
        for chinese in term.chinese:
            yield from ((chinese, english) for english in term.english)
        for names in (term.chinese, term.english):
            yield from ((names[0], name) for name in names[1:])


def statement_pairs(material: Material) -> Iterator[Pair]:
    """Question → statement in its own and in the other language, and statement ↔ its rendering."""
    for statement in (*material.statements, *material.debates):
        yield statement.english, statement.chinese
        yield statement.chinese, statement.english
        for question in (*statement.english_questions, *statement.chinese_questions):
            yield question, statement.english
            yield question, statement.chinese


def pair_dataset(pairs: Iterable[Pair], seed: int) -> Dataset:
    """Different texts that belong together, shuffled."""
    unique = [pair for pair in dict.fromkeys(pairs) if pair[0] != pair[1]]
    random.Random(seed).shuffle(unique)
    return Dataset.from_dict({"anchor": [a for a, _ in unique], "positive": [b for _, b in unique]})


def composed(material: Material, count: int, seed: int) -> Iterator[Pair]:
    """Phrases of two terms at random, as (text, the same in English): how meanings add up."""
    rng = random.Random(seed)
    for _ in range(count):
        first, second = rng.sample(material.terms, 2)
        english, chinese = rng.choice(PHRASES)
        meaning = english.format(a=rng.choice(first.english), b=rng.choice(second.english))
        yield meaning, meaning
        yield chinese.format(a=rng.choice(first.chinese), b=rng.choice(second.chinese)), meaning


def word_groups(vocabulary: Sequence[str], count: int, seed: int) -> Iterator[str]:
    """Groups of two to four English words at random: how much each of them weighs beside others."""
    rng = random.Random(seed)
    words = [word for word in vocabulary[vocabulary.index("the") :] if word.isalpha() and word.isascii()][:COMMON]
    for _ in range(count):
        yield " ".join(rng.sample(words, rng.randint(2, 4)))


def lesson_dataset(
    start: Start, teacher: Teacher, material: Material, *, phrases: int, groups: int, seed: int
) -> Dataset:
    """Texts with the vector the teacher gives their English side."""
    sides: dict[str, str] = dict(composed(material, phrases, seed))
    sides.update((group, group) for group in word_groups(start.vocabulary, groups, seed))
    for statement in (*material.statements, *material.debates):
        sides.setdefault(statement.english, statement.english)
        sides.setdefault(statement.chinese, statement.english)
        sides.update((question, question) for question in statement.english_questions)
    for term in material.terms:
        sides.update((name, name) for name in term.english)
        sides.update((name, term.english[0]) for name in term.chinese)
    vectors = start.reduce(teacher.texts(list(sides.values())))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Dataset.from_dict({"text": list(sides), "label": vectors.tolist()})
