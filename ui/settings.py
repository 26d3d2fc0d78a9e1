"""How the server is set up; read once by ``ui.serve`` and handed down."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

from ui.guard import LOOPBACK
from ui.limits import DEADLINE_S, WAITING, WORKERS


@dataclass(frozen=True)
class Settings:
    """Everything about serving that is not about the debate.

    Attributes:
        tokens: what a caller must present; empty only on loopback.
        hosts: names in ``Host`` that are answered, without port.
        rate: requests a second for each caller; None is no limit.
        workers: questions answered at a time.
        waiting: how many more may wait before further ones are refused.
        deadline_s: from a question's arrival to its answer; what takes longer is given up.
    """

    tokens: tuple[str, ...] = ()
    hosts: tuple[str, ...] = LOOPBACK
    rate: float | None = None
    workers: int = WORKERS
    waiting: int = WAITING
    deadline_s: float = DEADLINE_S


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def hosts_for(host: str, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Names in ``Host`` that a server bound to an address answers to: its own, and those that were allowed by name."""
    literal = f"[{host.strip('[]')}]" if ":" in host else host
    own = () if host in ("0.0.0.0", "::") else (literal,)
    machine = () if is_loopback(host) else (socket.gethostname().lower(),)
    return tuple(dict.fromkeys((*LOOPBACK, *own, *machine, *(name.lower() for name in allowed))))
