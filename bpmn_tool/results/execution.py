"""What one executed case did: the result of a run on SpiffWorkflow, and of playing a story."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpmn_tool.errors import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One completed flow node, or one message that passed.

    `kind` is the XML local name (``messageFlow`` for a message), `at` an aware instant.
    """

    element: str
    kind: str
    name: str
    role: str | None  # role or lane that holds it; None where there is none
    process: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionTrace:
    """A case from its start to where it stopped. `waiting`: ids of activities and events that were still open."""

    completed: bool
    ends: tuple[str, ...]
    steps: tuple[Step, ...]
    flows: tuple[str, ...]  # sequence flows taken, in order
    data: Mapping[str, Any]
    waiting: tuple[str, ...] = ()
    unreceived: tuple[str, ...] = ()  # message flows whose message nobody took
    failed: tuple[str, ...] = ()  # processes whose instance an error ended that nobody caught


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryResult:
    """A story held against what happened; `message` says the first difference, empty where it passed."""

    name: str
    path: str
    passed: bool
    message: str = ""
    trace: ExecutionTrace | None = None
    location: Location = field(default_factory=Location)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Flow nodes and sequence flows of a model that stories went through."""

    path: str
    nodes: int
    nodes_covered: int
    flows: int
    flows_covered: int
    missed: tuple[str, ...] = ()
