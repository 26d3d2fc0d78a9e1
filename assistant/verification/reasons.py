"""Why a claim was judged as it was: one plain sentence each, in the claim's language."""

from __future__ import annotations

from collections.abc import Sequence


def _pick(chinese: bool, zh: str, en: str) -> str:
    return zh if chinese else en


def carried(chinese: bool) -> str:
    """Supported."""
    return _pick(chinese, "引文的意思、数字和语气都撑得住这句话。", "Meaning, figures and force of the quote carry it.")


def not_all(word: str, chinese: bool) -> str:
    """Partly supported."""
    if not word:
        return _pick(chinese, "引文只撑得住一部分。", "The quote carries only part of it.")
    return _pick(
        chinese,
        f"意思相近,但引文里没有与“{word}”对得上的话。",
        f"Close to the quote, which has nothing that plainly matches “{word}”.",
    )


def unchecked(chinese: bool) -> str:
    """Nothing can be told."""
    return _pick(chinese, "引文已核实,措辞未核查。", "Quotes verified, wording not checked.")


def other_speaker(claimed: str, said_by: str, chinese: bool) -> str:
    """The sentences are somebody else's."""
    return _pick(chinese, f"引文是{said_by}说的,不是{claimed}。", f"The quote is {said_by}'s, not {claimed}'s.")


def only_asked(chinese: bool) -> str:
    """A question is told as an assertion."""
    return _pick(chinese, "引文只是提问,并没有下断言。", "The quote only asks; it does not assert.")


def relayed(originators: Sequence[str], chinese: bool) -> str:
    """Somebody else's claim is told as the speaker's own."""
    who = originators[0] if originators else _pick(chinese, "别人", "somebody else")
    return _pick(
        chinese,
        f"引文是在转述{who},不是说话人自己的看法。",
        f"The quote relays {who}; it is not the speaker's own view.",
    )


def figure(text: str, chinese: bool) -> str:
    """A figure is not there."""
    return _pick(
        chinese,
        f"引文里没有“{text}”这个数,也推算不出来。",
        f"The figure {text} is not in the quote, nor to be reckoned from it.",
    )


def opposite(mine: str, other: str, chinese: bool) -> str:
    """The quote says the opposite."""
    return _pick(
        chinese,
        f"方向相反:这里说“{mine}”,引文说“{other}”。",
        f"The other way round: “{mine}” here, “{other}” in the quote.",
    )


def wider(chinese: bool) -> str:
    """A part is told as the whole."""
    return _pick(chinese, "范围比引文说的更大。", "It says it of more than the quote does.")


def surer(chinese: bool) -> str:
    """A guess is told as a certainty."""
    return _pick(chinese, "语气比引文更肯定。", "It is surer than the quote.")


def nothing_close(word: str, chinese: bool) -> str:
    """The quote says nothing of the kind."""
    if not word:
        return _pick(chinese, "引文没有说这件事。", "The quote says nothing of the kind.")
    return _pick(
        chinese,
        f"引文没有说这件事,例如“{word}”就没有着落。",
        f"The quote says nothing of the kind; “{word}”, for one, has no ground in it.",
    )


def denied(word: str, chinese: bool) -> str:
    """The quote negates what the claim affirms."""
    return _pick(
        chinese, f"引文里的“{word}”是被否定的,这里却当成肯定。", f"The quote denies “{word}”; here it is affirmed."
    )


def figures_turned(chinese: bool) -> str:
    """From A to B for from B to A."""
    return _pick(chinese, "数字的先后与引文相反。", "The figures stand the other way round in the quote.")


def roles(chinese: bool) -> str:
    """Who does what to whom, exchanged."""
    return _pick(
        chinese,
        "用词与引文相同,但次序不同,谁对谁可能颠倒了。",
        "The words are the quote's, in another order: the roles may be exchanged.",
    )


def advice(chinese: bool) -> str:
    """Advice that nobody gave."""
    return _pick(chinese, "引文里没有人给出这样的建议。", "Nobody gives such advice in the quote.")


def in_person(chinese: bool) -> str:
    """Told as done in person."""
    return _pick(chinese, "引文没有说是本人所为。", "The quote does not say that it was in person.")
