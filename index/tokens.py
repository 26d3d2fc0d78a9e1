"""Text → lexical terms, for Chinese, English and both at once.

Chinese runs become characters and pairs of neighbours, because a segmenter errs on exactly the names that matter;
English words are stemmed; numbers keep their digits. Terms are of the search copy (``corpus.normalize``).

    >>> terms("GPU折旧年限, 6.5 years")
    ['gpu', '折', '旧', '年', '限', '折旧', '旧年', '年限', '6.5', 'year']
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

from corpus.normalize import fold_text, is_traditional, localize

_TOKEN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|\d+(?:[.,]\d+)*|[^\W\d_\u3400-\u9fff]+(?:\d+)?")
_STEMMER = Stemmer.Stemmer("english")

# Words that carry a question's grammar and not its matter. They stay in the index and weigh nothing in a query.
ENGLISH_STOP = frozenset(
    [
        "a",
        "about",
        "above",
        "actually",
        "after",
        "again",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "anybody",
        "anyone",
        "anything",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "between",
        "both",
        "but",
        "by",
        "can",
        "could",
        "d",
        "debate",
        "did",
        "do",
        "does",
        "doing",
        "done",
        "down",
        "each",
        "else",
        "ever",
        "everyone",
        "explain",
        "few",
        "for",
        "from",
        "further",
        "give",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "ll",
        "me",
        "mention",
        "mentioned",
        "more",
        "most",
        "my",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "panel",
        "please",
        "re",
        "really",
        "s",
        "said",
        "same",
        "say",
        "saying",
        "says",
        "she",
        "should",
        "so",
        "some",
        "somebody",
        "someone",
        "something",
        "speak",
        "speaker",
        "speakers",
        "such",
        "t",
        "talk",
        "talked",
        "talking",
        "tell",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "thing",
        "things",
        "think",
        "thinks",
        "thought",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "us",
        "ve",
        "very",
        "view",
        "views",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "opinion",
        "opinions",
        "comment",
        "comments",
        "commented",
        "discuss",
        "discussed",
        "according",
        "believe",
        "believes",
        "describe",
        "guest",
        "guests",
        "quote",
        "quotes",
        "exactly",
        "anything",
        "regarding",
        "take",
        "stance",
        "position",
        "argue",
        "argues",
        "argued",
    ]
)
# Words that hold a character which alone is grammar: 用 in 费用, 上 in 上涨.
_CHINESE_WORDS = (
    r"房地产|地产|土地|地方|地区|当地|地球|地位|地缘|落地|内地|各地|产地|基地|地图|地铁|地址|场地|本地|地面|地下|地震|地热|"
    r"获得|取得|得到|值得|所得|得出|得益|着眼|着手|过剩|过度|过去|过程|通过|超过|经过|过热|过时|过渡|过高|过低|错过|过期|"
    r"现在|存在|在线|潜在|内在|有限|有效|有利|拥有|持有|所有|国有|有色|私有|占有|稀有|和平|和解|缓和|饱和|和谐|参与|普及|涉及|"
    r"及时|首都|就业|成就|就职|偿还|归还|还款|还债|还本|还清|对冲|对比|对手|反对|对抗|绝对|相对|针对|对应|对标|对象|面对|应对|"
    r"对齐|对话|核对|其他|自我|申请|请求|说明|说法|小说|学说|说服|讲话|讲座|演讲|谈判|会谈|谈话|访谈|聊天|公里|英里|里程|阿里|"
    r"中国|中央|中期|中心|集中|其中|中间|中美|中东|中小|中长期|中断|中立|中标|中介|中产|空中|中游|上涨|上市|上升|上游|上海|线上|"
    r"上限|上行|上层|以上|网上|上班|上学|上网|上线|上调|上台|上周|上季|上半年|下跌|下降|下游|下行|下滑|下调|线下|下载|以下|下限|"
    r"下半年|下周|下季|下属|下班|名下|旗下|下注|把握|把关|被动|供给|给予|补给|自给|转让|让利|出让|让步|从业|从事|服从|从众|使用|"
    r"用户|费用|信用|应用|作用|利用|用电|用量|用途|用水|用地|雇用|采用|专用|通用|民用|军用|实用|效用|启用|商用|用工|用人|占用|滥用|"
    r"调用|运用|引用|思想|想象|理想|设想|梦想|猜想|联想|幻想|几何|了解|了结|目的|标的"
)
_CHINESE_GRAMMAR = re.compile(
    rf"(?P<word>{_CHINESE_WORDS})|"
    r"怎么看待|如何看待|怎么看|如何看|怎么说|怎么讲|怎么认为|怎么想|怎么评价|如何评价|怎么样|怎样|怎么|如何|为什么|为何|为啥|什么|啥|哪些|哪个|哪位|哪里|哪儿|哪|谁|"
    r"是不是|有没有|是否|能不能|会不会|可不可以|多少|几个|几|吗|呢|吧|啊|呀|嘛|了|的|地|得|着|过|是|在|有|和|与|及|或|也|都|就|还|又|"
    r"对于|关于|对|他们|她们|它们|我们|你们|大家|他|她|它|我|你|这个|那个|这|那|请问|请|告诉|提到|提过|提及|说过|说|讲过|讲|谈到|谈过|谈|聊到|聊|认为|觉得|表示|指出|"
    r"观点|看法|立场|态度|意见|原话|嘉宾|辩论|直播|节目|里面|里|中|上|下|一下|一个|到底|究竟|具体|主要|把|被|给|让|从|用|想"
)  # fmt: skip


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


def _tokens(folded: str) -> Iterable[str]:
    for match in _TOKEN.finditer(folded):
        token = match[0]
        if token[0] >= "\u3400":
            yield from token
            yield from (token[i : i + 2] for i in range(len(token) - 1))
        elif token[0].isdigit():
            yield token.replace(",", "")
        else:
            yield _stem(token)


def terms(text: str) -> list[str]:
    """All terms of a text, in order of first characters then pairs within each Chinese run; repeats kept."""
    return list(_tokens(fold_text(text)))


def query_terms(text: str) -> list[str]:
    """The terms of a question that carry its matter; each once.

    Traditional questions contribute their mainland wording too (輝達 → 英伟达). A question of nothing but grammar gives
    an empty list.
    """
    folded = fold_text(text)
    if is_traditional(text):
        folded += " " + fold_text(localize(text))
    kept: list[str] = []
    for match in _TOKEN.finditer(folded):
        token = match[0]
        if token[0] >= "\u3400":
            for run in _runs(token):
                kept.extend(_tokens(run))
        elif token not in ENGLISH_STOP:
            kept.extend(_tokens(token))
    return list(dict.fromkeys(kept))


def _runs(chinese: str) -> list[str]:
    """What stands between the grammar of a Chinese text.

    >>> _runs("他们的费用为什么上涨")
    ['费用', '上涨']
    """
    return _CHINESE_GRAMMAR.sub(lambda match: match["word"] or " ", chinese).split()


def content_words(text: str) -> list[str]:
    """The words of a text that carry matter, unstemmed, each once: Latin words, and pairs of Chinese characters.

    Numbers are left out: an unknown number is no unknown subject.
    """
    kept: list[str] = []
    for match in _TOKEN.finditer(fold_text(text)):
        token = match[0]
        if token[0] >= "\u3400":
            for run in _runs(token):
                kept.extend(run[i : i + 2] for i in range(len(run) - 1))
        elif not token[0].isdigit() and token not in ENGLISH_STOP and len(token) > 1:
            kept.append(token)
    return list(dict.fromkeys(kept))


_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text, as digits, in whatever width.

    >>> sorted(numbers("2030年缺50到100吉瓦"))
    ['100', '2030', '50']
    """
    return frozenset(_NUMBER.findall(fold_text(text)))
