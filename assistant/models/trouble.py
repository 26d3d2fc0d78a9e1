"""Why a chat model did not answer, as one kind each with a sentence in both languages. Foreign errors end here.

Nothing of what an endpoint or a library said is repeated: their messages may hold keys, addresses or whatever the
endpoint likes. A kind and a status code are all that passes.

    >>> trouble_of(ConnectionResetError("10.0.0.7:443")).sentence("en")
    'the model could not be reached'
"""

from __future__ import annotations

from typing import Literal

from corpus.annotations import Language
from corpus.errors import DebateError

TroubleKind = Literal[
    "slow", "down", "server_error", "rate_limited", "quota", "refused", "unknown_model", "bad_request", "redirect",
    "too_long", "garbage", "ungrounded", "cancelled", "broken",
]  # fmt: skip

_SENTENCES: dict[TroubleKind, tuple[str, str]] = {
    "slow": ("模型在期限内没有答完", "the model did not finish in time"),
    "down": ("连不上模型", "the model could not be reached"),
    "server_error": ("模型服务出错", "the model's service failed"),
    "rate_limited": ("模型服务限流", "the model's service limits the rate of requests"),
    "quota": ("模型的额度已用完", "the model's quota is used up"),
    "refused": ("模型服务拒绝了密钥或权限", "the model's service refused the key"),
    "unknown_model": ("模型服务没有这个模型", "the model's service does not know this model"),
    "bad_request": ("模型服务不接受这样的请求", "the model's service does not take this request"),
    "redirect": ("模型服务要求转到别处,未予跟随", "the model's service redirected elsewhere, which is not followed"),
    "too_long": ("模型的输出超过上限", "the model's output exceeded the limit"),
    "garbage": ("模型的输出不合格式", "the model's output was not of the required form"),
    "ungrounded": ("模型的说法在文稿中站不住脚", "nothing that the model claimed stands in the transcript"),
    "cancelled": ("问题已取消", "the question was cancelled"),
    "broken": ("调用模型时出错", "calling the model failed"),
}
_RETRYABLE: frozenset[TroubleKind] = frozenset(("down", "server_error", "rate_limited"))


class ModelOutputError(DebateError):
    """A chat model that gave no usable output.

    Attributes:
        kind: what went wrong.
        status: the HTTP status where there was one.
        retryable: whether the same request may succeed a moment later.
        retry_after: seconds to wait that the service asked for, or None.
    """

    def __init__(self, kind: TroubleKind, *, status: int | None = None, retry_after: float | None = None) -> None:
        self.kind, self.status, self.retry_after = kind, status, retry_after
        self.retryable = kind in _RETRYABLE
        super().__init__(f"The chat model gave no usable output: {self.sentence('en')}; try again, or ask without it.")

    def sentence(self, language: Language) -> str:
        """The reason as half a sentence, with the HTTP status where there was one."""
        zh, en = _SENTENCES[self.kind]
        status = f" (HTTP {self.status})" if self.status else ""
        return f"{zh if language == 'zh' else en}{status}"


def trouble_of(error: BaseException) -> ModelOutputError:
    """The trouble behind whatever a provider's library raised, told by status code and class, never by its message."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__
    for link in chain:
        if isinstance(link, ModelOutputError):
            return link
    for link in chain:
        status = _status(link)
        if status is not None:
            return _by_status(status, link)
    names = {cls.__name__ for link in chain for cls in type(link).__mro__}
    if names & {"TimeoutException", "APITimeoutError", "TimeoutError", "DeadlineExceeded", "ReadTimeout"}:
        return ModelOutputError("slow")
    if names & {
        "ConnectionError",
        "APIConnectionError",
        "TransportError",
        "NetworkError",
        "ProtocolError",
        "OSError",
        "ServiceUnavailable",
    }:
        return ModelOutputError("down")
    if names & {
        "JSONDecodeError",
        "UnicodeDecodeError",
        "ValidationError",
        "OutputParserException",
        "APIResponseValidationError",
    }:
        return ModelOutputError("garbage")
    if "APIError" in names:  # an error event inside a stream carries no status
        return ModelOutputError("server_error")
    if "NotImplementedError" in names:  # a model without tool calls
        return ModelOutputError("bad_request")
    if names & {"ValueError", "TypeError", "LookupError", "AttributeError", "RecursionError"}:
        return ModelOutputError("garbage")  # the library stumbled over what it was sent
    return ModelOutputError("broken")


def _status(error: BaseException) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "status", "code"):
            value = getattr(holder, name, None)
            if isinstance(value, int) and not isinstance(value, bool) and 300 <= value < 600:
                return value
    return None


def _by_status(status: int, error: BaseException) -> ModelOutputError:
    if status < 400:
        return ModelOutputError("redirect", status=status)
    if status == 429:
        spent = (
            getattr(error, "code", None) == "insufficient_quota" or getattr(error, "type", None) == "insufficient_quota"
        )
        return ModelOutputError("quota" if spent else "rate_limited", status=status, retry_after=_retry_after(error))
    if status in (408, 504):
        return ModelOutputError("server_error", status=status)
    if status in (401, 403):
        return ModelOutputError("refused", status=status)
    if status == 402:
        return ModelOutputError("quota", status=status)
    if status == 404:
        return ModelOutputError("unknown_model", status=status)
    if status >= 500:
        return ModelOutputError("server_error", status=status, retry_after=_retry_after(error))
    return ModelOutputError("bad_request", status=status)


def _retry_after(error: BaseException) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None)
    value = headers.get("retry-after") if headers is not None else None
    try:
        seconds = float(value) if value is not None else None
    except ValueError:
        return None
    return seconds if seconds is not None and 0 <= seconds < 3600 else None
