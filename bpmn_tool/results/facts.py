"""What a projection of the trace has to know of the model and the scenario: plain mappings by id, made once with the
plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bpmn_tool.instants.working_time import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """One resource: its label, roles, and what an hour costs."""

    label: str
    roles: tuple[str, ...]
    cost_per_hour: float = 0.0
    calendar: Calendar | None = None  # None: always on duty
    name: str = ""  # as the scenario calls the person, where nobody else is called so


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Ids join everything; ticks are microseconds.

    `owner` is the role that holds a node (lane, else first seat), the participant's id for a black box.
    """

    names: Mapping[str, str] = field(default_factory=dict)  # element -> label
    kinds: Mapping[str, str] = field(default_factory=dict)  # element -> XML local name
    owner: Mapping[str, str] = field(default_factory=dict)  # flow node or black box -> role
    process: Mapping[str, str] = field(default_factory=dict)  # flow node -> id of its process
    partner: Mapping[str, str] = field(default_factory=dict)  # flow node or role -> partner
    role_names: Mapping[str, str] = field(default_factory=dict)
    seats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # work -> roles of its seats
    flow_ends: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # sequence or message flow -> source, target
    handoffs: tuple[str, ...] = ()  # flows whose ends have different owners
    accepted_by: Mapping[str, str] = field(default_factory=dict)  # handoff flow -> message flow back
    accept_within: Mapping[str, int] = field(default_factory=dict)  # handoff flow -> ticks
    start_cost: Mapping[str, float] = field(default_factory=dict)  # task -> cost for each use
    staff: Mapping[str, Staff] = field(default_factory=dict)  # resource label -> Staff
    role_size: Mapping[str, int] = field(default_factory=dict)  # role -> resources that hold it
    undefined: Mapping[str, str] = field(
        default_factory=dict
    )  # work, role or black box nobody holds -> role or participant
    policy: str = "absent"  # what becomes of work at an undefined role
    personal: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # work -> partners that come to hold personal data by it
    gates: Mapping[str, str] = field(default_factory=dict)  # work -> gate
    batched: frozenset[str] = frozenset()  # work that is done in batches
    streams: Mapping[str, bool] = field(default_factory=dict)  # stream -> is a demand (its numbers are persons)
    overtime_factor: float = 1.0
    once: Mapping[str, float] = field(default_factory=dict)
    currency: str = "EUR"
    #: what an incoming token costs to follow: element ids in the order of their rank
    elements: tuple[str, ...] = ()

    def person(self, label: str) -> str:
        """What a resource is called in logs: its name, else its label."""
        staff = self.staff.get(label)
        return staff.name if staff is not None and staff.name else label
