"""A figure held against its reference, and the table it stands in.

>>> ValidationRow(name="a", reference=2.0, ours=2.1, unit="USD bn", source="", tolerance=0.1).passed
True
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assistant.calculators.declaration import Bilingual, Frozen

Role = Literal["calibration", "held out", "prediction", "derived"]


class ValidationRow(Frozen):
    """One figure held against its reference."""

    name: str
    reference: float = Field(description="disclosed or published figure")
    ours: float
    unit: str
    source: str
    tolerance: float | None = Field(description="largest relative error; None: shown for information")
    role: Role = Field(
        default="prediction",
        description="calibration: the model was fitted to it; held out: fitted to the others, then asked for this one; "
        "prediction: never fitted to; derived: arithmetic on what was published",
    )

    @property
    def error(self) -> float:
        """Relative error, positive when ours is larger in size."""
        return self.ours / self.reference - 1.0

    @property
    def passed(self) -> bool:
        """Whether the error keeps the tolerance; always so for a row without one."""
        return self.tolerance is None or abs(self.error) <= self.tolerance


class ValidationTable(Frozen):
    """Rows that belong together, and what to know when reading them."""

    title: Bilingual
    rows: tuple[ValidationRow, ...]
    remark: Bilingual = Bilingual(zh="", en="")
