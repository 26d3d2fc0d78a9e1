"""Where in the debate a question points by itself: its opening question, its last one. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from corpus.types import Transcript

_OPENING = re.compile(
    r"开场|一开始|开头|(?:第一个|首个)问题|最先|首先|"
    r"\b(?:open(?:s|ed|ing)?|(?:very )?first|kick(?:s|ed)? off|start(?:s|ed)?(?: off)?|began|begin(?:s|ning)?)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"最后|收尾|结尾|末尾|压轴|\b(?:(?:very )?(?:last|end)|final(?:ly)?|clos(?:e|es|ed|ing))\b", re.IGNORECASE
)


def placed(bare: str, transcript: Transcript, speaker_ids: Collection[str]) -> tuple[str, ...]:
    """Ids of the sentences of the turn in which a host asks first or last, if that is what a question says.

    Args:
        bare: what hosts are asked to have asked, folded, without the names of speakers; holding no matter of its own.
        speaker_ids: the hosts that are meant; all of them when empty.
    """
    opening, closing = bool(_OPENING.search(bare)), bool(_CLOSING.search(bare))
    if opening == closing:
        return ()
    hosts = {s.id for s in transcript.speakers if s.is_host and (not speaker_ids or s.id in speaker_ids)}
    turns = (transcript.sentences_of(turn.id) for turn in transcript.turns if turn.speaker_id in hosts)
    asking = [turn for turn in turns if any(s.text.endswith(("?", "\uff1f")) for s in turn)]
    return tuple(s.id for s in asking[0 if opening else -1]) if asking else ()
