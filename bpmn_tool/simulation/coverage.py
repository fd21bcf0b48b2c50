"""The share of a model's steps whose roles state what they must: of the drawing and the register, not of a run."""

from collections.abc import Iterable

from bpmn_tool.register import Register
from bpmn_tool.results.facts import Facts


def role_coverage(facts: Facts, register: Register | None, fields: Iterable[str]) -> float | None:
    """Steps of which every seat's role states all of `fields`, over all steps that people do; None where there is none.

    ``role`` asks that the register names the role and does not call it undefined; the rest are fields of the role. What
    is stated to be absent is not stated to be there.
    """
    wanted = tuple(fields)
    steps = [seats for work, seats in facts.seats.items() if seats and work in facts.kinds]
    if not steps:
        return None
    return sum(all(_states(register, role, wanted) for role in seats) for seats in steps) / len(steps)


def _states(register: Register | None, role: str, wanted: tuple[str, ...]) -> bool:
    known = register.roles.get(role) if register is not None else None
    if known is None or known.undefined:
        return False
    return all(field == "role" or getattr(known, field) not in (None, "", (), "none") for field in wanted)
