"""A work item as the oracle reads it from the rows of a trace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Item:
    row: Mapping[str, Any]
    ready: int | None = None
    start: int | None = None
    end: int | None = None
    left: str = ""
    resources: tuple[str, ...] = ()
    pauses: list[list[int]] = field(default_factory=list)
    waits: Mapping[str, int] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)  # of its start

    @property
    def element(self) -> str:
        return str(self.row["element"])

    @property
    def name(self) -> str:
        return str(self.row["item"])

    @property
    def whole(self) -> str:
        """The item in whose name it is done."""
        return str(self.data.get("batch", self.name))
