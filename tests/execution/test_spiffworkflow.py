"""What is relied on of SpiffWorkflow's inside, which no release promises: each a test, so that another version that
behaves in another way is noticed here and not in a case (docs/execution.md).
"""

import ast
import inspect
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec, defaults
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

import bpmn_tool.execution
from bpmn_tool.execution import nodes
from bpmn_tool.execution.build import executable
from bpmn_tool.execution.case import Case
from bpmn_tool.execution.engine import Token
from tests.execution.drawing import catch, draw, end, parallel, start, sub, user


class Told(defaults.NoneTask):
    """Tells of each hook that is called."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.told: list[str] = []
        self.result: bool | None = True

    def _predict(self, my_task: Any, *_: Any, **__: Any) -> None:
        pass

    def test(self) -> None:
        pass

    def _update_hook(self, my_task: Any) -> bool:
        self.told.append("update")
        return True

    def _on_ready_hook(self, my_task: Any) -> None:
        self.told.append("ready")

    def _run_hook(self, my_task: Any) -> bool | None:
        self.told.append("run")
        return self.result

    def _on_complete_hook(self, my_task: Any) -> None:
        self.told.append("complete")


class Workflow(BpmnWorkflow):
    def __init__(self, *arguments: Any, **more: Any) -> None:
        self.notified: list[Task] = []
        super().__init__(*arguments, **more)

    def _task_completed_notify(self, task: Task) -> None:
        self.notified.append(task)


def task_of(result: bool | None = True) -> tuple[Told, Task, Workflow]:
    spec = BpmnProcessSpec(name="P")
    told = Told(spec, "a")
    told.result = result
    workflow = Workflow(spec, {}, deserializing=True)
    return told, Task(workflow, told, None, TaskState.FUTURE), workflow


def test_the_version_is_one_that_was_looked_into() -> None:
    assert version("SpiffWorkflow").split(".")[:2] == ["3", "2"]


def test_a_workflow_made_as_if_read_back_has_no_tasks_of_its_own() -> None:
    _, task, workflow = task_of()
    assert list(workflow.tasks.values()) == [task]


def test_update_makes_ready_what_its_hook_says_is() -> None:
    told, task, _ = task_of()
    told._update(task)
    assert (told.told, task.state) == (["update", "ready"], TaskState.READY)


def test_run_completes_a_task_and_tells_its_workflow_last() -> None:
    told, task, workflow = task_of()
    task.run()
    assert (told.told, task.state, workflow.notified) == (["run", "complete"], TaskState.COMPLETED, [task])


def test_a_run_without_an_answer_leaves_a_task_started() -> None:
    told, task, workflow = task_of(None)
    task.run()
    assert (told.told, task.state, workflow.notified) == (["run"], TaskState.STARTED, [])


def test_a_completed_task_updates_its_children_in_order_before_its_workflow_is_told() -> None:
    told, task, workflow = task_of()
    for _ in range(2):
        Task(workflow, told, task, TaskState.FUTURE)
    task.run()
    assert told.told == ["run", "complete", "update", "ready", "update", "ready"]


def test_a_fault_in_a_run_is_raised_as_it_is() -> None:
    told, task, _ = task_of()
    told.result = None
    told.told = ()  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        task.run()
    assert task.state == TaskState.ERROR


def test_children_are_ids_in_the_tasks_of_the_workflow() -> None:
    told, task, workflow = task_of()
    child = Task(workflow, told, task, TaskState.FUTURE)
    assert (task._children, child._parent, task.children) == ([child.id], task.id, [child])


def test_only_the_work_of_people_is_manual() -> None:
    spec = BpmnProcessSpec(name="P")
    assert defaults.UserTask(spec, "u").manual
    assert not defaults.ServiceTask(spec, "v").manual
    assert not defaults.ReceiveTask(spec, "r", NoneEventDefinition()).manual
    assert not defaults.SubWorkflowTask(spec, "S", "S").manual


def test_every_node_is_of_a_class_of_ours_that_derives_from_one_of_spiffworkflows() -> None:
    model = draw([start("s"), parallel("p"), sub("S"), user("u", container="S"), catch("c")], "s > p > S", "p > c")
    specs = [spec for scope in executable(model).inner.values() for spec in scope.task_specs.values()]
    ours = [spec for spec in specs if spec.bpmn_id is not None]
    assert len(ours) == 5
    assert all(isinstance(spec, TaskSpec) and isinstance(spec, nodes.Node) for spec in ours)


def attributes() -> dict[tuple[str, str, str], Any]:
    """All attributes of all classes of SpiffWorkflow that are loaded."""
    return {
        (name, owner, attribute): value
        for name, module in list(sys.modules.items())
        if name.startswith("SpiffWorkflow")
        for owner, found in inspect.getmembers(module, inspect.isclass)
        for attribute, value in vars(found).items()
        if found.__module__.startswith("SpiffWorkflow")
    }


def test_nothing_of_spiffworkflow_is_patched_by_a_case() -> None:
    model = draw([start("s"), parallel("p"), sub("S"), user("u", container="S"), catch("c")], "s > p > S", "p > c")
    executable(model)
    before = attributes()
    case = Case(model)
    case.start()
    case.complete("u")
    case.message("c")
    assert case.completed
    assert {key: value for key, value in attributes().items() if key in before} == before


def test_no_module_of_ours_assigns_to_an_attribute_of_an_imported_name() -> None:
    """A patch of a class or module that was imported would be global to the process."""
    for file in Path(str(bpmn_tool.execution.__file__)).parent.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        imported = {
            alias.asname or alias.name.partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    assert target.value.id not in imported, f"{file.name}:{target.lineno}"


def test_a_token_keeps_neither_data_nor_a_line_in_the_log() -> None:
    case = Case(draw([start("s"), user("u"), end("e")], "s > u > e"), data={"x": 1})
    case.start()
    token = next(iter(case._agenda.open.values()))
    assert isinstance(token, Token)
    assert token.data is case._agenda.data


def test_what_is_done_is_not_kept() -> None:
    case = Case(draw([start("s"), user("u"), user("v")], "s > u > v", "v > u"))
    case.start()
    sizes = set()
    for _ in range(20):
        case.complete("u")
        case.complete("v")
        sizes.add(len(case._runtime.instances[0].tasks))
    assert sizes == {2}
