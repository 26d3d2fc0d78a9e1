"""The doors' own words in both languages, one table.

>>> word("relaying", "en", who="Jason Furman")
'relaying Jason Furman'
"""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, Language] = ("zh", "en")

_WORDS: dict[str, tuple[str, str]] = {
    "relaying": ("转述 {who}", "relaying {who}"),
    "asks": ("提问", "asking"),
    "gloss": ("我们的英译(非原话)", "our translation, not a quote"),
    "sketch": ("辩论里的原话", "What was said"),
    "also": ("还说到", "Also said"),
    "seen": ("见上文 {ref}", "see {ref} above"),
    "nearest": ("辩论中最接近的原话", "Nearest in the debate"),
    "spoke": ("谈到这一点的有", "Who did speak on it"),
    "abstained": ("无法回答", "No answer"),
    "calculation": ("计算", "Calculation"),
    "result": ("结果", "Results"),
    "inputs": ("输入", "Inputs"),
    "equation": ("公式", "Equation"),
    "notes": ("备注", "Notes"),
    "chart": ("图", "Chart"),
    "input": ("输入项", "Input"),
    "value": ("数值", "Value"),
    "origin": ("来源", "Where from"),
    "user": ("提问者给出", "you"),
    "user_read": ("提问者给出:{read}", "you: {read}"),
    "default": ("默认值:{source}", "default: {source}"),
    "carried": ("沿用上文{detail}", "carried from earlier{detail}"),
    "solved": ("求解所得", "solved for"),
    "quote_of": ("原话", "quote"),
    "note_remark": ("说明", "Note"),
    "note_transcript": ("辩论中说", "Said in the debate"),
    "note_filing": ("披露数据", "On file"),
    "note_warning": ("注意", "Careful"),
    "next": ("接着可以问", "You could ask"),
    "confidence": ("把握 {value}", "confidence {value}"),
    "trouble": ("所配置的模型没有作答({why});以下为内置回答。",
                "The configured model did not answer ({why}); this is the built-in answer."),
    "altered": (
        "注意:这条存档的回答已与文字稿或当时所写不符({why})。"
        "引文按文字稿重新取出;我们自己的话凡无从证实的已略去。",
        "Careful: this kept answer no longer matches the transcript or what was written ({why}). "
        "Its quotes are taken from the transcript anew; words of ours that nothing proves are left out.",
    ),
    "not_kept": ("这条回答未保存:{why}", "This answer was not saved: {why}"),
    "dropped": ("有 {count} 条说法在辩论中找不到依据,已略去。",
                "{count} statement(s) without support in the debate were left out."),
    "continue": ("继续追问", "continue"),
    "quick": ("由快速索引作答;`debate import {file}` 会完整编码,答得更准。",
              "Answered from the quick index; `debate import {file}` encodes it whole, for better answers."),
    "unsaved": ("未保存", "not saved"),
    "true": ("是", "yes"),
    "false": ("否", "no"),
    "memo": ("备忘", "Memo"),
    "question": ("问", "Question"),
    "answered_by": ("作答:{who}", "answered by {who}"),
    "exported": ("由 {maker} 导出", "exported by {maker}"),
    "transcript": ("文字稿", "Transcript"),
    "thread": ("对话 {id}", "thread {id}"),
    "in_part": ("(句子的一部分)", "(part of the sentence)"),
    "notes_hash": ("注释", "Notes"),
    "legend": (
        "弯引号加标识行的是原话,逐字来自上述 SHA-256 的文字稿;其余文字与英译是我们的。核验:`debate verify 本文件`。",
        "Words in curly quotes above a reference line are verbatim from the transcript with that SHA-256; everything "
        "else, translations included, is ours. To check: `debate verify FILE`.",
    ),
    "checksum": ("导出校验和", "Checksum of this export"),
    "supports": ("▲ 赞成", "▲ supports"),
    "opposes": ("▼ 反对", "▼ opposes"),
    "mixed": ("◆ 两面", "◆ mixed"),
    "questions": ("? 提问", "? asks"),
    "silent": ("– 未谈", "– silent"),
    "neutral": ("– 未表态", "– no side"),
    "topic": ("话题", "Topic"),
    "speaker": ("发言人", "Speaker"),
    "stance": ("立场", "Stance"),
    "summary": ("概括(我们的话)", "Summary (ours)"),
    "sentence": ("句子", "Sentence"),
    "figure": ("原话中的数字", "As said"),
    "what": ("所指", "What it is"),
    "voice": ("谁的数字", "Whose figure"),
    "differ": ("≠ 说法不一", "≠ voices differ"),
    "no_group": ("其他", "Other"),
    "range": ("数值", "Value"),
}  # fmt: skip


def word(key: str, language: Language, **values: object) -> str:
    """The wording of one label."""
    zh, en = _WORDS[key]
    return (zh if language == "zh" else en).format(**values)
