"""What the partners want of every process: which step must never come without another, and what help must be reached.

Ids of steps and flows are ids of the models; a register does not know these, so that an id that no model has is found
by the checks, not by the reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from bpmn_tool.errors import Location


class Breach(Enum):
    """How much a path around a requirement weighs."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredBefore:
    """Before each of some steps one of `needs` has to be complete, on every path.

    The steps are those of `before` (ids of flow nodes, sequence flows or message flows), and of what else is given:
    those that send to a partner, that are the work of a role, that read or write data. `unless`: a path that comes to
    one of these is let off. `within`: ids of processes, if not all are meant.
    """

    needs: tuple[str, ...]
    before: tuple[str, ...] = ()
    before_messages_to: tuple[str, ...] = ()  # ids of partners
    before_work_of: tuple[str, ...] = ()  # ids of roles
    before_reading: tuple[str, ...] = ()  # ids of data objects, references or stores
    before_writing: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    why: str = ""
    severity: Breach = Breach.ERROR
    location: Location = field(default_factory=Location)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What has to be reached: one of `to`, from one of `start` (from any start of the processes where it is empty)."""

    name: Mapping[str, str]  # language -> name
    to: tuple[str, ...]
    start: tuple[str, ...] = ()
    location: Location = field(default_factory=Location)
