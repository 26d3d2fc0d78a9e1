"""Secrets of the environment, and texts without them. Nothing that leaves the process may hold a key.

>>> redacted("Incorrect key sk-abcdefghijklmnopqrstuv", {})
'Incorrect key [secret]'
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

MASK = "[secret]"
_NAMES = re.compile(r"(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?)$", re.IGNORECASE)
#: Shapes of keys in common use, and credentials inside an address.
_SHAPES = re.compile(
    r"\b(?:sk|pk|rk|lsv2|xai|gsk|hf|ghp|AIza)[-_][A-Za-z0-9_\-]{16,}|\bAIza[A-Za-z0-9_\-]{20,}"
    r"|(?<=://)[^\s/@:]+:[^\s/@]+(?=@)|(?<=Bearer )[A-Za-z0-9._~+/\-]{8,}=*"
)
_SHORTEST = 8  # a shorter value would mask ordinary words


def secrets_of(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The values of variables that are named like a secret, longest first."""
    environment = os.environ if environment is None else environment
    found = {value for name, value in environment.items() if _NAMES.search(name) and len(value) >= _SHORTEST}
    return tuple(sorted(found, key=len, reverse=True))


def redacted(text: str, environment: Mapping[str, str] | None = None) -> str:
    """The text with every secret masked."""
    for secret in secrets_of(environment):
        text = text.replace(secret, MASK)
    return _SHAPES.sub(MASK, text)


def holds_secret(text: str, environment: Mapping[str, str] | None = None) -> bool:
    """Whether a text holds a secret."""
    return redacted(text, environment) != text
