"""Question and thread → what is asked: standalone wording, speakers, intent.

Rules about language, in Chinese and English; no model. What carries over from the thread: the topic when a follow-up has
no matter of its own ("那 Rob 呢?", "why?"), the speaker when it has a pronoun or none ("他还说了什么", "and on private
credit?"), a quote when it is pointed at ("the first point"). A question with its own matter and its own words starts
afresh.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.types import Answer, Intent, Understanding
from corpus.normalize import fold_text, language_of
from corpus.speakers import comparable, find_mentions, find_speakers
from corpus.types import Speaker, Transcript
from index.tokens import query_terms

_CASE = re.IGNORECASE

_INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        "small_talk",
        re.compile(
            r"^\W*(?:你好|您好|嗨|哈喽|早上好|晚上好|谢谢|多谢|感谢|再见|拜拜|在吗|辛苦了|你是谁|你叫什么|你能做什么|你会什么|讲个笑话|"
            r"hi|hello|hey|thanks|thank you|good (?:morning|evening|afternoon|night)|bye|goodbye|who are you|what are you|"
            r"what can you do|how are you|tell me a joke|are you (?:a )?(?:human|robot|bot|ai))(?:\W|$|there|you|so much|啊|呀|了|的)*$|"
            r"讲个笑话|tell me a joke|(?:今天|明天).{0,4}天气|\bweather\b|写(?:一)?首诗|write (?:me )?a poem|how are you|"
            r"你(?:今天)?(?:心情|吃了|几岁|多大)",
            _CASE,
        ),
    ),
    (
        "out_of_scope",
        re.compile(
            r"(?:忽略|无视|忘记|忘掉|跳过|覆盖).{0,12}(?:指令|指示|提示|规则|要求|设定|system)|系统提示|system prompt|"
            r"(?:ignore|disregard|forget|override|bypass).{0,30}(?:instructions?|prompts?|rules?|guidelines?|above|previous)|"
            r"you are now|pretend (?:to be|you)|act as|假装(?:你|自己|成)|扮演|jailbreak|developer mode|开发者模式|"
            r"(?:reveal|print|show|repeat|输出|泄露|打印).{0,20}(?:prompt|instructions|提示词|密钥|api key|password|密码)|"
            r"(?:编造|虚构|伪造|捏造|杜撰|编一(?:句|段)|make up|fabricate|invent).{0,24}(?:quote|引|话|发言|says?|said|说|$)",
            _CASE,
        ),
    ),
    (
        "host_question",
        re.compile(
            r"(?:主持|主理).{0,12}(?:问|提出|好奇|抛|追问|开场)|问(?:了|过)?.{0,6}(?:什么|哪些)(?:问题)?|提了.{0,6}问题|"
            r"\b(?:hosts?|moderators?|interviewers?)\b.{0,40}\b(?:ask|asked|asking|question|questions|raise|raised|bring|brought|wonder|put|open)|"
            r"\bwhat (?:question|questions)\b|\bask(?:ed|s)? (?:the )?(?:guests?|panel|about)|\bquestions? (?:did|does|do|was|were)\b",
            _CASE,
        ),
    ),
    (
        "who_said",
        re.compile(
            r"谁(?:说|提|讲|认为|觉得|在|是第一个|最先|引用|转述|相信|主张|支持|反对|不同意|承认|表示|把|用|举|拿|打|对|也|最)|是谁|哪(?:位|个)(?:嘉宾|人|主持|发言|讲者)?(?:说|提|讲|认为|觉得|用|举|引|把|拿|主张|指出)|"
            r"哪(?:位|个)(?:嘉宾|人|主持人)|谁的(?:观点|话|说法|看法)|出自谁|谁$|谁[?？]|"
            r"\bwho(?:'s| is| was)?\b(?! (?:are|is) (?:bruce|rob|yang|ethan))|\bwhose\b|\bwhich (?:guest|speaker|panell?ist|person|host|one)\b",
            _CASE,
        ),
    ),
    (
        "comparison",
        re.compile(
            r"分歧|不同(?!意)|区别|差异|比较|对比|相比|一致|同意(?:吗|对方|彼此|他|她)|共识|谁更|争议|各自|两人|两位|vs\b|versus|"
            r"\bcompar|\bdiffer|\bdisagree|\bagree(?:s|d)? (?:on|with|about|or)|\bdo they agree|\bin common|\bcontrast|\bboth\b|"
            r"\bside by side|\bclash|\bsplit\b|\bat odds",
            _CASE,
        ),
    ),
    (
        "overview",
        re.compile(
            r"总结|概括|概述|综述|梳理|总体|整体|主要(?:观点|内容|讨论|议题|论点)|大家(?:都)?(?:怎么|如何|是怎么|对)|各位|嘉宾们|几位嘉宾|所有(?:人|嘉宾)|都说了|都(?:怎么|有哪些)|有哪些(?:观点|看法|说法|意见)|讨论了什么|聊了(?:些)?什么|"
            r"\bsummar|\boverview|\bmain (?:points?|arguments?|takeaways?|views?)|\btakeaways?|\bkey points|\beveryone|\beverybody|\ball (?:the )?(?:guests|speakers)|"
            r"\bthe (?:panel|guests|speakers)\b(?!'s)|\bpanell?ists\b|\bviews on|\brecap|\bgist\b|\bwalk me through|\bthe different views",
            _CASE,
        ),
    ),
    (
        "figure",
        re.compile(
            r"多少|几(?:年|倍|个|成|美元|吉瓦|万|亿|月|块|层)|多大|多久|多长|多高|多贵|哪一?年|什么时候|何时|百分之|比例|占比|数字|数据是|规模|金额|价格是|股价|估值(?:是|多)|年限|"
            r"\bhow (?:much|many|long|big|large|high|far|old|often|expensive|fast|soon)\b|\bwhat (?:percent|percentage|share|number|figure|figures|price|multiple|year|ratio|rate|level|size)|"
            r"\bwhen\b|\bby how\b|\bfigures?\b|\bgigawatts?\b.*\?",
            _CASE,
        ),
    ),
)

# What a follow-up may hold besides its matter: taken away before asking whether there is any matter.
_CONNECTIVES = re.compile(
    r"^\W*(?:那么|那|然后|所以|还有|另外|再|而|不过|但是?|好的?|嗯|哦|ok(?:ay)?|and|but|so|then|also|well|now|what about|how about|same (?:question )?for|"
    r"what of|as for)\b\W*|呢\W*$|\btoo\b\W*$|\bthen\b\W*$|\bas well\b\W*$",
    _CASE,
)
_PRONOUN = re.compile(
    r"(?:他们|她们|二人|两人)|(?:他|她|这位|那位|此人)|\b(?:he|she|him|her|his|hers|they|them|their|theirs|the same (?:person|guy|guest|speaker))\b",
    _CASE,
)
_PLURAL = re.compile(r"他们|她们|二人|两人|两位|\b(?:they|them|their|theirs|both|the two)\b", _CASE)
_DEMONSTRATIVE = re.compile(
    r"这个|那个|这点|那点|这一点|那一点|这件事|这事|此事|这种|那种|这些|那些|这样|那样|这话|这句|上述|前面|刚才|刚刚|前者|后者|其中|它|"
    r"\b(?:this|that|these|those|it|its|the (?:former|latter)|such|same)\b",
    _CASE,
)
_ELABORATE = re.compile(
    r"^\W*(?:(?:那|所以|但)?(?:为什么|为何|为啥|怎么会|何以见得|凭什么|理由(?:是什么)?|原因(?:是什么)?|依据(?:是什么)?|怎么说|具体(?:点|说说|呢|一点)?|详细(?:点|说说|一点)?|展开(?:说说|讲讲)?|"
    r"还有(?:吗|呢|别的|什么|没有)?|继续|然后呢|比如(?:呢|说)?|举(?:个)?例(?:子)?|真的(?:吗)?|是吗)(?:呢|吗|啊|呀|会?这(?:么|样)(?:说|认为|觉得|想)?)?|"
    r"(?:but |and |so )?(?:why(?: not| so| is that| does (?:he|she) (?:think|say|believe) (?:so|that)| do they (?:think|say) (?:so|that))?|how (?:so|come)|on what grounds|because of what|"
    r"what(?:'s| is| was| were) (?:his|her|their|the) (?:reason(?:ing|s)?|argument|evidence|rationale|logic)|go on|continue|more|tell me more|elaborate|anything else|what else(?: did (?:he|she|they) say)?|for example|such as|like what|"
    r"really|in what (?:way|sense)|meaning|say more|expand(?: on that)?))\W*$",
    _CASE,
)
# Words that ask again without a subject of their own.
_GENERIC = re.compile(
    r"回应|回答|反驳|结论|说法|另一个|另外一个|另一种|解释|补充|评论|意思|理由|原因|依据|根据|例子|方面|部分|那边|"
    r"\b(?:respon[ds]\w*|repl(?:y|ied|ies)|answer\w*|conclu\w+|rebut\w*|counter\w*|react\w*|reason\w*|example\w*|evidence|point\w*|"
    r"argument\w*|mean\w*|explain\w*|justif\w+|another|other|add\w*|case|idea|feel\w*|stand\w*)\b",
    _CASE,
)
_ORDINAL = re.compile(
    r"第\s*([一二三四五六1-6])\s*(?:点|个|条|句|段|位)|\b(first|second|third|fourth|fifth|last|1st|2nd|3rd)\b(?: (?:point|one|quote|argument|reason|claim|part|item|thing))?",
    _CASE,
)
_ORDINALS = {c: n for n, group in enumerate(("一1", "二2", "三3", "四4", "五5", "六6")) for c in group} | {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "fifth": 4, "last": -1,
}  # fmt: skip
# A person or firm in a question, after the speakers' names are taken away: two capitalised words, or one inside Chinese.
_THIRD_PARTY = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+|(?<=[\u4e00-\u9fff ])[A-Z][a-z]{3,}(?=[\u4e00-\u9fff ?？])")
_POINTED = re.compile(r"第\s*[一二三四五六1-6]\s*(?:点|条|句|段|个(?:观点|理由|引用|说法))|\b(?:first|second|third|fourth|fifth|last|1st|2nd|3rd) (?:point|one|quote|argument|reason|claim|item)\b", _CASE)
_CORRECTION = re.compile(
    r"^\W*(?:不是|不对|不,|不，|错了|我(?:是|的意思是)?(?:说|指|问)的?是?|我问的是|应该是|no\b|nope|sorry|wait|actually|i meant?|i was asking|not (?=[A-Z]))",
    _CASE,
)
_NOT_THEM = re.compile(r"(?:不是|而非|不要|别|\bnot\b|\brather than\b|\bexcept\b|除了|instead of)\s*$", _CASE)
_AGREE = re.compile(
    r"同意(?:吗|他|她|这|彼此|对方|么)|一致吗|有分歧吗|有(?:什么)?(?:不同|分歧)|看法一样|意见一样|矛盾吗|\b(?:do|does|did) (?:they|he|she|the others|others|anyone|everyone|\w+) (?:all )?(?:dis)?agree|\bany disagreement|\bis there (?:any )?(?:dis)?agreement",
    _CASE,
)
_OTHERS = re.compile(r"其他(?:人|嘉宾|几位|各位)|别人|其余|剩下的|另外几位|\b(?:the )?(?:others?|rest|other (?:guests|speakers|panell?ists)|anyone else|someone else|anybody else|everyone else)\b", _CASE)


class Reading(NamedTuple):
    """An understanding together with what the search needs beyond it."""

    understanding: Understanding
    topic: str  # what to search for: the standalone question without the names of its speakers
    root: str  # the subject that a later "and Ethan?" would carry over
    soft_speakers: bool = False  # whether the speakers were carried over and may be dropped when they are silent
    context: float = 0.0  # how much the places quoted last should weigh, 0 to 1
    again: bool = False  # whether more is wanted on what was quoted ("why?"), not the same once more
    excluded: tuple[str, ...] = ()  # speaker ids that are not wanted ("the others", "不是Rob")


def understand(question: str, transcript: Transcript, thread: Sequence[Answer] = ()) -> Reading:
    """Read a question in the light of its thread (oldest answer first)."""
    speakers = transcript.speakers
    language = language_of(question)
    named = _named(question, speakers)
    bare = without_names(question, speakers)
    intent = intent_of(question, bare, named)
    last = _last_meaningful(thread)
    if last is None or intent in ("small_talk", "out_of_scope"):
        return _fresh(question, bare, language, intent, named, speakers)
    return _in_thread(question, bare, language, intent, named, last, transcript)


def intent_of(question: str, bare: str, named: Sequence[Speaker] = ()) -> Intent:
    """What kind of answer a question wants."""
    folded = fold_text(question)
    for intent, pattern in _INTENTS:
        if pattern.search(folded):
            if intent == "host_question" and named and not any(s.is_host for s in named):
                continue
            if intent == "who_said" and named:
                continue
            return intent
    return "comparison" if len(named) > 1 else "position"


def without_names(question: str, speakers: Sequence[Speaker], *, fold: bool = True) -> str:
    """The question without the speakers it names, folded (or, for looking at capitals, as typed)."""
    if not fold:
        return re.sub("|".join(re.escape(n) for s in speakers for n in (s.name, *s.aliases)) or "(?!)", " ", question)
    folded = comparable(question)
    kept: list[str] = []
    at = 0
    for mention in find_mentions(question, speakers):
        kept.append(folded[at : mention.start])
        at = mention.end
    kept.append(folded[at:])
    return " ".join(" ".join(kept).split())


def _named(question: str, speakers: Sequence[Speaker]) -> tuple[Speaker, ...]:
    """Speakers a question asks about; those it sets aside ("not Rob", "除了Rob") are left out."""
    folded = comparable(question)
    mentions = find_mentions(question, speakers)
    wanted = [m for m in mentions if not _NOT_THEM.search(folded[: m.start])]
    return tuple(dict.fromkeys(s for m in wanted for s in m.speakers))


def _set_aside(question: str, speakers: Sequence[Speaker]) -> tuple[Speaker, ...]:
    wanted = _named(question, speakers)
    return tuple(s for s in find_speakers(question, speakers) if s not in wanted)


def _last_meaningful(thread: Sequence[Answer]) -> Answer | None:
    return next((a for a in reversed(thread) if a.intent not in ("small_talk", "out_of_scope")), None)


def _fresh(
    question: str, bare: str, language: str, intent: Intent, named: Sequence[Speaker], speakers: Sequence[Speaker]
) -> Reading:
    understood = Understanding.model_validate(
        {
            "question": question,
            "standalone": question,
            "language": language,
            "intent": intent,
            "speaker_ids": tuple(s.id for s in named),
        }
    )
    aside = tuple(s.id for s in _set_aside(question, speakers))
    return Reading(understood, bare, bare, excluded=aside)


def _in_thread(
    question: str,
    bare: str,
    language: str,
    intent: Intent,
    named: Sequence[Speaker],
    last: Answer,
    transcript: Transcript,
) -> Reading:
    speakers = transcript.speakers
    stripped = bare
    while (shorter := _CONNECTIVES.sub("", stripped)) != stripped:
        stripped = shorter
    correction = bool(_CORRECTION.search(question))
    if correction:
        stripped = _CORRECTION.sub("", stripped)
    pronoun = bool(_PRONOUN.search(stripped))
    pointing = bool(_DEMONSTRATIVE.search(_PRONOUN.sub("", stripped)))
    others = bool(_OTHERS.search(bare))
    agree = bool(_AGREE.search(bare))
    elaborate = bool(_ELABORATE.match(stripped) or _ELABORATE.match(bare))
    own = _OTHERS.sub(" ", _DEMONSTRATIVE.sub(" ", _PRONOUN.sub(" ", _GENERIC.sub(" ", stripped))))
    matter = query_terms(_AGREE.sub(" ", own))
    weight = sum(1 for term in matter if len(term) > 1)
    pointed = _pointed(bare, last)
    fragment = _is_fragment(question)

    if weight >= 4 and not (pronoun or pointing or correction or fragment or pointed is not None):
        return _fresh(question, bare, language, intent, named, speakers)
    if weight and named and not (pronoun or pointing or correction or agree or fragment):
        # "Yang on leasing prices?": its own subject and speaker, but said in passing: the thread breaks ties only.
        return _fresh(question, bare, language, intent, named, speakers)._replace(context=0.3)

    previous = tuple(s for s in speakers if s.id in last.speaker_ids)
    if last.intent == "host_question":
        previous = ()  # the hosts were asked about for their questions, not for what comes next
    quoted = tuple(s for s in speakers if s.name in dict.fromkeys(q.speaker for q in last.quotes))
    who = tuple(named)
    soft = False
    if others:
        who = tuple(s for s in speakers if not s.is_host and s not in (previous or quoted))
    elif not who and not agree:
        if pronoun and _PLURAL.search(stripped):
            who = previous if len(previous) > 1 else quoted
        elif pronoun and not previous and _THIRD_PARTY.search(without_names(last.question, speakers, fold=False)):
            pass  # "who brought up Michael Burry?" – "how big is his bet?": he is none of the speakers
        elif pronoun or elaborate:
            who, soft = (previous or (quoted[:1] if pronoun else quoted)), weight > 1
        elif previous and not weight:
            who, soft = previous, True
        elif previous and (fragment or pointing):
            who, soft = previous, True
    if pointed is not None:
        who = named_or(named, tuple(s for s in speakers if s.name == last.quotes[pointed].speaker))
    if agree and len(who) == 1 and not named:
        who = ()
    elif agree and len(named) == 1:
        who = tuple(dict.fromkeys((*(previous or quoted[:1]), *named)))

    if agree:
        intent = "comparison"
    elif not weight and intent in ("position", "comparison") and len(who) < 2:
        intent = last.intent if last.intent in ("position", "figure", "overview") else "position"
    elif intent == "comparison" and len(who) == 1:
        intent = "position"

    root = last.topic or without_names(last.standalone, speakers)
    if pointed is not None:
        quote = last.quotes[pointed]
        topic = root = quote.text if language == "zh" or not quote.gloss else quote.gloss
    elif not matter:
        topic = root
    elif fragment and not pronoun and not pointing and not named:
        topic = root = own.strip(" ?？")  # "那页岩油呢?" hangs a new subject on the old speaker
    elif weight >= 4 and not correction:
        topic = root = own.strip(" ?？")
    else:
        topic = f"{own.strip(' ?？')} {root}"
    standalone = _standalone(language, who, topic)
    understood = Understanding.model_validate(
        {
            "question": question,
            "standalone": standalone,
            "language": language,
            "intent": intent,
            "speaker_ids": tuple(s.id for s in who),
            "follow_up": True,
        }
    )
    context = 0.4 if weight >= 4 or (fragment and weight and not pronoun) else 1.0
    return Reading(understood, topic, root, soft, context, again=elaborate)


def named_or(named: Sequence[Speaker], otherwise: Sequence[Speaker]) -> tuple[Speaker, ...]:
    """The speakers a question names, else the others."""
    return tuple(named) or tuple(otherwise)


def _is_fragment(question: str) -> bool:
    """Whether a question is hung on the last one: "那页岩油呢?", "and private credit?"."""
    return bool(
        re.search(r"呢\W*$", question)
        or re.match(r"\W*(?:and|what about|how about|as for|same for)\b", question, _CASE)
        or re.match(r"\W*那(?!些?个?时|年|天)", question)
    )


def _pointed(bare: str, last: Answer) -> int | None:
    if not last.quotes or not _POINTED.search(bare):
        return None
    match = _ORDINAL.search(bare)
    if match is None:
        return None
    at = _ORDINALS.get((match[1] or match[2]).casefold(), 0)
    at = at if at >= 0 else len(last.quotes) - 1
    return at if at < len(last.quotes) else None


def _standalone(language: str, who: Sequence[Speaker], topic: str) -> str:
    names = ("、" if language == "zh" else " and ").join(s.name for s in who)
    matter = " ".join(topic.split()).strip(" ?？。.!:")
    if not names:
        return f"{matter}?"
    return f"{names}:{matter}?" if language == "zh" else f"{names}: {matter}?"
