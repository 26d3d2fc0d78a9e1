"""An answer as a chat message: our words with numbered chips, then the quotes as cards, then what one can do with it.

Our words and the quotes never mix: words in a card's ``<q>`` are the transcript's, everything else is ours.
"""

from __future__ import annotations

from assistant.types import Abstention, Answer, Sureness, Table
from assistant.wording import checks
from corpus.library import Debate
from ui.web.rendering.addresses import of_answer
from ui.web.rendering.calculation import calculation
from ui.web.rendering.cast import Cast
from ui.web.rendering.lines import lines
from ui.web.rendering.markup import both, flat, labelled, pick, text
from ui.web.rendering.panel import address
from ui.web.rendering.quotes import card, cards
from ui.web.rendering.suggestions import follow_ups
from ui.web.rendering.written import written
from ui.words import word

# Reasons to stay silent that are judgements on the debate, and so may be wrong.
_DOUBTED = ("speaker_silent", "topic_absent", "detail_absent")
_MAYBE = 25  # per cent from which on a silent answer asks for other words


def question(words: str) -> str:
    """A reader's question exactly as typed; a heading, by which one walks from question to question."""
    return f'<div class="asked" role="heading" aria-level="2">{text(words)}</div>'


def answer_message(
    answer: Answer,
    debate: Debate,
    cast: Cast,
    *,
    thread: str,
    position: int,
    last: bool = True,
    branches: tuple[int, ...] = (),
    number: int = 0,
) -> str:
    """The whole message.

    Args:
        position: place of the answer in its thread, from 1.
        last: whether it is the thread's last answer, after which the next questions are offered.
        branches: numbers of all messages that stand in this place, on this branch and on others, oldest first.
        number: which of them this is.
    """
    parts = _notices(answer)
    if answer.abstention is not None:
        parts.append(_abstention(answer.abstention, answer, cast))
    stated = [trace.summary[answer.language] for trace in answer.calculations]  # these open with the same sentence
    if answer.lead and answer.lead.strip() not in stated:
        parts.append(f'<p class="lead">{text(answer.lead)}</p>')
    if answer.table is not None:
        parts.append(_table(answer.table))
        parts.append(_folded(answer, lines(answer, cast)))
    elif any(claim.block is not None for claim in answer.claims):
        parts.append(written(answer.claims, answer.quotes, cast, answer.language))
        parts.append(_folded(answer, cards(answer.quotes, cast, feedback=True)))
    else:
        parts.append(lines(answer, cast))
    parts += [f'<p class="note">{text(note.text)}</p>' for note in answer.notes]
    parts += [f'<p class="note">{text(told)}</p>' for told in (checks(answer),) if told]
    parts += [
        calculation(
            trace, debate, cast, answer.language, link=address(trace), files=of_answer(thread, position, number)
        )
        for number, trace in enumerate(answer.calculations)
    ]
    if answer.rejected and answer.answerer != "embedded":
        count = len(answer.rejected)
        parts.append(
            f'<p class="notice">{both(f"有 {count} 条说法在辩论中找不到依据,已略去。", f"{count} statement(s) without support were left out.")}</p>'
        )
    parts.append(_tools(answer, _branches(branches, number)))
    if last:
        parts.append(_next(answer, debate))
    return flat(
        f'<div class="answer" lang="{answer.language}" data-thread="{text(thread)}" data-position="{position}" '
        f'data-spent="{sum(answer.timings_ms.values()):.0f}" data-question="{text(answer.question)}">{"".join(parts)}</div>'
    )


def _notices(answer: Answer) -> list[str]:
    """What stands before an answer: that it was altered, was not kept, or that the model did not answer."""
    parts = []
    for key, kind, why in (("altered", "alert", "; ".join(answer.altered)), ("not_kept", "note", answer.unsaved)):
        if why:
            told = both(word(key, "zh", why=why), word(key, "en", why=why))
            parts.append(f'<p class="notice" role="{kind}" data-{key.replace("_", "-")}>{told}</p>')
    if answer.trouble:
        parts.append(
            f'<p class="notice" role="note">{both("所配置的模型没有作答:", "The configured model did not answer: ")}'
            f"{text(answer.trouble)}</p>"
        )
    return parts


def _folded(answer: Answer, quotes: str) -> str:
    """What a table or prose cites, folded: a table's cells hold the same words."""
    if not answer.quotes:
        return ""
    count = len(answer.quotes)
    label = both(f"{count} 句原话与出处", f"{count} quote{'s' * (count > 1)} and where they stand")
    return f'<details class="rest"><summary>{label}</summary>{quotes}</details>'


def progress_message(steps: tuple[tuple[str, str], ...]) -> str:
    """What is being done, in both languages, the current step last."""
    rows = "".join(f"<li>{both(zh, en)}</li>" for zh, en in steps)
    return f'<div class="progress" role="status"><ul>{rows}</ul></div>'


def trouble_message(why: str, words: str, why_zh: str = "") -> str:
    """What went wrong ("" when nobody can say); the question is kept and can be asked again.

    Args:
        why: an error's sentence, which is English.
        why_zh: the same in Chinese; a Chinese page without it says what to do and shows the English as a detail.
    """
    said = both(
        why_zh or "出错了。问题已保留,请重试。", why or "Something went wrong. Your question is kept; please try again."
    )
    if why and not why_zh:
        said += f' <small class="zh" lang="en">{text(why)}</small>'
    return (
        f'<div class="trouble" role="alert" data-question="{text(words)}"><p>{said}</p>'
        f'<button type="button" data-do="retry">{both("重试", "Try again")}</button> '
        f'<button type="button" data-do="edit">{both("修改问题", "Edit the question")}</button></div>'
    )


def gone_message(words: str, thread: str) -> str:
    """That the conversation was deleted meanwhile: it can be brought back, or the question begins another."""
    told = both("这个对话已经不在了。问题已保留。", "This conversation is no longer there. Your question is kept.")
    return (
        f'<div class="trouble" role="alert" data-question="{text(words)}"><p>{told}</p>'
        f'<button type="button" data-do="restore" data-thread="{text(thread)}">{both("恢复对话", "Bring it back")}</button> '
        f'<button type="button" data-do="retry">{both("在新对话中提问", "Ask in a new chat")}</button></div>'
    )


def stopped_message(words: str) -> str:
    """That the reader stopped it."""
    return _unanswered("已停止。", "Stopped.", words)


def kept_message(words: str) -> str:
    """That a question from before the page was loaded has no answer."""
    return _unanswered("这个问题还没有回答。", "This question has not been answered yet.", words)


def _unanswered(zh: str, en: str, words: str) -> str:
    return (
        f'<div class="trouble stopped" role="status" data-question="{text(words)}"><p>{both(zh, en)}</p>'
        f'<button type="button" data-do="retry">{both("重试", "Try again")}</button> '
        f'<button type="button" data-do="edit">{both("修改问题", "Edit the question")}</button></div>'
    )


_SURENESS = {"sure": ("有把握", "Sure"), "likely": ("多半如此", "Likely"), "unsure": ("不确定", "Unsure")}


def confidence(value: float, sureness: Sureness) -> str:
    """How sure we are, in a word; the calibrated figure is told to whoever points at it."""
    share = round(100 * value)
    return _sure(share, *_SURENESS[sureness], f"把握 {share}%", f"Confidence {share}%")


def doubt(value: float) -> str:
    """How likely it is, to our knowledge, that the debate answers a question on which we stay silent."""
    share = round(100 * value)
    words = ("辩论里多半没有", "Most likely not in the debate")
    if share >= _MAYBE:
        words = ("辩论里也许有,换个问法试试", "The debate may well have it: try other words")
    told = f"辩论中有答案的可能 {share}%", f"Chance that the debate answers it {share}%"
    return _sure(share, *words, *told)


def _sure(share: int, zh: str, en: str, told_zh: str, told_en: str) -> str:
    """Whoever cannot point reads the figure after the word."""
    return (
        f'<span class="confidence" data-share="{share}">{both(zh, en)}'
        f'<span class="sr"> ({both(told_zh, told_en)})</span></span>'
    )


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in table.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{text(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" {labelled("表格", "Table")}><table class="answer-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _abstention(silence: Abstention, answer: Answer, cast: Cast) -> str:
    heading = {
        "speaker_silent": ("没有谈到", "Not addressed"),
        "topic_absent": ("辩论未涉及", "Not in the debate"),
        "detail_absent": ("没有这个细节", "No such detail"),
        "out_of_scope": ("不在辩论范围内", "Outside the debate"),
        "small_talk": ("关于我", "About me"),
        "needs_context": ("请再说明一下", "A word more, please"),
        "refused_input": ("这样算不了", "Cannot be computed so"),
    }[silence.reason]
    parts = [
        f'<div class="abstention" data-reason="{silence.reason}"><h3>{text(pick(*heading, answer.language))}</h3>'
        f"<p>{text(silence.message)}</p>"
    ]
    if silence.spoke:
        people = "".join(
            f'<button type="button" class="pill {cast.css(name)}" data-do="ask" '
            f'data-question="{text(_about(name, answer))}"><i aria-hidden="true"></i>{text(name)}</button>'
            for name in silence.spoke
        )
        parts.append(
            f'<p class="spoke">{text(pick("谈到这一点的有", "Who did speak on it", answer.language))} {people}</p>'
        )
    if silence.nearest:
        first, *rest = (card(q, cast) for q in silence.nearest)
        parts.append(f"<h4>{text(pick('辩论中最接近的原话', 'Nearest in the debate', answer.language))}</h4>{first}")
        if rest:
            label = both(f"另有 {len(rest)} 句", f"{len(rest)} more")
            parts.append(f'<details class="rest"><summary>{label}</summary>{"".join(rest)}</details>')
    parts.append("</div>")
    return "".join(parts)


def _about(name: str, answer: Answer) -> str:
    return f"那 {name} 呢?" if answer.language == "zh" else f"And {name}?"


def _branches(branches: tuple[int, ...], number: int) -> str:
    """ "‹ 2 / 3 ›": the answer's place among those that were given here, and the way to the others."""
    if len(branches) < 2:
        return ""
    at = branches.index(number)
    steps = (("‹", at - 1, "上一个版本", "Earlier version"), ("›", at + 1, "下一个版本", "Later version"))
    back, on = (
        f'<button type="button" class="quiet" data-do="branch" {labelled(zh, en)}'
        + (
            f' data-number="{branches[to]}">{sign}</button>'
            if 0 <= to < len(branches)
            else f" disabled>{sign}</button>"
        )
        for sign, to, zh, en in steps
    )
    return f'<span class="branches">{back}<span>{at + 1} / {len(branches)}</span>{on}</span>'


def _tools(answer: Answer, branches: str) -> str:
    buttons = (
        ("copy", "复制", "Copy"),
        ("retry", "重试", "Retry"),
        ("edit", "修改问题", "Edit"),
    )
    made = "".join(f'<button type="button" data-do="{do}">{both(zh, en)}</button>' for do, zh, en in buttons)
    verdicts = "".join(
        f'<button type="button" data-do="verdict" data-verdict="{verdict}">{both(zh, en)}</button>'
        for verdict, zh, en in (
            ("right_answer", "有用", "Helpful"),
            ("wrong_answer", "不对", "Not right"),
        )
    )
    sure = ""
    if answer.answerer != "embedded":
        sure = ""  # how sure the search is says nothing of what a model wrote
    elif answer.quotes and answer.abstention is None:
        sure = confidence(answer.confidence, answer.sureness)
    elif answer.abstention is not None and answer.abstention.reason in _DOUBTED:
        sure = doubt(answer.confidence)
    return f'<div class="tools">{sure}{branches}<span class="grow"></span>{made}{verdicts}</div>'


def _next(answer: Answer, debate: Debate) -> str:
    offered = follow_ups(answer, debate)
    if not offered:
        return ""
    made = "".join(
        f'<button type="button" class="next" data-do="ask" data-question="{text(words)}">↳ {text(words)}</button>'
        for words in offered
    )
    return f'<div class="offers" role="group" {labelled("接着可以问", "You could ask next")}>{made}</div>'
