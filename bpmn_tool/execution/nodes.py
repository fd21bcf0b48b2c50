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
from bpmn_tool.execution.events import Triggers
from bpmn_tool.model.elements import FlowNode, SequenceFlow

FLOW = "flow:"
COMPLETION = "completion:"
LOOP = "loop:"
COUNT = "count:"
DONE = "done:"  # of an ad-hoc sub-process
ACTIVATION = "activation:"
EVENT = "event"  # then the number of the trigger


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
    together: tuple[str, ...] = ()  # of an arm that begins a process: the others that it then waits for
    performs: tuple[str, ...] | None = None  # of an ad-hoc sub-process: what may be taken up in it
    at_once = False  # whether it is run before all else: how a scope begins and how it ends
    transaction = False
    by_event = False
    has_timer = False
    has_condition = False

    def test(self) -> None:
        """Whether the model can be run was asked before."""

    def _on_cancel(self, my_task: Token) -> None:
        """What goes with a token is taken away with it."""

    def _predict(self, my_task: Any, *_: Any, **__: Any) -> None:
        """Nothing is foreseen: children are made when the task completes."""

    def _run_hook(self, my_task: Token) -> Any:
        super()._run_hook(my_task)
        self.leave(my_task)
        return True

    def _update(self, my_task: Token) -> None:
        """A token comes, or is asked to look again. While a signal is handed out, one that comes by a flow stays on it:
        somebody else who catches the signal may take it away.
        """
        arriving = my_task.agenda.arriving
        if arriving is not None and my_task.flow is not None and my_task.state == TaskState.FUTURE:
            arriving.append(my_task)
        else:
            super()._update(my_task)

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
    at_once = True

    def leave(self, my_task: Token) -> None:
        for name in my_task._get_internal_data("entries"):
            child = my_task._add_child(self._wf_spec.task_specs[name], TaskState.FUTURE)
            child.begun = my_task._get_internal_data("begun")
            for other in child.task_spec.together if child.begun else ():
                my_task._add_child(self._wf_spec.task_specs[other], TaskState.FUTURE)


class Waiting(Node):
    """A node that waits for what sets it off; what has occurred is told by :func:`bpmn_tool.execution.events.occur`."""

    event_definition: Triggers

    def _update_hook(self, my_task: Token) -> Any:
        if my_task.begun:
            return True
        if my_task.state != TaskState.WAITING:
            self.event_definition.listen(my_task)
            my_task._set_state(TaskState.WAITING)
        return None

    def _on_ready_hook(self, my_task: Token) -> None:
        """What it takes away from others when it has occurred."""

    def _run_hook(self, my_task: Token) -> bool:
        self.leave(my_task)
        return True


class StartEvent(Node, defaults.StartEvent):
    """Its trigger has come when it gets its token."""


class EventSubProcessStart(Waiting, defaults.StartEvent):
    """Listens in the scope around its event sub-process; inside, its trigger has come (13.5.4)."""

    at_once = True
    around: str  # the task spec of the event sub-process
    interrupting = True

    def _update_hook(self, my_task: Token) -> Any:
        return super()._update_hook(my_task) if my_task.listener else True

    def _on_ready_hook(self, my_task: Token) -> None:
        """One that interrupts takes the place of all that its scope held, and of the others that listened."""
        if my_task.listener and self.interrupting:
            my_task.workflow.empty(but=my_task)
        elif my_task.listener and self.event_definition.goes_on(my_task):
            my_task.workflow.listen_to(self, after=my_task)

    def leave(self, my_task: Token) -> None:
        if not my_task.listener:
            super().leave(my_task)
            return
        inside = my_task._add_child(my_task.workflow.spec.task_specs[self.around], TaskState.FUTURE)
        inside.entries = (self.name,)

    def _on_complete_hook(self, my_task: Token) -> None:
        if not my_task.listener:
            super()._on_complete_hook(my_task)


class IntermediateCatchEvent(Waiting, defaults.IntermediateCatchEvent):
    """Waits for what sets it off; behind an event-based gateway, the first of all decides."""

    def _on_ready_hook(self, my_task: Token) -> None:
        won_race(my_task)


class IntermediateThrowEvent(Node, defaults.IntermediateThrowEvent):
    """Passes at once; the router sends. A link, thrown or caught, is one too."""


class EndEvent(Node, defaults.EndEvent):
    """Takes its token away; a terminate end event all others of its scope too."""

    terminates = False

    def _on_complete_hook(self, my_task: Token) -> None:
        super()._on_complete_hook(my_task)
        if self.terminates:
            my_task.workflow.terminate(my_task)


class BoundaryEvent(Waiting, defaults.BoundaryEvent):
    """Listens as a child of its activity; when it occurs it leaves it, and an interrupting one takes the activity's
    token away.
    """

    def _on_ready_hook(self, my_task: Token) -> None:
        host = my_task.parent
        my_task.move_to(host.parent)
        if self.cancel_activity:
            my_task.serves = host.serves
            host.cancel()
        elif self.event_definition.goes_on(my_task):
            host.task_spec.listen_to(host, self, after=my_task)

    def _on_complete_hook(self, my_task: Token) -> None:
        super()._on_complete_hook(my_task)
        if my_task.serves is not None:
            my_task.serves.task_spec.served(my_task.serves)
