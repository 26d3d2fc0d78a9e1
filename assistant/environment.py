"""The environment switches of the libraries underneath: nothing phones home, no hub is asked, checkpoints stay data.

They only work when they are set before those libraries are imported, so every door calls ``apply`` first.

    >>> switches = {}
    >>> apply(switches)
    >>> switches["ANONYMIZED_TELEMETRY"]
    'False'
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

#: A value the user has set in the shell wins over these: tracing one's own runs is one's own business.
SWITCHES: dict[str, str] = {
    "ANONYMIZED_TELEMETRY": "False",  # chromadb
    "GRADIO_ANALYTICS_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",  # also silences its warning after a fork
    "OPENBLAS_NUM_THREADS": "1",  # numpy's products here are small: threads cost six times what they save
}
#: Set whatever the shell says: without it langgraph calls what checkpoint bytes name.
FORCED: dict[str, str] = {"LANGGRAPH_STRICT_MSGPACK": "true"}
#: Without it a missing model costs 76 s of retries instead of 0.3 s; ``index.encoder`` lifts it for a hub name.
OFFLINE: dict[str, str] = {"HF_HUB_OFFLINE": "1"}


def apply(environment: MutableMapping[str, str] | None = None) -> None:
    """Set the switches in ``environment`` (this process's when left out)."""
    environment = os.environ if environment is None else environment
    for name, value in {**SWITCHES, **OFFLINE}.items():
        environment.setdefault(name, value)
    environment.update(FORCED)


def effective(environment: MutableMapping[str, str] | None = None) -> dict[str, tuple[str | None, str]]:
    """Each switch → the value it has now (None: unset) and the value we would give it."""
    environment = os.environ if environment is None else environment
    wanted = {**SWITCHES, **OFFLINE, **FORCED}
    return {name: (environment.get(name), value) for name, value in wanted.items()}
