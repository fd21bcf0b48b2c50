"""Where work waits: roles and handoffs by what is lost at them, and the places where nobody is named."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bpmn_tool.results.summary import ActivityResult, HandoffResult, RoleResult, ScenarioResult, UndefinedResult
from bpmn_tool.results.trace import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWaiting:
    """A role by what waits for it, in seconds a replication; `share` is of all waiting but that for nobody."""

    role: RoleResult
    waiting_s: float  # without what waits for ever at undefined places
    share: float
    main_cause: Cause | None
    activities: tuple[ActivityResult, ...]  # most waiting first


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffWaiting:
    """A handoff by what is lost at it. `failed_share`: lost, declined or left open, of those sent."""

    handoff: HandoffResult
    failed_share: float
    late_share: float
    bounce_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottlenecks:
    """All rankings, worst first. `causes_s`: waiting of all work by cause, seconds a replication."""

    roles: tuple[RoleWaiting, ...]
    handoffs: tuple[HandoffWaiting, ...]
    undefined: tuple[UndefinedResult, ...]
    causes_s: Mapping[Cause, float] = field(default_factory=dict)
    stuck: float = 0.0  # cases that can never go on, mean a replication


def bottlenecks(result: ScenarioResult) -> Bottlenecks:
    """Rank what one scenario's work waits for."""
    waits = {id_: _served(role.causes_s) for id_, role in result.roles.items()}
    total = sum(waits.values())
    roles = [
        RoleWaiting(
            role=role,
            waiting_s=waits[id_],
            share=waits[id_] / total if total else 0.0,
            main_cause=_main_cause(role.causes_s),
            activities=_activities(result, id_),
        )
        for id_, role in result.roles.items()
    ]
    return Bottlenecks(
        roles=tuple(sorted(roles, key=lambda row: (-row.waiting_s, row.role.id))),
        handoffs=tuple(sorted(map(_handoff, result.handoffs.values()), key=_handoff_order)),
        undefined=tuple(sorted(result.undefined, key=lambda u: (-u.stuck, -u.reached, u.element))),
        causes_s=_causes(result),
        stuck=result.counts.stuck,
    )


def _served(causes: Mapping[Cause, float]) -> float:
    """Waiting that ends: for somebody who exists."""
    return sum(seconds for cause, seconds in causes.items() if cause is not Cause.UNDEFINED)


def _main_cause(causes: Mapping[Cause, float]) -> Cause | None:
    return max(causes, key=lambda cause: (causes[cause], cause.value), default=None)


def _activities(result: ScenarioResult, role: str) -> tuple[ActivityResult, ...]:
    own = [row for row in result.activities.values() if role in row.role.split(", ") and row.waiting_total_s > 0]
    return tuple(sorted(own, key=lambda row: (-row.waiting_total_s, row.id)))


def _handoff(row: HandoffResult) -> HandoffWaiting:
    sent = row.sent or 1.0
    return HandoffWaiting(
        handoff=row,
        failed_share=(row.lost + row.declined + row.open) / sent,
        late_share=row.late / sent,
        bounce_share=row.bounces / sent,
    )


def _handoff_order(row: HandoffWaiting) -> tuple[float, float, str]:
    """By how many go wrong in a replication, then by waiting."""
    wrong = row.handoff.lost + row.handoff.declined + row.handoff.open
    return (-wrong, -row.handoff.waiting_total_s, row.handoff.id)


def _causes(result: ScenarioResult) -> dict[Cause, float]:
    found: dict[Cause, float] = {}
    for row in result.activities.values():
        for cause, seconds in row.causes_s.items():
            found[cause] = found.get(cause, 0.0) + seconds
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
