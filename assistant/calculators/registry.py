"""Every calculator there is, found by listing this folder's modules.

>>> "useful_life_change" in calculators()
True
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from assistant import calculators as folder
from assistant.calculators.declaration import Calculator
from assistant.errors import CalculatorInputError


@cache
def calculators() -> Mapping[str, Calculator[Any]]:
    """Name → calculator, in the order of module and definition.

    Raises:
        ValueError: two calculators share a name.
    """
    found: dict[str, Calculator[Any]] = {}
    for module_info in pkgutil.iter_modules(folder.__path__):
        module = importlib.import_module(f"{folder.__name__}.{module_info.name}")
        for value in vars(module).values():
            if isinstance(value, Calculator) and found.setdefault(value.name, value) is not value:
                raise ValueError(f"two calculators are named {value.name!r}")
    return MappingProxyType(found)


def calculator(name: str) -> Calculator[Any]:
    """The calculator of that name.

    Raises:
        CalculatorInputError: there is none; the message lists the names.
    """
    known = calculators()
    if name not in known:
        raise CalculatorInputError("calculator", ", ".join(sorted(known)), name)
    return known[name]
