"""The BPMN diagram interchange (BPMN 2.0.2, chapter 12) as data: bounds and waypoints, in the file's own units (pixels
of a modeller).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A rectangle: left, top, width, height; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x + self.width / 2, self.y + self.height / 2)

    def overlaps(self, other: "Bounds") -> bool:
        """True where the interiors meet."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A BPMNShape: `element` is the id of what it draws."""

    element: str
    bounds: Bounds
    id: str = ""
    label: Bounds | None = None
    is_horizontal: bool = True
    is_expanded: bool = True
    is_marker_visible: bool = False
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # the others: colours …
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))  # canonical XML text


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A BPMNEdge: `waypoints` from source to target, at least two."""

    element: str
    waypoints: tuple[tuple[float, float], ...]
    id: str = ""
    label: Bounds | None = None
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A BPMNDiagram with its plane; `plane` is the id of the collaboration, process or sub-process that it draws."""

    id: str = ""
    name: str = ""
    plane: str = ""
    shapes: Mapping[str, Shape] = field(default_factory=lambda: MappingProxyType({}))  # by element id
    edges: Mapping[str, Edge] = field(default_factory=lambda: MappingProxyType({}))  # by element id
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
