"""What an event throws to others of its case: signals, escalations, errors, cancel, and compensation (BPMN 2.0.2,
10.5.5, 13.5.3 to 13.5.6).

A throwing event first holds its token, as work does; completing it is the throw. Compensation, and the cancelling of a
transaction, then hold it until their handlers are done, one after another, last completed first.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bpmn_tool.model.elements import TriggerKind
from bpmn_tool.model.marking import Active, Done, EffectKind, Scope, Step, StepKind
from bpmn_tool.model.net import Behaviour, Node, Trigger
from bpmn_tool.model.triggers import matches

if TYPE_CHECKING:
    from bpmn_tool.model.firing import Firing

#: several results of one event: those come last that end what it stands in
_ORDER = (
    TriggerKind.SIGNAL,
    TriggerKind.ESCALATION,
    TriggerKind.COMPENSATE,
    TriggerKind.ERROR,
    TriggerKind.CANCEL,
    TriggerKind.TERMINATE,
)


def begin(work: "Firing", scope: Scope, node: Node, visit: int) -> None:
    """Gather the handlers to run, if any, and run the first; else throw."""
    handlers: list[Done] = []
    waits = True
    for trigger in node.triggers:
        if trigger.kind is TriggerKind.CANCEL and (inside := _transaction(work, scope)):
            handlers += _abort(work, inside, scope, node.id, visit)
            scope = inside
        elif trigger.kind is TriggerKind.COMPENSATE:
            handlers += _handlers(_take_done(work, scope, trigger.activity))
            waits = waits and trigger.waits
    key = ("a", scope, node.id, visit)
    active: Active = work.marking[key]
    work.marking[key] = active._replace(pending=tuple(handlers))
    if not waits:
        _leave(work, scope, node, visit)
    next_handler(work, scope, node.id, visit)


def next_handler(work: "Firing", scope: Scope, name: str, visit: int) -> None:
    """The next handler that an event called, or, after the last, what it throws."""
    key = ("a", scope, name, visit)
    active: Active | None = work.marking.get(key)
    if active is None:
        return  # it was taken away while the handler ran
    if active.pending:
        done, *rest = active.pending
        assert done.handler is not None
        where, handler = done.handler
        work.marking[key] = active._replace(pending=tuple(rest))
        if done.inside:  # an event sub-process may compensate what was completed around it (10.7.1)
            work.marking[("c", where)] = done.inside
        work.enter(where, work.net.nodes[handler], 1, (), (scope, name, visit))
        return
    node = work.net.nodes[name]
    if not active.occurred:  # else it left before its handlers were done
        _leave(work, scope, node, visit)
    del work.marking[key]
    work.hold(scope, -1)
    for trigger in sorted(node.triggers, key=_rank):
        _throw(work, scope, trigger)


def _rank(trigger: Trigger) -> int:
    return _ORDER.index(trigger.kind) if trigger.kind in _ORDER else -1


def _leave(work: "Firing", scope: Scope, node: Node, visit: int) -> None:
    """Its token goes on; `occurred` says that it has."""
    work.put(scope, node.outgoing)
    work.say(EffectKind.COMPLETED, scope, node.id, visit, produced=node.outgoing)
    work.send(scope, node, visit)
    key = ("a", scope, node.id, visit)
    work.marking[key] = work.marking[key]._replace(occurred=(0,))


def _throw(work: "Firing", scope: Scope, trigger: Trigger) -> None:
    match trigger.kind:
        case TriggerKind.SIGNAL:
            _broadcast(work, scope, trigger)
        case TriggerKind.ESCALATION:
            if caught := _catcher(work, scope, trigger):
                _caught(work, *caught)
        case TriggerKind.ERROR:
            if caught := _catcher(work, scope, trigger):
                _caught(work, *caught)
            else:
                _fail(work, scope[:1])
        case TriggerKind.CANCEL:
            _cancel(work, scope, trigger)
        case TriggerKind.TERMINATE:
            work.remove_inside(scope)
        case _:
            pass


# -- who catches


def _broadcast(work: "Firing", thrower: Scope, thrown: Trigger) -> None:
    """A signal reaches all that wait for it now, and begins the processes that it starts (10.5.1). A scope at its end
    begins no event sub-process any more (13.5.4), unless the thrower was the last in it.
    """
    nodes = work.net.nodes
    waiting = sorted(
        key
        for key in work.entries()
        if key[0] == "a"
        and any(matches(catch, thrown) for catch in nodes[key[2]].triggers)
        and nodes[key[2]].behaviour is not Behaviour.RAISE
        and (nodes[key[2]].behaviour is not Behaviour.EVENT_START or key[1] == thrower or ("n", key[1]) in work.marking)
    )
    for _, scope, name, visit in waiting:
        for number, catch in enumerate(nodes[name].triggers):
            if matches(catch, thrown) and ("a", scope, name, visit) in work.marking:
                _caught(work, scope, name, visit, number)
    for starts in work.net.starts.values():
        for name in starts:
            if not nodes[name].every and any(matches(catch, thrown) for catch in nodes[name].triggers):
                work.begin(Step(StepKind.BEGIN, (), name))


def _caught(work: "Firing", scope: Scope, name: str, visit: int, trigger: int = 0) -> None:
    flows = work.net.nodes[name].outgoing
    work.complete(Step(StepKind.COMPLETE, scope, name, visit=visit, flows=flows, trigger=trigger))


def _catcher(work: "Firing", scope: Scope, thrown: Trigger) -> tuple[Scope, str, int, int] | None:
    """The nearest that catches an error or escalation: from the scope outward, event sub-processes before what sits at
    the border; one that names it before one that takes any.
    """
    listening: dict[tuple[Scope, tuple[str, int]], list[tuple[Any, ...]]] = {}
    for key in work.entries():
        if key[0] == "a" and (owner := work.marking[key].belongs_to) is not None:
            listening.setdefault((key[1], owner), []).append(key)
    for depth in range(len(scope), 0, -1):
        here = scope[:depth]
        inside = [
            key
            for (where, owner), keys in listening.items()
            if where == here and owner[1] == -1 and owner[0] not in {frame[0] for frame in scope[depth:]}
            for key in keys
        ]
        border = listening.get((here[:-1], here[-1][:2]), [])
        for keys in (inside, border):
            if best := min(_matching(work, keys, thrown), default=None):
                return best[1]
    return None


def _matching(
    work: "Firing", keys: list[tuple[Any, ...]], thrown: Trigger
) -> Iterator[tuple[tuple[bool, str], tuple[Scope, str, int, int]]]:
    for _, scope, name, visit in keys:
        for number, catch in enumerate(work.net.nodes[name].triggers):
            if matches(catch, thrown):
                yield (not catch.key, name), (scope, name, visit, number)


def _fail(work: "Firing", process: Scope) -> None:
    work.remove_inside(process)
    work.say(EffectKind.FAILED, process, process[0][0], process[0][1])


# -- transactions


def _transaction(work: "Firing", scope: Scope) -> Scope | None:
    """The inside of the transaction around."""
    for depth in range(len(scope), 1, -1):
        node = work.net.nodes.get(scope[depth - 1][0])
        if node is not None and node.transaction and scope[depth - 1][2] == -1:
            return scope[:depth]
    return None


def _abort(work: "Firing", inside: Scope, scope: Scope, name: str, visit: int) -> list[Done]:
    """Take away all that goes on in a transaction but the event that cancels it, which from here on is held by the
    transaction itself; what is to be compensated, of sub-processes that are still active first (10.5.1, 10.7).
    """
    depth = len(inside)
    logs = [key for key in work.entries() if key[0] == "c" and key[1][:depth] == inside]
    done = [each for key in sorted(logs, key=_deepest) for each in _handlers(work.marking[key])]
    if scope == inside:
        del work.marking[("a", scope, name, visit)]
        work.hold(scope, -1)
    work.remove_inside(inside)
    work.marking[("a", inside, name, visit)] = Active()
    work.hold(inside, 1)
    if scope != inside:
        work.say(EffectKind.ENABLED, inside, name, visit)
    return done


def _deepest(key: tuple[Any, ...]) -> tuple[int, Scope]:
    return -len(key[1]), key[1]


def _cancel(work: "Firing", scope: Scope, trigger: Trigger) -> None:
    """Leave a transaction by its cancel event; one that has none completes."""
    inside = _transaction(work, scope)
    if inside is None:
        return
    around, owner = inside[:-1], inside[-1][:2]
    while around:
        waits = [key for key in work.entries() if key[0] == "a" and key[1] == around]
        keys = [key for key in waits if work.marking[key].belongs_to == owner]
        if best := min(_matching(work, keys, trigger), default=None):
            _caught(work, *best[1])
            return
        if around[-1][0] != owner[0]:  # of a multi-instance, the events sit at the whole
            return
        around, owner = around[:-1], around[-1][:2]


# -- compensation


def _take_done(work: "Firing", scope: Scope, activity: str) -> tuple[Done, ...]:
    """What is to be compensated, taken off the record: all of this scope, or the activity that is named (10.7.2).

    An event sub-process stands for the scope around it.
    """
    around = work.net.nodes.get(scope[-1][0])
    if around is not None and around.by_event:
        scope = scope[:-1]
    if not activity:
        return work.marking.pop(("c", scope), ())
    for depth in range(len(scope), 0, -1):
        here = ("c", scope[:depth])
        record: tuple[Done, ...] = work.marking.get(here, ())
        meant = tuple(done for done in record if done.node == activity)
        if meant:
            rest = tuple(done for done in record if done.node != activity)
            if rest:
                work.marking[here] = rest
            else:
                del work.marking[here]
            return meant
    return ()


def _handlers(record: tuple[Done, ...]) -> Iterator[Done]:
    """Last completed first (13.5.5)."""
    for done in reversed(record):
        if done.handler is not None:
            yield done
        else:
            yield from _handlers(done.inside)
