"""Every phrase the embedded answerer says, in Chinese and English, and the plain text of an answer.

Our words frame the quotes; they never hold quoted ones. Doors render answers their own way from the same fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.types import AbstentionReason, Answer, Intent

if TYPE_CHECKING:
    from assistant.calculators.trace import CalculationTrace
    from corpus.annotations import Language
    from corpus.types import Quote

_LEADS: dict[Intent, tuple[str, str]] = {
    "position": ("{names}在辩论中是这样说的:", "What {names} said on this:"),
    "who_said": ("这出自{names}:", "It was {names}:"),
    "figure": ("{names}给出的说法:", "The figures, as {names} gave them:"),
    "comparison": ("{names}各自的说法:", "Side by side, {names}:"),
    "overview": ("辩论中的主要说法,按发言人:", "The main views, speaker by speaker:"),
    "host_question": ("主持人是这样问的({names}):", "What the hosts asked ({names}):"),
}

_STANCES = {
    "supports": ("认同", "holds that"),
    "opposes": ("不认同", "disputes that"),
    "mixed": ("两面都说", "sees both sides of the claim that"),
    "questions": ("提问", "asks whether"),
}

_ABSTAIN: dict[AbstentionReason, tuple[str, str]] = {
    "speaker_silent": ("{who}在这场辩论里没有谈到这一点。", "{who} did not speak on this in the debate."),
    "topic_absent": ("这场辩论没有谈到这个话题。", "The debate did not address this."),
    "detail_absent": (
        "辩论谈到了相关话题,但没有给出这个细节。",
        "The debate touches the subject but does not give this detail.",
    ),
    "out_of_scope": (
        "我只回答这场辩论里谁说了什么,引文逐字来自文稿,不会编造或改变规则。",
        "I only answer who said what in this debate, word for word; I neither invent words nor change rules.",
    ),
    "small_talk": (
        "我是这场辩论的问答助手:可以问我谁说了什么、分歧在哪、某个数字出自谁。",
        "I answer questions about this debate: who said what, where they disagree, whose figure something is.",
    ),
    "needs_context": ("请说明您问的是哪个话题或哪位发言人。", "Please say which subject or which speaker you mean."),
    "refused_input": ("{why}", "{why}"),
}

_SPOKE = ("谈到它的是{names}。", "Those who did: {names}.")
_NEAREST = ("最接近的原话:", "The nearest words:")
_GLOSS = ("(译文为我们所加)", "our translation")
_RELAY = ("转述{who}", "relaying {who}")
_CARRY = {"own": ("", ""), "asks": ("提问", "asking")}


def pick(pair: tuple[str, str], language: Language) -> str:
    """The Chinese or the English of a phrase."""
    return pair[0 if language == "zh" else 1]


def join_names(names: Sequence[str], language: Language) -> str:
    """ "Rob Li、Ethan Xu" or "Rob Li, Bruce Liu and Ethan Xu"."""
    if language == "zh" or len(names) < 2:
        return "、".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def lead(intent: Intent, names: Sequence[str], language: Language) -> str:
    """The opening sentence."""
    phrase = pick(_LEADS.get(intent, _LEADS["position"]), language)
    return _spaced(phrase.format(names=join_names(names, language)))


def silent_note(names: Sequence[str], language: Language) -> str:
    """That some of those asked about did not speak on it."""
    return _spaced(pick(("{names}没有谈到这一点。", "{names} did not address this."), language).format(
        names=join_names(names, language)))  # fmt: skip


def attribution(quote: Quote, language: Language) -> str:
    """ "Rob Li", "陈茜,转述Jason Furman", "刘一鸣,提问": whose words, and whose claim."""
    if quote.mode == "relays" and quote.originator:
        note = pick(_RELAY, language).format(who=quote.originator)
    else:
        note = pick(_CARRY.get(quote.mode, ("", "")), language)
    if not note:
        return quote.speaker
    return f"{quote.speaker}({note})" if language == "zh" else f"{quote.speaker} ({note})"


def abstain(
    reason: AbstentionReason, language: Language, *, who: Sequence[str] = (), spoke: Sequence[str] = (), why: str = ""
) -> str:
    """Why there is no answer and who did speak, in one or two sentences."""
    message = _spaced(pick(_ABSTAIN[reason], language).format(who=join_names(who, language), why=why))
    if spoke:
        more = _spaced(pick(_SPOKE, language).format(names=join_names(spoke, language)))
        message += more if language == "zh" else f" {more}"
    return message


def joined(sentences: Sequence[str], language: Language) -> str:
    """Sentences one after another."""
    return ("" if language == "zh" else " ").join(sentences)


def input_note(language: Language) -> str:
    """What a quote is doing beside a calculation."""
    return pick(("用作输入的原话", "Used as an input"), language)


def stance_word(stance: str, language: Language) -> str:
    """ "认同" / "holds that" and so on."""
    return pick(_STANCES[stance], language)


def plain_text(answer: Answer) -> str:
    """The whole answer as plain text: our words, then each quote in quotation marks with who said it and where."""
    lines: list[str] = []
    if answer.abstention is not None:
        lines.append(answer.abstention.message)
        if answer.abstention.nearest:
            lines.append(pick(_NEAREST, answer.language))
            lines += [_quote_line(q, answer.language) for q in answer.abstention.nearest]
    elif answer.lead:
        lines.append(answer.lead)
    for claim in answer.claims:
        if claim.text:
            lines.append(f"- {claim.text}")
        lines += [_quote_line(answer.quotes[n], answer.language) for n in claim.quotes]
    for calculation in answer.calculations:
        if calculation.summary[answer.language] != answer.lead:
            lines.append(calculation.summary[answer.language])
        lines += calculation_lines(calculation, answer.language)
    return "\n".join(lines)


def _quote_line(quote: Quote, language: Language) -> str:
    line = f"  “{quote.text}” — {attribution(quote, language)} [{quote.turn_id}]"
    if language == "en" and quote.gloss:
        line += f"\n    [{pick(_GLOSS, 'en')}: {quote.gloss}]"
    return line


def calculation_lines(calculation: CalculationTrace, language: Language) -> list[str]:
    """Behind a result: the inputs with where each came from, the equation and the remarks."""
    lines = []
    for argument in calculation.arguments:
        lines.append(
            f"  {argument.label[language]} = {number(argument.value)} {argument.unit}".rstrip()
            + f" ({origin_word(argument.origin.kind, language)}"
            + (f": {argument.origin.speaker} “{argument.origin.quote}”" if argument.origin.quote else "")
            + (f": {argument.origin.source}" if argument.origin.source else "")
            + ")"
        )
    lines.append(f"  {calculation.equation}")
    for note in calculation.notes:
        said = f": “{note.quote}” — {note.speaker}" if note.quote else ""
        lines.append(f"  · {note.text[language]}{said}")
    return lines


def origin_word(kind: str, language: Language) -> str:
    """Where an input came from, in a word or two."""
    words = {
        "user": ("您给的", "yours"),
        "quote": ("辩论中的说法", "said in the debate"),
        "default": ("默认值", "default"),
        "carried": ("沿用上文", "carried over"),
    }
    return pick(words[kind], language)


def number(value: object) -> str:
    """A number for reading: up to six significant digits, thousands separated."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _spaced(text: str) -> str:
    """A space between Chinese and Latin letters, as good typesetting has it, and none elsewhere."""
    made: list[str] = []
    for at, character in enumerate(text):
        if at and (_is_han(text[at - 1]) != _is_han(character)) and character.isalnum() and text[at - 1].isalnum():
            made.append(" ")
        made.append(character)
    return "".join(made)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
