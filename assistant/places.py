"""Where in the debate a question points by itself: its opening question, its last one. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.cues import ASKS, PRONOUN
from corpus.types import Transcript
from index.tokens import query_terms

_OPENING = re.compile(
    r"开场|一开始|开头|(?:第一个|首个)问题|最先|首先|"
    r"\b(?:open(?:s|ed|ing)?|(?:very )?first|kick(?:s|ed)? off|start(?:s|ed)?(?: off)?|began|begin(?:s|ning)?)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"最后|收尾|结尾|末尾|压轴|\b(?:(?:very )?(?:last|end)|final(?:ly)?|clos(?:e|es|ed|ing))\b", re.IGNORECASE
)
_SCENE = re.compile(
    r"主持人?|联合|嘉宾|大家|节目|直播|辩论|讨论|问题|提问|请|给|向|什么|哪[个句些]?|怎么|一个|的|了|是|"
    r"\b(?:co-?host|host|hostess|moderator|presenter|interviewer|questions?|debate|show|session|evening|night|event|panel|"
    r"guests?|speakers?|things?|with|put|line|discussion|conversation|programme|program|talk)s?\b",
    re.IGNORECASE,
)


def placed(bare: str, transcript: Transcript, speaker_ids: Collection[str]) -> tuple[str, ...]:
    """Ids of the sentences of the turn in which a host asks first or last, if that is all a question says.

    Args:
        bare: what hosts are asked to have asked, folded, without the names of speakers.
        speaker_ids: the hosts that are meant; all of them when empty.
    """
    opening, closing = bool(_OPENING.search(bare)), bool(_CLOSING.search(bare))
    rest = bare
    for pattern in (_OPENING, _CLOSING, _SCENE, ASKS, PRONOUN):
        rest = pattern.sub(" ", rest)
    if opening == closing or query_terms(rest):
        return ()
    hosts = {s.id for s in transcript.speakers if s.is_host and (not speaker_ids or s.id in speaker_ids)}
    turns = (transcript.sentences_of(turn.id) for turn in transcript.turns if turn.speaker_id in hosts)
    asking = [turn for turn in turns if any(s.text.endswith(("?", "\uff1f")) for s in turn)]
    return tuple(s.id for s in asking[0 if opening else -1]) if asking else ()
