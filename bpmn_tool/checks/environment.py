"""What happens around the processes of a model while all of their situations are looked at (docs/soundness.md).

The token rules leave to whoever drives them what begins, which messages come and how many instances there are. Here
everything that may be is: each process that something from outside starts begins once, at one of its starts; a message
of a modelled sender is kept until a modelled receiver takes it; a wait that nobody in the model ends may end; a
multi-instance has one instance or two; a loop may go on or not.
"""

from collections.abc import Iterator
from typing import Any

from immutables import MapMutation

from bpmn_tool.model.elements import CallActivity, Model, MultiInstance, TriggerKind
from bpmn_tool.model.marking import REUSING, Effect, EffectKind, Marking, Step, StepKind
from bpmn_tool.model.net import Behaviour, Net, Node, Trigger
from bpmn_tool.model.tokens import fire, steps


class Environment:
    """A net, and what comes to it from outside.

    A marking has keys of its own: ``("b", process)`` while a process has still to begin.
    """

    def __init__(self, model: Model, net: Net) -> None:
        self.net = net
        self.bound = frozenset(_bound(net))
        #: how many tokens a flow may hold: one, or as many as start and completion quantities say
        self.most = max((max(node.needs, node.gives) for node in net.nodes.values()), default=1)
        called = {node.called_element for node in model.flow_nodes.values() if isinstance(node, CallActivity)}
        drawn = {pool.process_ref for pool in model.participants.values()}
        #: process -> where it may begin from outside: start events, or itself where it has none
        self.starts = {
            process: starts
            for process in model.processes
            if process not in called - drawn and (starts := self._starts(process))
        }
        #: message flow -> the start event that it begins a process at
        self.begun_by = {
            flow: node for starts in net.starts.values() for node in starts for flow in self.messages_to(node)
        }

    def _starts(self, process: str) -> tuple[str, ...]:
        if starts := self.net.starts.get(process, ()):
            return tuple(start for start in starts if self._from_outside(self.net.nodes[start]))
        return (process,) if self.net.begins.get(process) else ()

    def _from_outside(self, node: Node) -> bool:
        if node.behaviour is Behaviour.RECEIVE:
            return self.is_free(node)
        return not node.triggers or any(self._is_free(node, trigger) for trigger in node.triggers)

    def _is_free(self, node: Node, trigger: Trigger) -> bool:
        """Whether something from outside sets it off."""
        if trigger.kind is TriggerKind.MESSAGE:
            return self.is_free(node)
        return not trigger.within

    def is_free(self, node: Node) -> bool:
        """Whether a message comes from outside: from nowhere that is drawn, or from a black box."""
        return not node.receives or any(flow not in self.bound for flow in node.receives)

    def messages_to(self, name: str) -> tuple[str, ...]:
        """The message flows from modelled senders that a node waits for."""
        return tuple(flow for flow in self.net.nodes[name].receives if flow in self.bound)

    def initial(self) -> Marking:
        return REUSING.update({("b", process): True for process in self.starts})

    def steps(self, marking: Marking) -> Iterator[Step]:
        """All that may happen next."""
        for process, starts in self.starts.items():
            if ("b", process) in marking:
                for start in starts:
                    yield Step(StepKind.BEGIN, (), start)
        for flow, begun in self.begun_by.items():
            if ("m", flow) in marking:
                yield Step(StepKind.BEGIN, (), begun, kept=flow)
        for step in steps(self.net, marking):
            node = self.net.nodes[step.node]
            if step.kind is StepKind.PASS and isinstance(node.loop, MultiInstance):
                yield step
                yield step._replace(instances=2)
            elif step.kind is StepKind.COMPLETE and self._awaits_message(node, step):
                yield from self._received(marking, node, step)
            else:
                yield step

    def _awaits_message(self, node: Node, step: Step) -> bool:
        if node.behaviour is Behaviour.RECEIVE:
            return True
        if node.behaviour is Behaviour.RAISE:
            return False
        if node.every:
            return node.triggers[step.trigger].kind is TriggerKind.MESSAGE
        return any(trigger.kind is TriggerKind.MESSAGE for trigger in node.triggers)

    def _received(self, marking: Marking, node: Node, step: Step) -> Iterator[Step]:
        free = self.is_free(node)
        if not node.every:
            free = free or any(self._is_free(node, trigger) for trigger in node.triggers)
        if free:
            yield step
        for flow in self.messages_to(node.id):
            if ("m", flow) in marking:
                yield step._replace(kept=flow)

    def after(self, marking: Marking, step: Step) -> tuple[Marking, list[Effect]]:
        """What is there after a step, with the messages that it sent kept and what does not matter left out."""
        begins, kept = step.kind is StepKind.BEGIN, step.kept
        marking, effects = fire(self.net, marking, step._replace(kept="") if begins else step)
        changes = marking.mutate()
        if begins:
            process = self.net.process_of.get(step.node, step.node)
            if kept:
                _add(changes, ("m", kept), -1)
            else:
                changes.pop(("b", process))
        for key in [key for key in _touched(effects) if key in changes]:
            outer = changes[key]
            if outer.total < 0 and outer.done:  # how often a loop has gone round is no difference
                changes[key] = outer._replace(done=0)
        for effect in effects:
            if effect.kind is EffectKind.SENT and effect.produced[0] in self.bound:
                _add(changes, ("m", effect.produced[0]), 1)
        for process in self.net.starts.keys() | self.net.begins.keys():
            changes.pop(("p", process), None)
        return changes.finish(), effects


def _touched(effects: list[Effect]) -> Iterator[tuple[Any, ...]]:
    for effect in effects:
        if effect.scope:
            yield ("o", effect.scope[:-1], *effect.scope[-1][:2])


def _add(changes: MapMutation[tuple[Any, ...], Any], key: tuple[Any, ...], delta: int) -> None:
    value = changes.get(key, 0) + delta
    if value:
        changes[key] = value
    else:
        changes.pop(key)


def _bound(net: Net) -> Iterator[str]:
    """Message flows from a flow node to one that waits for them."""
    for flow, (sender, receiver) in net.messages.items():
        if sender in net.nodes and receiver in net.nodes and _takes(net.nodes[receiver]):
            yield flow


def _takes(node: Node) -> bool:
    if node.behaviour is Behaviour.RECEIVE:
        return True
    catches = {Behaviour.START, Behaviour.EVENT_START, Behaviour.CATCH, Behaviour.BOUNDARY}
    return node.behaviour in catches and any(trigger.kind is TriggerKind.MESSAGE for trigger in node.triggers)
