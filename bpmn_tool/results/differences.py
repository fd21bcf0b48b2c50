"""What changed between two models, by meaning: frozen data, with the ids of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Value = None | bool | int | str | tuple[str, ...]
"""An attribute as it is shown; None where it is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An element as people call it; `kind` is its XML local name, `source` and `target` the ids of a flow's ends."""

    id: str
    kind: str
    name: str = ""
    source: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Named):
    """An element of both models, by its id in the new one; `attributes` are XML names with the old and the new value.

    A reconnected flow has changed in ``sourceRef`` or ``targetRef``.
    """

    attributes: Mapping[str, tuple[Value, Value]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned(Named):
    """A step that another role does: ids of the register, else names as drawn; "" where nobody is named."""

    old_role: str
    new_role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who holds one end of a flow: a lane, participant or process, its role and its partner, as far as known."""

    id: str
    name: str
    role: str | None = None
    partner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing(Named):
    """A flow by which work passes between owners."""

    giver: Owner
    taker: Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureDiff:
    """All that differs. Ids are those of the new model but for `removed` and `handoffs_removed`."""

    added: tuple[Named, ...] = ()
    removed: tuple[Named, ...] = ()
    changed: tuple[Changed, ...] = ()
    moved: tuple[Named, ...] = ()  # on the drawing only
    renumbered: tuple[tuple[str, str], ...] = ()  # (old id, new id)
    reassigned: tuple[Reassigned, ...] = ()
    handoffs_added: tuple[Crossing, ...] = ()
    handoffs_removed: tuple[Crossing, ...] = ()
    #: ids to what people call them, of all that is named here by id: removed ones as in the old model
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def reconnected(self) -> tuple[Changed, ...]:
        """The flows with another source or target."""
        return tuple(each for each in self.changed if ENDS & each.attributes.keys())

    @property
    def same_meaning(self) -> bool:
        """Nothing but the drawing differs."""
        return not (
            self.added
            or self.removed
            or self.changed
            or self.renumbered
            or self.reassigned
            or self.handoffs_added
            or self.handoffs_removed
        )

    @property
    def is_empty(self) -> bool:
        return self.same_meaning and not self.moved


ENDS = frozenset({"sourceRef", "targetRef"})
