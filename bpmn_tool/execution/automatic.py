"""A case that does itself: every task at once, every timer elapses on the simulated clock, black boxes answer."""

from collections import Counter
from typing import Final

from bpmn_tool.errors import RunError
from bpmn_tool.execution.case import Case
from bpmn_tool.execution.routes import catches
from bpmn_tool.model.elements import Event, EventKind, Model, SubProcess, SubProcessKind
from bpmn_tool.results.execution import ExecutionTrace

ACTS: Final = 1_000
"""Things that may be done before a case is held to go round in circles."""


def automatic(case: Case, *, acts: int = ACTS) -> ExecutionTrace:
    """Take a case that has begun to its end, or to where nothing can happen any more.

    What nobody decides is decided in turn: the flow that was taken least, of several the default, else the first. A
    case made with `ask` leaves the decisions open for which it lacks data. Raises RunError where a decision lacks
    data, or after `acts` things done.
    """
    taken: Counter[str] = Counter()
    for _ in range(acts):
        if case.completed or not _act(case, taken):
            return case.trace()
    open_still = ", ".join(dict.fromkeys(case.trace().waiting))
    raise RunError(f"after {acts} things done the case still goes on: {open_still}; give it data with which it ends")


def _act(case: Case, taken: Counter[str]) -> bool:
    if (work := case.oldest_work()) is not None:
        case.complete(work.activity, instance=work.instance)
    elif decisions := case.decisions():
        flow = min(decisions[0].flows, key=lambda flow: (taken[flow], flow != decisions[0].default))
        taken[flow] += 1
        case.choose(flow)
    elif (ref := _answer(case)) is not None:
        case.message(ref)
    else:
        return case.wait_for_timer() or _once(case, taken) or _other(case)
    return True


def _once(case: Case, taken: Counter[str]) -> bool:
    """In ad-hoc sub-processes, take up everything once; then say that they are done."""
    kinds = {work.activity: work for work in case.work() if work.free}
    for work in kinds.values():
        done_with = isinstance(node := case.model.flow_nodes[work.activity], SubProcess) and (
            node.kind is SubProcessKind.AD_HOC and not _is_offered(case, work.activity)
        )
        if not taken[work.activity] or done_with:
            taken[work.activity] += 1
            case.complete(work.activity, instance=work.instance)
            return True
    return False


def _is_offered(case: Case, ad_hoc: str) -> bool:
    """Whether this is itself something to take up in the ad-hoc sub-process around it."""
    around = case.model.flow_nodes.get(case.model.flow_nodes[ad_hoc].container)
    return isinstance(around, SubProcess) and around.kind is SubProcessKind.AD_HOC


def _other(case: Case) -> bool:
    """What nothing in the model sets off and is no message: a signal, say."""
    waiting = [element for element in case.awaited() if not catches(case.model.flow_nodes[element])]
    return bool(waiting) and case.message(min(waiting, key=lambda element: _is_boundary(case.model, element)))


def _answer(case: Case) -> str | None:
    """What waits for a message that nobody in the model sends: events and tasks in the flow before those at a
    boundary.
    """
    inside = {
        receiver for route in case.executable.routes.by_flow.values() if route.senders for receiver in route.receivers
    }
    nodes = case.model.flow_nodes
    awaited = [element for element in case.awaited() if element not in inside and catches(nodes[element])]
    return min(awaited, key=lambda element: _is_boundary(case.model, element), default=None)


def _is_boundary(model: Model, element: str) -> bool:
    node = model.flow_nodes[element]
    return isinstance(node, Event) and node.kind is EventKind.BOUNDARY
