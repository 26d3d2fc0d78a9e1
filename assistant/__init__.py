"""Ask a debate: answers with verbatim, attributed quotes.

from assistant import Assistant
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.types import Answer

__all__ = ["Answer", "Assistant"]


def __getattr__(name: str) -> Any:
    # Lazy, so that importing a calculator or a type does not import the search behind the front door.
    if name == "Assistant":
        from assistant import environment

        environment.apply()  # before anything heavy is imported
        from assistant.api import Assistant

        return Assistant
    if name == "Answer":
        from assistant.types import Answer

        return Answer
    raise AttributeError(name)
