"""SpiffWorkflow's task specs with the semantics of the standard where its own differ (BPMN 2.0.2, chapter 13).

Each class derives from SpiffWorkflow's of the same name. What is replaced: prediction (children are made when a task
completes), joins (tokens are counted by sequence flow), boundary events (they listen as children of their activity),
event-based gateways, multi-instances and loops.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from bpmn_tool.errors import RunError
from bpmn_tool.execution.engine import Token
from bpmn_tool.execution.events import Terminate
from bpmn_tool.model.elements import FlowNode, SequenceFlow

FLOW = "flow:"
COMPLETION = "completion:"
LOOP = "loop:"
COUNT = "count:"


def nothing_true(element: FlowNode) -> RunError:
    """No condition holds and there is no default: the case stops (semantics 3)."""
    return RunError(
        f"no condition on the flows out of '{element.label}' ({element.id}) is true, and none is the default"
    )


class Node(BpmnSpecMixin):
    """A flow node: what is said here holds for all of them. `flows` are its outgoing sequence flows, in the order of
    ``<outgoing>``.
    """

    element: FlowNode
    flows: Sequence[SequenceFlow] = ()
    targets: Mapping[str, str] = {}  # sequence flow -> name of the task spec that it leads to
    default: str | None = None
    conditional: frozenset[str] = frozenset()  # flows with a condition that counts here
    is_step = True  # whether its completion is a step of the case

    def test(self) -> None:
        """Whether the model can be run was asked before."""

    def _predict(self, my_task: Any, *_: Any, **__: Any) -> None:
        """Nothing is foreseen: children are made when the task completes."""

    def _run_hook(self, my_task: Token) -> bool:
        super()._run_hook(my_task)
        self.leave(my_task)
        return True

    def leave(self, my_task: Token) -> None:
        """Put a token on each sequence flow that is taken."""
        for flow in self.taken(my_task):
            self.pass_on(my_task, flow)

    def pass_on(self, my_task: Token, flow: SequenceFlow) -> Token:
        child = my_task._add_child(self._wf_spec.task_specs[self.targets[flow.id]], TaskState.FUTURE)
        child.flow = flow.id
        my_task.agenda.sink(child, "flow")
        return child

    def may_run(self, my_task: Token) -> bool:  # noqa: ARG002  an inclusive join looks at the token
        """Asked when its turn has come."""
        return True

    def taken(self, my_task: Token) -> list[SequenceFlow]:
        """All outgoing flows; of those with a condition the ones where it holds, and the default where none of them
        does (8.3.13).
        """
        if not self.conditional:
            return list(self.flows)
        holding = {
            flow.id for flow in self.flows if flow.id in self.conditional and self.holds(my_task, FLOW + flow.id)
        }
        chosen = [
            flow
            for flow in self.flows
            if flow.id in holding or (not holding if flow.id == self.default else flow.id not in self.conditional)
        ]
        if not chosen:
            raise nothing_true(self.element)
        return chosen

    def holds(self, my_task: Token, expression: str, names: Mapping[str, Any] | None = None) -> bool:
        return bool(my_task.workflow.script_engine.evaluate(my_task, expression, names))

    def _on_complete_hook(self, my_task: Token) -> None:
        super()._on_complete_hook(my_task)
        if self.is_step:
            my_task.agenda.sink(my_task, "completed")


def won_race(my_task: Token) -> None:
    """Tell the event-based gateway that this is an arm of, if it is one, that its event has occurred."""
    if (decide := getattr(my_task.parent.task_spec, "decide", None)) is not None:
        decide(my_task.parent, my_task)


class Entry(Node, BpmnStartTask):
    """SpiffWorkflow's root of a process instance: puts the first tokens."""

    is_step = False

    def leave(self, my_task: Token) -> None:
        for name in my_task._get_internal_data("entries"):
            my_task._add_child(self._wf_spec.task_specs[name], TaskState.FUTURE)


class StartEvent(Node, defaults.StartEvent):
    """Its trigger has come when it gets its token."""


class IntermediateCatchEvent(Node, defaults.IntermediateCatchEvent):
    """Waits for its message or timer; behind an event-based gateway, the first of all decides."""

    def _on_ready_hook(self, my_task: Token) -> None:
        super()._on_ready_hook(my_task)
        won_race(my_task)


class IntermediateThrowEvent(Node, defaults.IntermediateThrowEvent):
    """Passes at once; the router sends."""


class EndEvent(Node, defaults.EndEvent):
    """Takes its token away; a terminate end event all others of its scope too."""

    def _on_complete_hook(self, my_task: Token) -> None:
        super()._on_complete_hook(my_task)
        if isinstance(self.event_definition, Terminate):
            root = my_task.workflow.task_tree
            for token in [t for t in my_task.workflow.live() if t is not my_task and t is not root]:
                token.cancel()


class BoundaryEvent(Node, defaults.BoundaryEvent):
    """Listens as a child of its activity; on its trigger it leaves it, and an interrupting one takes the activity's
    token away.
    """

    def _on_ready_hook(self, my_task: Token) -> None:
        super()._on_ready_hook(my_task)
        host = my_task.parent
        my_task.move_to(host.parent)
        if self.cancel_activity:
            host.cancel()
        elif self.event_definition.goes_on(my_task):
            host.task_spec.listen_to(host, self, after=my_task)
