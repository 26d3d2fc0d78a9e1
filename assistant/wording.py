"""Every phrase the embedded answerer says, in Chinese and English, and the plain text of an answer.

Our words frame the quotes; they never hold quoted ones. Doors render answers their own way from the same fields.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.types import AbstentionReason, Answer, Claim, Intent
from corpus.readers.times import clock
from corpus.types import UNKNOWN_NAME

if TYPE_CHECKING:
    from assistant.calculators.trace import CalculationTrace
    from assistant.document import Line
    from corpus.annotations import Language
    from corpus.types import Quote

_LEADS: dict[Intent, tuple[str, str]] = {
    "position": ("{names}在辩论中是这样说的:", "What {names} said on this:"),
    "who_said": ("最接近的话出自{names}:", "The closest words are from {names}:"),
    "figure": ("{names}给出的说法:", "The figures, as {names} gave them:"),
    "comparison": ("{names}各自的说法:", "Side by side, {names}:"),
    "overview": ("辩论中的主要说法,按发言人:", "The main views, speaker by speaker:"),
    "host_question": ("{names}是这样问的:", "What {names} asked:"),
}

# In a debate without notes what is quoted is known to be theirs, and no more.
_PLAIN_LEADS: dict[Intent, tuple[str, str]] = {"host_question": ("{names}问到的:", "Asked by {names}:")}
_PLAIN_LEAD = ("{names}的原话:", "In the words of {names}:")
# Where it is found but nobody can be sure that it answers.
_UNSURE = (
    "最接近的话来自{names},未必正面回答了这个问题:",
    "The closest words, by {names}; they may not answer this directly:",
)
# Who said it, where the notes tell whose claim it is.
_OWN = ("这出自{names}:", "It was {names}:")

_ABSTAIN: dict[AbstentionReason, tuple[str, str]] = {
    "speaker_silent": ("没有找到{who}谈这一点的话。", "I found nothing by {who} on this."),
    "topic_absent": ("在这场辩论里没有找到相关的内容。", "I found nothing on this in the debate."),
    "detail_absent": (
        "辩论谈到了相关话题,但没有找到这个细节。",
        "The debate touches the subject, but I did not find this detail.",
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

_TALK: dict[str, tuple[str, str]] = {
    "thanks": ("好的,有问题随时再问。", "You are welcome; ask on whenever you like."),
    "chat": (
        "我只回答这场辩论里谁说了什么、分歧在哪、某个数字出自谁。",
        "I only answer about this debate: who said what in it, where they part, whose figure something is.",
    ),
}

# That somebody is silent is a claim of its own: only where the notes tell who takes a stand on what.
_SILENT = ("{who}在这场辩论里没有谈到这一点。", "{who} did not speak on this in the debate.")

_UNKNOWN = ("说话人不详", "unknown speaker")
_UNKNOWN_LEADS: dict[Intent, tuple[str, str]] = {
    "figure": ("相关的数字:", "The figures:"),
    "host_question": ("问到的有:", "What was asked:"),
}
_UNKNOWN_LEAD = ("相关的原话:", "What was said on this:")
_NOBODY_KNOWN = ("文稿没有标明是谁说的。", "The transcript does not tell who spoke.")
_NO_TIMES = (
    ("文稿没有标时间,以下不限时段。", "The transcript has no times; this is from the whole of it."),
    ("文稿没有标时间,无法得知是什么时候说的。", "The transcript has no times, so it does not tell when this was said."),
    (
        "文稿没有标时间,无法得知那段时间说了什么。",
        "The transcript has no times, so it does not tell what was said then.",
    ),
)
_NOT_THEN = {  # whether all that was said then was asked for, whether of somebody
    (False, False): ("{then}没有找到谈这一点的话。", "I found nothing on this {then}."),
    (False, True): ("{then}没有找到{who}谈这一点的话。", "I found nothing by {who} on this {then}."),
    (True, False): ("{then}没有人发言。", "Nobody spoke {then}."),
    (True, True): ("{then}{who}没有发言。", "{who} did not speak {then}."),
}

_SPOKE = ("谈到它的是{names}。", "Those who did: {names}.")
_NEAREST = ("最接近的原话:", "The nearest words:")
_GLOSS = ("(译文为我们所加)", "our translation")
_RELAY = ("转述{who}", "relaying {who}")
_CARRY = {"own": ("", ""), "asks": ("提问", "asking")}


def pick(pair: tuple[str, str], language: Language) -> str:
    """The Chinese or the English of a phrase."""
    return pair[0 if language == "zh" else 1]


def named(name: str, language: Language) -> str:
    """A speaker's name as it is shown; words of unknown origin have nobody's."""
    return pick(_UNKNOWN, language) if name == UNKNOWN_NAME else name


def join_names(names: Sequence[str], language: Language, word: str = "and") -> str:
    """ "Ana Ruiz、Bo Lind" or "Ana Ruiz, Bo Lind and Cy Mori"; an unknown speaker stands last."""
    if UNKNOWN_NAME in names:
        unknown = pick(("身份不详的人", "an unknown speaker"), language)
        names = [*(name for name in names if name != UNKNOWN_NAME), unknown]
    if language == "zh" or len(names) < 2:
        return "、".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def lead(
    intent: Intent,
    names: Sequence[str],
    language: Language,
    *,
    own: bool = False,
    sure: bool = True,
    noted: bool = True,
) -> str:
    """The opening sentence.

    Args:
        own: whether it is known whose claim all that is quoted is; the names say so (``credited``).
        sure: whether it is likely enough that this answers; otherwise it is only the closest that was found.
        noted: whether the debate has notes; without them nothing is said of what the quotes are about.
    """
    if not sure:
        return spaced(pick(_UNSURE, language).format(names=join_names(names, language)))
    if intent == "who_said" and own and UNKNOWN_NAME not in names:
        return spaced(pick(_OWN, language).format(names=join_names(names, language)))
    if not noted and list(names) != [UNKNOWN_NAME]:
        return spaced(pick(_PLAIN_LEADS.get(intent, _PLAIN_LEAD), language).format(names=join_names(names, language)))
    if list(names) == [UNKNOWN_NAME]:
        return pick(_UNKNOWN_LEADS.get(intent, _UNKNOWN_LEAD), language)
    phrase = pick(_LEADS.get(intent, _LEADS["position"]), language)
    return spaced(phrase.format(names=join_names(names, language)))


def silent_note(names: Sequence[str], language: Language) -> str:
    """That nothing was found by some of those asked about."""
    return spaced(pick(_ABSTAIN["speaker_silent"], language).format(who=join_names(names, language)))


def silent_on(names: Sequence[str], topic: str, language: Language) -> str:
    """That some people did not speak on a topic; only where the table of stances says so."""
    phrase = ("{who}在这场辩论里没有谈到{topic}。", "{who} did not speak on this in the debate: {topic}.")
    return spaced(pick(phrase, language).format(who=join_names(names, language), topic=topic))


def no_stand(names: Sequence[str], topic: str, language: Language) -> str:
    """That the table of stances knows no stand of these people on a topic; they may have spoken near it."""
    phrase = ("记录里{who}没有就此表态:{topic}。", "No stand of {who} on this is on record: {topic}.")
    return spaced(pick(phrase, language).format(who=join_names(names, language, "or"), topic=topic))


def attribution(quote: Quote, language: Language) -> str:
    """ "Ana Ruiz", "Bo Lind,转述Ida Falk", "Cy Mori,提问": whose words, and whose claim."""
    if quote.mode == "relays" and quote.originator:
        note = pick(_RELAY, language).format(who=quote.originator_in(language))
    else:
        note = pick(_CARRY.get(quote.mode, ("", "")), language)
    speaker = named(quote.speaker, language)
    if not note:
        return speaker
    return f"{speaker}({note})" if language == "zh" else f"{speaker} ({note})"


def credited(name: str, origins: Sequence[str], language: Language) -> str:
    """ "Ana Ruiz", "Bo Lind (relaying Ida Falk)": who said it, and whose claim it is where that is somebody else's."""
    if not origins:
        return name
    note = pick(_RELAY, language).format(who=join_names(origins, language))
    return f"{name}({note})" if language == "zh" else f"{name} ({note})"


def nobody_known(language: Language) -> str:
    """That it is not known who said any of it."""
    return pick(_NOBODY_KNOWN, language)


def no_times(language: Language, *, asks: bool = False, whole: bool = False) -> str:
    """That the transcript tells no times.

    Args:
        asks: whether it was asked when something was said.
        whole: whether all that was said in a stretch of time was asked for.
    """
    return pick(_NO_TIMES[1 if asks else 2 if whole else 0], language)


def said_at(name: str | None, seconds: float | None, turn_seconds: float | None, language: Language) -> str:
    """When something was said: at a time, or in a turn that begins at one; None where that is not known.

    Args:
        name: who said it; None when nobody knows.
    """
    if seconds is not None:
        phrases = (
            ("{name}是在 {time} 说的。", "{name} said this at {time}."),
            ("这是在 {time} 说的。", "This was said at {time}."),
        )
    elif turn_seconds is not None:
        phrases = (
            ("{name}是在 {time} 开始的一段发言里说的。", "{name} said this in a turn that begins at {time}."),
            ("这出自 {time} 开始的一段发言。", "This was said in a turn that begins at {time}."),
        )
    else:
        return pick(("文稿没有标出这句话的时间。", "The transcript does not tell when this was said."), language)
    told = seconds if seconds is not None else turn_seconds
    return spaced(pick(phrases[name is None], language).format(name=name, time=clock(told or 0.0)))


def stretch(seconds: tuple[float, float], language: Language) -> str:
    """ "from 12:00 to 20:00", "1:05:00 之后"."""
    start, end = seconds
    if math.isinf(end):
        return pick(("{a} 之后", "after {a}"), language).format(a=clock(start))
    if start <= 0:
        return pick(("{b} 之前", "before {b}"), language).format(b=clock(end))
    return pick(("{a} 到 {b} 之间", "from {a} to {b}"), language).format(a=clock(start), b=clock(end))


def only_then(seconds: tuple[float, float], language: Language) -> str:
    """That only a stretch of the recording was looked at."""
    return pick(("只看 {then}说的话。", "Only what was said {then}."), language).format(then=stretch(seconds, language))


def not_then(
    seconds: tuple[float, float], language: Language, *, who: Sequence[str] = (), elsewhere: bool = False, whole: bool
) -> str:
    """That nobody spoke (on it) in a stretch of the recording.

    Args:
        who: the speakers that were asked about.
        elsewhere: whether it was spoken of at other times.
        whole: whether all that was said then was asked for.
    """
    told = pick(_NOT_THEN[whole, bool(who)], language)
    text = told.format(then=stretch(seconds, language), who=join_names(who, language))
    if elsewhere:
        text = joined((text, pick(("其他时间有人谈到。", "It was spoken of at other times."), language)), language)
    return spaced(text)


def abstain(
    reason: AbstentionReason,
    language: Language,
    *,
    who: Sequence[str] = (),
    spoke: Sequence[str] = (),
    why: str = "",
    proved: bool = False,
) -> str:
    """Why there is no answer and who did speak, in one or two sentences.

    Args:
        proved: whether it is on record that those asked about take no stand on it; otherwise nothing was found.
    """
    phrase = _SILENT if proved and reason == "speaker_silent" else _ABSTAIN[reason]
    message = spaced(pick(phrase, language).format(who=join_names(who, language), why=why))
    if spoke:
        more = spaced(pick(_SPOKE, language).format(names=join_names(spoke, language)))
        message += more if language == "zh" else f" {more}"
    return message


def nobody_else(language: Language) -> str:
    """That of those not yet heard nobody was found to speak on it."""
    return pick(("没有找到其他人谈这一点的话。", "I found nobody else speaking on this."), language)


def as_spoken(language: Language) -> str:
    """That quotes stay in the language in which they were spoken."""
    return pick(
        (
            "引文保持原来的语言;没有现成的译文。",
            "The quotes stay as they were spoken; no translation is on record.",
        ),
        language,
    )


def small_talk(operation: str, language: Language) -> str:
    """The answer to thanks, to a task that has nothing to do with the debate, to what one can do."""
    return pick(_TALK.get(operation, _ABSTAIN["small_talk"]), language)


def joined(sentences: Sequence[str], language: Language) -> str:
    """Sentences one after another."""
    return ("" if language == "zh" else " ").join(sentences)


def unused_figures(words: Sequence[str], language: Language) -> str:
    """That figures of the reader's had no place in a calculation."""
    told = pick(("、", ", "), language).join(f"“{word}”" for word in words)
    return pick((f"没有用到:{told}。", f"Not used: {told}."), language)


def input_note(language: Language) -> str:
    """What a quote is doing beside a calculation."""
    return pick(("用作输入的原话", "Used as an input"), language)


def checked(claim: Claim, language: Language) -> str:
    """How a model's words were judged, as readers see it beside them; empty for words that code derived."""
    if claim.rests == "background":
        return pick(("并非出自辩论", "not from the debate"), language)
    if claim.verdict is None:
        return ""
    marks = {
        "supported": ("措辞有引文支持", "supported by the quote"),
        "partly": ("引文部分支持", "partly supported"),
        "unsupported": ("引文中没有", "not in the quote"),
        "contradicted": ("已撤回", "withdrawn"),
        "unchecked": ("引文已核实,措辞未核查", "quotes verified, wording not checked"),
    }
    told = claim.why if claim.verdict in ("partly", "unsupported", "contradicted") else ""
    return pick(marks[claim.verdict], language) + (f"{pick((':', ': '), language)}{told}" if told else "")


def checks(answer: Answer) -> str:
    """ "Wording by openai:x (3,210 + 120 tokens, $0.0012): 3 of 4 sentences supported, 1 withdrawn."

    Empty where no model drafted the answer.
    """
    if answer.answerer == "embedded":
        return ""
    verdicts = [claim.verdict for claim in answer.claims if claim.verdict is not None]
    spent = _spent(answer)
    if not verdicts:
        return pick((f"由 {answer.answerer}{spent} 作答。", f"Answered by {answer.answerer}{spent}."), answer.language)
    words = {
        "partly": ("部分支持", "partly"), "unchecked": ("未核查", "not checked"),
        "unsupported": ("引文中没有", "not in the quote"), "contradicted": ("已撤回", "withdrawn"),
    }  # fmt: skip
    rest = [f"{verdicts.count(name)} {pick(told, answer.language)}" for name, told in words.items() if name in verdicts]
    good, every = verdicts.count("supported"), len(verdicts)
    if answer.language == "zh":
        told = f"措辞出自 {answer.answerer}{spent}:{every} 句中 {good} 句有引文支持"
        return told + "".join(f",{r}" for r in rest) + "。"
    told = f"Wording by {answer.answerer}{spent}: {good} of {every} sentences supported"
    return told + "".join(f", {r}" for r in rest) + "."


def _spent(answer: Answer) -> str:
    """ " (3,210 + 120 tokens, 2,900 of them cached, $0.0012)": what the model took; empty where nobody knows."""
    usage, zh = answer.usage, answer.language == "zh"
    if usage is None or usage.input_tokens is None or usage.output_tokens is None:
        return ""
    told = f"{usage.input_tokens:,} + {usage.output_tokens:,} {'个词元' if zh else 'tokens'}"
    if usage.cached_tokens:
        told += f",其中缓存 {usage.cached_tokens:,}" if zh else f", {usage.cached_tokens:,} of them cached"
    if usage.cost_usd is not None:
        told += f"{',' if zh else ', '}${usage.cost_usd:.4f}"
    return f"({told})" if zh else f" ({told})"


def stance_mark(stance: str | None, language: Language) -> str:
    """ "认同" / "holds it", "不认同" / "disputes it", …; empty where none is on record."""
    marks = {
        "supports": ("认同", "holds it"),
        "opposes": ("不认同", "does not hold it"),
        "mixed": ("两面都说", "sees both sides"),
        "questions": ("提问", "asks"),
    }
    return pick(marks[stance], language) if stance else ""


_ALTERED = ("这条存档的回答与记录不符", "This kept answer is not as it was given")
_UNSAVED = ("未保存", "Not saved")


def plain_text(answer: Answer) -> str:
    """The whole answer as plain text: our words, then each quote in quotation marks with who said it and where."""
    from assistant import document as d

    language, lines = answer.language, list[str]()
    bulleted = answer.plan is not None and answer.plan.shape.form == "bullets"
    for block in d.blocks(answer):
        match block:
            case d.Lead(text) | d.Note(text):
                lines.append(text)
            case d.Altered(problems):
                lines.append(f"{pick(_ALTERED, language)}: {'; '.join(problems)}")
            case d.Unsaved(why):
                lines.append(f"{pick(_UNSAVED, language)}: {why}")
            case d.Grid(table):
                lines += [" | ".join(row) for row in (table.columns, *table.rows)]
            case d.Prose(shape, sentences):
                said = " ".join(filter(None, map(sentence, sentences)))
                lines += [f"- {said}" if shape == "bullet" else said] if said else []
                quotes = tuple(dict.fromkeys(quote for s in sentences for quote in s.quotes))
                lines += [_quote_line(quote, answer) for quote in quotes]
            case d.Line(_, _, text, quotes, status, withdrawn) if answer.table is None:
                said = withdrawn or text
                lines += [f"- {said}" + (f" ({status})" if status else "")] if said else []
                mark = "-" if bulleted and not said else " "
                lines += [_quote_line(quote, answer, mark) for quote in quotes]
            case d.Silence(message, _, nearest):
                lines += [message, *([pick(_NEAREST, language)] if nearest else [])]
                lines += [_quote_line(quote, answer) for quote in nearest]
            case d.Calculated(trace):
                lines += [trace.summary[language]] if trace.summary[language] != answer.lead else []
                lines += calculation_lines(trace, language)
    return "\n".join(lines)


def sentence(line: Line) -> str:
    """A sentence of a model's prose, and how it was judged where that is not simply well."""
    said = line.withdrawn or line.text
    return f"{said} ({line.status})" if said and line.doubtful else said


def wants_gloss(answer: Answer) -> bool:
    """Whether a reader of an answer needs our English under the words: of an English one, or where it was asked for."""
    return answer.language == "en" or (answer.plan is not None and answer.plan.operation == "translate")


def _quote_line(quote: Quote, answer: Answer, mark: str = " ") -> str:
    time = f" {quote.time}" if quote.time else ""
    line = f"{mark} “{quote.text}” — {attribution(quote, answer.language)} [{quote.turn_id}{time}]"
    if wants_gloss(answer) and quote.gloss:
        line += f"\n    [{pick(_GLOSS, answer.language)}: {quote.gloss}]"
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


def spaced(text: str) -> str:
    """A space between Chinese and Latin letters, as good typesetting has it, and none elsewhere."""
    made: list[str] = []
    for at, character in enumerate(text):
        if at and (_is_han(text[at - 1]) != _is_han(character)) and character.isalnum() and text[at - 1].isalnum():
            made.append(" ")
        made.append(character)
    return "".join(made)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
