"""SpiffWorkflow's task specs with the semantics of the standard where its own differ (BPMN 2.0.2, chapter 13).

Each class derives from SpiffWorkflow's of the same name. What is replaced: prediction (children are made when a task
completes), joins (tokens are counted by sequence flow), boundary events (they listen as children of their activity),
event-based gateways, multi-instances and loops.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from bpmn_tool.errors import RunError
from bpmn_tool.execution.engine import Token
from bpmn_tool.execution.events import Terminate
from bpmn_tool.model.elements import FlowNode, MultiInstance, SequenceFlow, StandardLoop

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
        if isinstance(my_task.parent.task_spec, EventBasedGateway):
            my_task.parent.task_spec.decide(my_task.parent, my_task)


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


class Activity(Node):
    """What all activities share: boundary events listen from when it is enabled to its end."""

    boundary: Sequence[BoundaryEvent] = ()

    def _update_hook(self, my_task: Token) -> Any:
        if not my_task._get_internal_data("enabled") and not self.enable(my_task):
            return None
        return super()._update_hook(my_task)

    def enable(self, my_task: Token) -> bool:
        """Let its boundary events listen; False where one of them has already taken its token (a timer of no time at
        all).
        """
        my_task._set_internal_data(enabled=True)
        my_task.agenda.sink(my_task, "enabled")
        for event in self.boundary:
            self.listen_to(my_task, event)
            if my_task.gone:
                return False
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        super()._on_complete_hook(my_task)
        if my_task.instance is not None:
            my_task.parent.task_spec.completed_run(my_task.parent, my_task)

    def listen_to(self, my_task: Token, event: BoundaryEvent, after: Token | None = None) -> None:
        listener = my_task._add_child(event, TaskState.FUTURE)
        if after is not None:
            event.event_definition.follow(listener, after)
        event._update(listener)

    def leave(self, my_task: Token) -> None:
        for child in my_task.children:
            child.cancel()
        super().leave(my_task)


class HumanTask(Activity, defaults.UserTask):
    """A user, manual, abstract or business-rule task: ready until somebody completes it."""


class AutomaticTask(Activity, defaults.ServiceTask):
    """A service, script or send task: done at once. A script of the one safe language assigns; the router sends."""

    def _run_hook(self, my_task: Token) -> bool:
        my_task.agenda.sink(my_task, "script")
        return super()._run_hook(my_task)


class ReceiveTask(Activity, defaults.ReceiveTask):
    """Waits for its message."""

    def _on_ready_hook(self, my_task: Token) -> None:
        super()._on_ready_hook(my_task)
        if isinstance(my_task.parent.task_spec, EventBasedGateway):
            my_task.parent.task_spec.decide(my_task.parent, my_task)


class SubProcess(Activity, defaults.SubWorkflowTask):
    """An embedded sub-process: a scope of its own with the same data."""

    entries: tuple[str, ...] = ()

    def start_workflow(self, my_task: Token) -> None:
        my_task._set_state(TaskState.STARTED)
        inner = my_task.workflow.top_workflow.create_subprocess(my_task, self.spec)
        inner.completed_event.connect(self._on_subworkflow_completed, my_task)
        inner.begin(self.entries)

    def _update_hook(self, my_task: Token) -> Any:
        if my_task.workflow.top_workflow.get_subprocess(my_task) is None:
            super()._update_hook(my_task)
        return None

    def update_data(self, my_task: Token, subworkflow: Any) -> None:
        """There is one dictionary a case."""

    copy_data = update_data


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
        """Whether the rule of 13.3.3 holds now; called whenever a token of the scope has moved, since that may end it too."""
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
        """Whether a waiting token has been joined, and waits for a choice."""
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


class _Around(Activity, LoopTask):
    """The outside of an activity with a marker: its token stays here while the runs of `body` come and go below it."""

    body: Node
    is_step = False  # its runs are

    def _update_hook(self, my_task: Token) -> Any:
        if my_task._get_internal_data("enabled"):
            return False
        return self.enable(my_task) and self.begin(my_task)

    def begin(self, my_task: Token) -> bool:
        """Start the first runs; True where there is none to wait for."""
        raise NotImplementedError

    def completed_run(self, my_task: Token, run: Token) -> None:
        """A run is done: start the next, or be done."""
        raise NotImplementedError

    def begin_run(self, my_task: Token, number: int) -> None:
        child = my_task._add_child(self.body, TaskState.FUTURE)
        child.instance = number
        self.body._update(child)

    def runs(self, my_task: Token) -> list[Token]:
        return [child for child in my_task.children if child.task_spec is self.body]


class MultiInstanceActivity(_Around):
    """Several runs of its body, all at once or one after another (13.3.6)."""

    loop: MultiInstance

    def begin(self, my_task: Token) -> bool:
        count = my_task.workflow.script_engine.evaluate(my_task, COUNT + self.element.id)
        my_task._set_internal_data(count=count, done=0)
        if count == 0:
            return True
        my_task._set_state(TaskState.STARTED)
        for number in range(1 if self.loop.is_sequential else count):
            self.begin_run(my_task, number)
        return False

    def completed_run(self, my_task: Token, run: Token) -> None:
        count, done = my_task._get_internal_data("count"), my_task._get_internal_data("done") + 1
        my_task._set_internal_data(done=done)
        names = {
            "loopCounter": run.instance,
            "numberOfInstances": count,
            "numberOfCompletedInstances": done,
            "numberOfActiveInstances": len(self.runs(my_task)) - 1,
            "numberOfTerminatedInstances": 0,
        }
        if self.loop.completion_condition and self.holds(my_task, COMPLETION + self.element.id, names):
            for other in self.runs(my_task):
                if other is not run:
                    other.cancel()
            my_task._set_state(TaskState.READY)
        elif done == count:
            my_task._set_state(TaskState.READY)
        elif self.loop.is_sequential:
            self.begin_run(my_task, done)


class LoopActivity(_Around):
    """Runs of its body one after another, while its condition is true (13.3.6)."""

    loop: StandardLoop
    maximum: int | None = None

    def begin(self, my_task: Token) -> bool:
        my_task._set_internal_data(done=0)
        if self.loop.test_before and not self.again(my_task, 0):
            return True
        my_task._set_state(TaskState.STARTED)
        self.begin_run(my_task, 0)
        return False

    def completed_run(self, my_task: Token, run: Token) -> None:  # noqa: ARG002  multi-instances look at the run
        done = my_task._get_internal_data("done") + 1
        my_task._set_internal_data(done=done)
        if self.again(my_task, done):
            self.begin_run(my_task, done)
        else:
            my_task._set_state(TaskState.READY)

    def again(self, my_task: Token, done: int) -> bool:
        if not self.loop.condition and self.loop.maximum is None:
            return bool(done < my_task.workflow.script_engine.evaluate(my_task, COUNT + self.element.id))
        if self.loop.maximum is not None and done >= self.loop.maximum:
            return False
        return not self.loop.condition or self.holds(my_task, LOOP + self.element.id, {"loopCounter": done})
