"""Where work waits: roles and handoffs by what is lost at them, and the places where nobody is named."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bpmn_tool.results.summary import ActivityResult, HandoffResult, RoleResult, ScenarioResult, UndefinedResult
from bpmn_tool.results.trace import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWaiting:
    """A role by what waits for its people, in seconds a replication: not for a gate, and not for nobody."""

    role: RoleResult
    waiting_s: float
    share: float  # of that of all roles
    main_cause: Cause | None
    activities: tuple[ActivityResult, ...]  # most waiting first


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffWaiting:
    """A handoff by what is lost at it. `failed_share`: lost, declined, taken back or left open, of those sent."""

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
    places: Mapping[Cause, tuple[ActivityResult, ...]] = field(default_factory=dict)  # most waiting by that cause first
    stuck: float = 0.0  # cases that can never go on, mean a replication


def bottlenecks(result: ScenarioResult) -> Bottlenecks:
    """Rank what one scenario's work waits for."""
    waits = {id_: sum(_for_people(role.causes_s).values()) for id_, role in result.roles.items()}
    total = sum(waits.values())
    roles = [
        RoleWaiting(
            role=role,
            waiting_s=waits[id_],
            share=waits[id_] / total if total else 0.0,
            main_cause=_main_cause(_for_people(role.causes_s)),
            activities=_activities(result, id_),
        )
        for id_, role in result.roles.items()
    ]
    return Bottlenecks(
        roles=tuple(sorted(roles, key=lambda row: (-row.waiting_s, row.role.id))),
        handoffs=tuple(sorted(map(_handoff, result.handoffs.values()), key=_handoff_order)),
        undefined=tuple(sorted(result.undefined, key=lambda u: (-u.stuck, -u.reached, u.element))),
        causes_s=_causes(result),
        places={cause: _places(result, cause) for cause in Cause},
        stuck=result.counts.stuck,
    )


def _for_people(causes: Mapping[Cause, float]) -> dict[Cause, float]:
    """Waiting that more hands, or other hours, could shorten."""
    return {c: seconds for c, seconds in causes.items() if c not in (Cause.UNDEFINED, Cause.BATCHING)}


def _main_cause(causes: Mapping[Cause, float]) -> Cause | None:
    return max(causes, key=lambda cause: (causes[cause], cause.value), default=None)


def _places(result: ScenarioResult, cause: Cause) -> tuple[ActivityResult, ...]:
    found = [row for row in result.activities.values() if row.causes_s.get(cause, 0.0) > 0]
    return tuple(sorted(found, key=lambda row: (-row.causes_s[cause], row.id)))


def _activities(result: ScenarioResult, role: str) -> tuple[ActivityResult, ...]:
    waits = {row.id: sum(_for_people(row.causes_s).values()) for row in result.activities.values()}
    own = [row for row in result.activities.values() if role in row.role.split(", ") and waits[row.id] > 0]
    return tuple(sorted(own, key=lambda row: (-waits[row.id], row.id)))


def _handoff(row: HandoffResult) -> HandoffWaiting:
    sent = row.sent or 1.0
    return HandoffWaiting(
        handoff=row,
        failed_share=(row.lost + row.declined + row.withdrawn + row.open) / sent,
        late_share=row.late / sent,
        bounce_share=row.bounces / sent,
    )


def _handoff_order(row: HandoffWaiting) -> tuple[float, float, str]:
    """By how many go wrong in a replication, then by waiting."""
    wrong = row.handoff.lost + row.handoff.declined + row.handoff.withdrawn + row.handoff.open
    return (-wrong, -row.handoff.waiting_total_s, row.handoff.id)


def _causes(result: ScenarioResult) -> dict[Cause, float]:
    found: dict[Cause, float] = {}
    for row in result.activities.values():
        for cause, seconds in row.causes_s.items():
            found[cause] = found.get(cause, 0.0) + seconds
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
