"""Activities: tasks, sub-processes, and the markers around them (BPMN 2.0.2, 13.3)."""

from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from bpmn_tool.execution.engine import Done, Token
from bpmn_tool.execution.nodes import COMPLETION, COUNT, LOOP, BoundaryEvent, Node, Waiting, won_race
from bpmn_tool.model.elements import MultiInstance, StandardLoop


class Activity(Node):
    """What all activities share: boundary events listen from when it is enabled to its end; how many tokens begin it
    (13.3); what compensates it.
    """

    boundary: Sequence[BoundaryEvent] = ()
    needs = 1
    gives = 1
    handler: str | None = None  # the task spec of what compensates it
    inner_handler: str | None = None  # ... of the event sub-process inside that does

    def _update_hook(self, my_task: Token) -> Any:
        if my_task._get_internal_data("enabled"):
            return super()._update_hook(my_task)
        if self.needs > 1 and not self.gathered(my_task):
            return None
        if not self.enable(my_task):
            return None
        return super()._update_hook(my_task)

    def gathered(self, my_task: Token) -> bool:
        """Whether enough tokens are there, which begin it together."""
        there = [
            token
            for token in my_task.workflow.tasks.values()
            if token.task_spec is self and token.state == TaskState.FUTURE and token is not my_task
        ]
        if len(there) + 1 < self.needs:
            my_task.agenda.gathering[my_task.id] = my_task
            return False
        my_task.agenda.withdraw(my_task)
        for token in there[: self.needs - 1]:
            token.cancel()
        return True

    def enable(self, my_task: Token) -> bool:
        """Let its boundary events listen; False where one of them has already taken its token."""
        my_task._set_internal_data(enabled=True)
        my_task.agenda.sink(my_task, "enabled")
        for event in self.boundary:
            self.listen_to(my_task, event)
            if my_task.gone:
                return False
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        super()._on_complete_hook(my_task)
        if my_task.serves is None:
            self.remember(my_task)
        if my_task.instance is not None:
            my_task.parent.task_spec.completed_run(my_task.parent, my_task)
        elif my_task.serves is not None:
            my_task.serves.task_spec.served(my_task.serves)

    def remember(self, my_task: Token) -> None:
        """Record what can be compensated: by its own handler, by the event sub-process inside, else by what was done
        inside (13.5.5).
        """
        inner = my_task.workflow.top_workflow.subprocesses.get(my_task.id)
        inside = () if inner is None else tuple(inner.record)
        handler = None
        if self.handler is not None:
            handler, inside = my_task.workflow.spec.task_specs[self.handler], ()
        elif self.inner_handler is not None and inner is not None:
            handler = inner.spec.task_specs[self.inner_handler]
        if handler is None and not inside:
            return
        done = Done(activity=self.element.id, handler=handler, inside=inside)
        if my_task.instance is None:
            my_task.workflow.record.append(done)
        else:
            my_task.parent.runs.append((my_task.instance, done))

    def listen_to(self, my_task: Token, event: BoundaryEvent, after: Token | None = None) -> None:
        listener = my_task._add_child(event, TaskState.FUTURE)
        if after is not None:
            event.event_definition.follow(listener, after)
        event._update(listener)

    def leave(self, my_task: Token) -> None:
        for child in my_task.children:
            child.cancel()
        for flow in self.taken(my_task):
            for _ in range(self.gives):
                self.pass_on(my_task, flow)


class HumanTask(Activity, defaults.UserTask):
    """A user, manual, abstract or business-rule task: ready until somebody completes it."""


class AutomaticTask(Activity, defaults.ServiceTask):
    """A service, script or send task: done at once. A script of the one safe language assigns; the router sends."""

    def _run_hook(self, my_task: Token) -> Any:
        my_task.agenda.sink(my_task, "script")
        return super()._run_hook(my_task)


class ReceiveTask(Activity, Waiting, defaults.ReceiveTask):
    """Waits for its message; one that begins its process has it."""

    def _update_hook(self, my_task: Token) -> Any:
        return True if my_task.begun else super()._update_hook(my_task)

    def _on_ready_hook(self, my_task: Token) -> None:
        won_race(my_task)


class SubProcess(Activity, defaults.SubWorkflowTask):
    """An embedded or event sub-process, a transaction, or a called process: a scope of its own with the same data."""

    entries: tuple[str, ...] = ()
    by_event = False

    def start_workflow(self, my_task: Token) -> None:
        my_task._set_state(TaskState.STARTED)
        inner = my_task.workflow.top_workflow.create_subprocess(my_task, self.spec)
        inner.completed_event.connect(self._on_subworkflow_completed, my_task)
        inner.begin(self.entries if my_task.entries is None else my_task.entries)

    def _update_hook(self, my_task: Token) -> Any:
        if my_task.workflow.top_workflow.get_subprocess(my_task) is None:
            super()._update_hook(my_task)
        return None

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Token) -> None:  # noqa: ARG002
        """A scope without tokens is over before anything else happens."""
        my_task._state = TaskState.READY
        my_task.agenda.at_once.append(my_task)

    def update_data(self, my_task: Token, subworkflow: Any) -> None:
        """There is one dictionary a case."""

    copy_data = update_data


class AdHocSubProcess(SubProcess):
    """What is inside is taken up by people, any number of times and in any order (13.3.5); by its completion condition
    it is done, else when somebody says so.
    """

    sequential = False
    cancels_rest = True
    condition = ""  # the name of its completion condition, where it has one

    def start_workflow(self, my_task: Token) -> None:
        my_task.agenda.ad_hoc[my_task.id] = my_task
        super().start_workflow(my_task)

    def inner(self, my_task: Token) -> Any:
        return my_task.workflow.top_workflow.get_subprocess(my_task)

    def may_perform(self, my_task: Token) -> tuple[str, ...]:
        """What may be taken up now."""
        inner = self.inner(my_task)
        return () if inner.completed or (self.sequential and inner.held) else self.performs or ()

    def perform(self, my_task: Token, activity: str) -> None:
        inner = self.inner(my_task)
        token = Token(inner, inner.spec.task_specs[activity], inner.task_tree, TaskState.FUTURE)
        token.task_spec._update(token)

    def may_complete(self, my_task: Token) -> bool:
        """Whether somebody may say that it is done."""
        inner = self.inner(my_task)
        return not self.condition and not inner.completed and self.is_over(inner)

    def finish(self, my_task: Token) -> None:
        """It is done, and what is under way is left."""
        inner = self.inner(my_task)
        inner.empty()
        inner.end()

    def look(self, my_task: Token) -> None:
        """Whether its condition holds, each time that something inside is done."""
        inner = self.inner(my_task)
        if self.condition and self.is_over(inner) and self.is_done(my_task):
            self.finish(my_task)

    def is_over(self, inner: Any) -> bool:
        """Whether no activity is under way that it must not leave (13.3.5)."""
        cancels = self.cancels_rest and not self.sequential
        return cancels or not any(token._get_internal_data("enabled") for token in inner.live())

    def is_done(self, my_task: Token) -> bool:
        return bool(my_task.workflow.script_engine.evaluate(my_task, self.condition))


class _Around(Activity, LoopTask):
    """The outside of an activity with a marker: its token stays here while the runs of `body` come and go below it."""

    body: Node
    is_step = False  # its runs are
    at_once = True

    def _update_hook(self, my_task: Token) -> Any:
        if my_task._get_internal_data("enabled") or (self.needs > 1 and not self.gathered(my_task)):
            return False
        return self.enable(my_task) and self.begin(my_task)

    def remember(self, my_task: Token) -> None:
        """All its runs are done, and it can be compensated as a whole: before, it could not (10.5.1)."""
        my_task.workflow.record += (done for _, done in sorted(my_task.runs, key=lambda run: run[0]))

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
    """Several runs of its body, all at once or one after another (13.3)."""

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
        if self.loop.output_data_item in run.data:
            my_task.internal_data.setdefault("outcome", {})[run.instance] = run.data[self.loop.output_data_item]
        if self.loop.completion_condition and self.is_enough(my_task, run, done):
            for other in self.runs(my_task):
                if other is not run:
                    other.cancel()
            my_task._set_state(TaskState.READY)
        elif done == count:
            my_task._set_state(TaskState.READY)
        elif self.loop.is_sequential:
            self.begin_run(my_task, done)

    def is_enough(self, my_task: Token, run: Token, done: int) -> bool:
        """Whether its completion condition holds after this run; to count the others costs as much as there are."""
        names = {
            "loopCounter": run.instance,
            "numberOfInstances": my_task._get_internal_data("count"),
            "numberOfCompletedInstances": done,
            "numberOfActiveInstances": len(self.runs(my_task)) - 1,
            "numberOfTerminatedInstances": 0,
        }
        return self.holds(my_task, COMPLETION + self.element.id, names)

    def _on_complete_hook(self, my_task: Token) -> None:
        my_task.agenda.sink(my_task, "gathered")
        super()._on_complete_hook(my_task)


class LoopActivity(_Around):
    """Runs of its body one after another, while its condition is true (13.3)."""

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
