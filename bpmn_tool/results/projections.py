"""What the rows of one replication come to: cases, work items and handoffs, joined (docs/semantics.md, 8)."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from bpmn_tool.results.cases import Case, Status, cases, observed_until, persons
from bpmn_tool.results.facts import Facts
from bpmn_tool.results.handoffs import Handoff, HandoffOutcome
from bpmn_tool.results.handoffs import handoffs as read_handoffs
from bpmn_tool.results.trace import Replication, RowKind
from bpmn_tool.results.work_items import Outcome, WorkItem
from bpmn_tool.results.work_items import work_items as read_work_items


@dataclass(frozen=True, kw_only=True)
class Projection:
    """One replication, read once. `until` is the tick up to which open cases and items were watched."""

    replication: Replication
    facts: Facts
    cases: tuple[Case, ...]
    items: tuple[WorkItem, ...]
    handoffs: tuple[Handoff, ...]
    until: int

    @cached_property
    def case(self) -> dict[str, Case]:
        """By id, missed demand too."""
        return {case.id: case for case in self.cases}

    @cached_property
    def persons(self) -> dict[tuple[str, int], tuple[Case, ...]]:
        return persons(self.cases)

    @cached_property
    def items_of(self) -> dict[str, list[WorkItem]]:
        """Case -> its work items; "" for work that belongs to none."""
        found: dict[str, list[WorkItem]] = defaultdict(list)
        for item in self.items:
            found[item.case].append(item)
        return found

    @cached_property
    def ends_of(self) -> dict[str, dict[str, list[int]]]:
        """Case -> flow node -> ticks at which it completed or fired, rising."""
        found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in self.replication.rows:
            if row.kind is RowKind.COMPLETED or row.kind is RowKind.FIRED:
                found[row.case][row.element].append(row.tick)
        return found

    @property
    def cohort(self) -> tuple[Case, ...]:
        """Cases of the cohort that arrived."""
        return tuple(case for case in self.cases if case.in_cohort and case.status is not Status.MISSED)


def project(replication: Replication, facts: Facts) -> Projection:
    """Read all of a replication."""
    found = cases(replication, facts)
    until = observed_until(replication, found)
    items = read_work_items(replication, facts, until)
    ends = {case.id: case.end for case in found if case.end is not None}
    return Projection(
        replication=replication,
        facts=facts,
        cases=found,
        items=items,
        handoffs=read_handoffs(replication, facts, items, ends),
        until=until,
    )


def work_items(replication: Replication, facts: Facts) -> tuple[WorkItem, ...]:
    """All work items in the order in which they were enabled."""
    return project(replication, facts).items


def handoffs(replication: Replication, facts: Facts) -> tuple[Handoff, ...]:
    """All handoffs in the order in which they began."""
    return project(replication, facts).handoffs


__all__ = [
    "Case",
    "Handoff",
    "HandoffOutcome",
    "Outcome",
    "Projection",
    "Status",
    "WorkItem",
    "cases",
    "handoffs",
    "observed_until",
    "persons",
    "project",
    "work_items",
]
