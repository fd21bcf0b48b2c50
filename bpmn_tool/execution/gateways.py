"""Gateways: decisions, joins that count tokens by sequence flow, and races of events (BPMN 2.0.2, 13.4)."""

from collections.abc import Collection, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from bpmn_tool.execution.engine import Token
from bpmn_tool.execution.nodes import FLOW, Node, nothing_true
from bpmn_tool.model.elements import SequenceFlow


class EventBasedGateway(Node, defaults.EventBasedGateway):
    """All events behind it wait; the first that occurs takes the token and the others go."""

    def connect(self, child: Any) -> None:
        TaskSpec.connect(self, child)

    def _update_hook(self, my_task: Token) -> None:
        my_task._set_state(TaskState.WAITING)
        for flow in self.flows:
            child = my_task._add_child(self._wf_spec.task_specs[self.targets[flow.id]], TaskState.FUTURE)
            child.flow = flow.id
            child.task_spec._update(child)
            if my_task.gone:
                return

    def decide(self, my_task: Token, winner: Token) -> None:
        winner.move_to(my_task.parent)
        for child in my_task.children:
            child.cancel()
        my_task.complete()
        my_task.agenda.sink(winner, "flow")


class Decision(Node):
    """A gateway that decides by conditions; without them it waits until somebody chooses."""

    undecided = False

    def _update_hook(self, my_task: Token) -> Any:
        if my_task._get_internal_data("chosen") is None and (self.undecided or my_task.agenda.is_open(self)):
            my_task._set_state(TaskState.WAITING)
            return None
        return True

    def is_through(self, token: Token) -> bool:  # noqa: ARG002  an inclusive join looks at the token
        """Whether a token that waits here waits for a choice, not for others to join."""
        return True

    def chosen(self, my_task: Token) -> list[SequenceFlow] | None:
        chosen = my_task._get_internal_data("chosen")
        return None if chosen is None else [flow for flow in self.flows if flow.id in chosen]


class ExclusiveGateway(Decision, defaults.ExclusiveGateway):
    """Takes the first flow whose condition is true, in the order of ``<outgoing>``; else the default."""

    def _run_hook(self, my_task: Token) -> bool:
        self.leave(my_task)
        return True

    def taken(self, my_task: Token) -> list[SequenceFlow]:
        if (chosen := self.chosen(my_task)) is not None:
            return chosen
        if len(self.flows) < 2:
            return super().taken(my_task)
        for flow in self.flows:
            if flow.id != self.default and self.holds(my_task, FLOW + flow.id):
                return [flow]
        for flow in self.flows:
            if flow.id == self.default:
                return [flow]
        raise nothing_true(self.element)


class _Join(Node):
    """Counts tokens by the sequence flow on which they came."""

    incoming: tuple[str, ...] = ()

    def arrived(self, workflow: Any) -> dict[str, list[Token]]:
        """Waiting tokens by flow, the oldest first."""
        found: dict[str, list[Token]] = {}
        for token in workflow.tasks.values():
            if token.task_spec is self and token.state == TaskState.WAITING:
                found.setdefault(token.flow or "", []).append(token)
        return found


class ParallelGateway(_Join, defaults.ParallelGateway):
    """Takes one token from each incoming flow, and puts one on each outgoing flow."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._set_state(TaskState.WAITING)
        by_flow = self.arrived(my_task.workflow)
        if len(by_flow) < len(self.incoming):
            return False
        for tokens in by_flow.values():
            if tokens[0] is not my_task:
                tokens[0].cancel()
        return True

    def _run_hook(self, my_task: Token) -> bool:
        self.leave(my_task)
        return True


class _Looking(Decision, _Join):
    """A join that looks, whenever a token of its scope has moved, at what may still come."""

    #: incoming flow -> elements from which it can be reached without a visit to this gateway
    reach: Mapping[str, frozenset[str]] = {}

    def _update_hook(self, my_task: Token) -> Any:
        if len(self.incoming) > 1 and not my_task._get_internal_data("joined"):
            my_task._set_state(TaskState.WAITING)
            return None
        return super()._update_hook(my_task)

    def is_through(self, token: Token) -> bool:
        return len(self.incoming) < 2 or bool(token._get_internal_data("joined"))

    def joins(self, workflow: Any, waiting: Mapping[str, list[Token]]) -> bool:
        """Whether it fires with these tokens."""
        raise NotImplementedError

    def look_again(self, workflow: Any) -> None:
        if any(token.task_spec is self and token.state == TaskState.READY for token in workflow.tasks.values()):
            return
        waiting = self.arrived(workflow)
        through = next((t for tokens in waiting.values() for t in tokens if t._get_internal_data("joined")), None)
        joins = bool(waiting) and self.joins(workflow, waiting)
        if joins and through is None:
            first = min((tokens[0] for tokens in waiting.values()), key=lambda token: token.id)
            first._set_internal_data(joined=True)
            self._update(first)
        elif not joins and through is not None:
            through._set_internal_data(joined=False)

    def must_wait(self, workflow: Any, full: Collection[str]) -> bool:
        """Whether a token can still come by an empty flow, and not by one of those that have a token (13.4.3).

        A boundary event that listens is waited for like one that holds a token; what waits behind an event-based
        gateway holds none of its own, its gateway does (13.4.4).
        """
        empty = [flow for flow in self.incoming if flow not in full]
        if not empty:
            return False
        for token in workflow.live():
            spec = token.task_spec
            if spec is self or spec.bpmn_id is None or token.listener or is_arm(token):
                continue
            element = spec.element.id
            if any(element in self.reach[flow] for flow in empty) and not any(
                element in self.reach[flow] for flow in full if flow in self.reach
            ):
                return True
        return False

    def _run_hook(self, my_task: Token) -> bool:
        if len(self.incoming) > 1:
            for flow, tokens in self.arrived(my_task.workflow).items():
                if flow != my_task.flow:
                    tokens[0].cancel()
        self.leave(my_task)
        return True

    def taken(self, my_task: Token) -> list[SequenceFlow]:
        chosen = self.chosen(my_task)
        return super().taken(my_task) if chosen is None else chosen


class InclusiveGateway(_Looking, defaults.InclusiveGateway):
    """Joins when no token can still come by an empty flow alone (13.4.3); splits over all flows whose condition is
    true.
    """

    def joins(self, workflow: Any, waiting: Mapping[str, list[Token]]) -> bool:
        return not self.must_wait(workflow, waiting)

    def may_run(self, my_task: Token) -> bool:
        """Between being ready and its turn, another token may have come onto a path to an empty flow."""
        if len(self.incoming) < 2:
            return True
        waiting = self.arrived(my_task.workflow)
        if not self.must_wait(my_task.workflow, {*waiting, my_task.flow or ""}):
            return True
        my_task._set_internal_data(joined=False)
        my_task._set_state(TaskState.WAITING)
        return False


class ComplexGateway(_Looking, defaults.InclusiveGateway):
    """Fires when its activation condition holds, and takes a token from each flow that has one; then waits for reset:
    until no token can come by another flow, takes what has come, and sends on flows with a condition alone (13.4.5).
    """

    activation = ""  # the name of its activation condition; without one it fires on the first token

    def joins(self, workflow: Any, waiting: Mapping[str, list[Token]]) -> bool:
        if self.name in workflow.resets:
            return False
        count = len(waiting)
        if count == len(self.incoming) or not self.activation:
            return True
        first = next(iter(waiting.values()))[0]
        names = {flow: len(waiting.get(flow, ())) for flow in self.incoming}
        return self.holds(first, self.activation, {**names, "activationCount": count, "waitingForStart": True})

    def look_again(self, workflow: Any) -> None:
        super().look_again(workflow)
        taken = workflow.resets.get(self.name)
        if taken is None or any(
            token.task_spec is self and token._get_internal_data("resets") for token in workflow.tasks.values()
        ):
            return
        if not self.must_wait(workflow, {*taken, *self.arrived(workflow)}):
            reset = Token(workflow, self, workflow.task_tree, TaskState.FUTURE)
            reset._set_internal_data(resets=True)
            reset.listener = True  # it does not keep its scope alive
            workflow.listening += 1
            reset._state = TaskState.READY
            reset.agenda.at_once.append(reset)

    def may_run(self, my_task: Token) -> bool:
        if not my_task._get_internal_data("resets"):
            return True
        taken = my_task.workflow.resets.get(self.name, frozenset())
        if not self.must_wait(my_task.workflow, {*taken, *self.arrived(my_task.workflow)}):
            return True
        my_task.cancel()
        return False

    def _run_hook(self, my_task: Token) -> bool:
        workflow = my_task.workflow
        arrived = self.arrived(workflow)
        if my_task._get_internal_data("resets"):
            taken = workflow.resets.pop(self.name)
            for flow, tokens in arrived.items():
                if flow not in taken:
                    tokens[0].cancel()
            self.leave(my_task)
            return True
        if len(self.incoming) > 1:
            workflow.resets[self.name] = frozenset({*arrived, my_task.flow or ""})
        return super()._run_hook(my_task)

    def holds(self, my_task: Token, expression: str, names: Mapping[str, Any] | None = None) -> bool:
        start = not my_task._get_internal_data("resets")
        return super().holds(my_task, expression, {"waitingForStart": start, **(names or {})})

    def taken(self, my_task: Token) -> list[SequenceFlow]:
        """When it resets: flows with a condition that holds, else the default, else none (Table 13.5)."""
        if not my_task._get_internal_data("resets"):
            return super().taken(my_task)
        holding = [f for f in self.flows if f.id in self.conditional and self.holds(my_task, FLOW + f.id)]
        return holding or [flow for flow in self.flows if flow.id == self.default]

    def _on_complete_hook(self, my_task: Token) -> None:
        if my_task._get_internal_data("resets"):
            my_task.agenda.sink(my_task, "reset")
        else:
            super()._on_complete_hook(my_task)


def is_arm(token: Token) -> bool:
    """Whether an event-based gateway waits here for it among others."""
    parent = token.parent
    return parent is not None and isinstance(parent.task_spec, EventBasedGateway)
