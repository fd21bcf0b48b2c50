"""Gateways: decisions, joins that count tokens by sequence flow, and races of events (BPMN 2.0.2, 13.3)."""

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


class InclusiveGateway(Decision, _Join, defaults.InclusiveGateway):
    """Joins when no token can still come by an empty flow alone (13.3.3); splits over all flows whose condition is
    true.
    """

    #: incoming flow -> elements from which it can be reached without a visit to this gateway
    reach: Mapping[str, frozenset[str]] = {}

    def _update_hook(self, my_task: Token) -> Any:
        if len(self.incoming) > 1 and not my_task._get_internal_data("joined"):
            my_task._set_state(TaskState.WAITING)
            return None
        return super()._update_hook(my_task)

    def look_again(self, workflow: Any) -> None:
        """Whether the rule of 13.3.3 holds now; asked whenever a token of the scope has moved."""
        if len(self.incoming) < 2 or any(
            token.task_spec is self and token.state == TaskState.READY for token in workflow.tasks.values()
        ):
            return
        waiting = self.arrived(workflow)
        through = next((t for tokens in waiting.values() for t in tokens if t._get_internal_data("joined")), None)
        joins = bool(waiting) and not self._must_wait(workflow, waiting)
        if joins and through is None:
            first = min((tokens[0] for tokens in waiting.values()), key=lambda token: token.id)
            first._set_internal_data(joined=True)
            self._update(first)
        elif not joins and through is not None:
            through._set_internal_data(joined=False)

    def may_run(self, my_task: Token) -> bool:
        """Between being ready and its turn, another token may have come onto a path to an empty flow."""
        if len(self.incoming) < 2:
            return True
        waiting = self.arrived(my_task.workflow)
        if not self._must_wait(my_task.workflow, {*waiting, my_task.flow or ""}):
            return True
        my_task._set_internal_data(joined=False)
        my_task._set_state(TaskState.WAITING)
        return False

    def is_through(self, token: Token) -> bool:
        return len(self.incoming) < 2 or bool(token._get_internal_data("joined"))

    def _must_wait(self, workflow: Any, full: Collection[str]) -> bool:
        """Whether a token can still come by an empty flow, and not by one of those that have a token."""
        empty = [flow for flow in self.incoming if flow not in full]
        for token in workflow.live():
            spec = token.task_spec
            if spec is self or spec.bpmn_id is None:
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
