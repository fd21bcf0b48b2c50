"""A case by hand, for tests: ``played(model, "u", "h")`` completes activities and lets events occur, word by word."""

from typing import Any

from bpmn_tool.execution.case import Case
from bpmn_tool.model.elements import Model


def begun(model: Model, start: str = "s", **data: Any) -> Case:
    case = Case(model, data=data)
    case.start(start)
    return case


def on(case: Case, *words: str) -> str:
    """``u`` completes an activity, chooses a flow or lets an event occur; ``u!x=1`` sets data; ``P…`` waits."""
    for word in words:
        what, _, setting = word.partition("!")
        name, _, value = setting.partition("=")
        data = {name: int(value)} if setting else {}
        if what in {work.activity for work in case.work()}:
            case.complete(what, data)
        elif what in case.model.sequence_flows:
            case.choose(what, data=data)
        elif what.startswith("P"):
            case.wait(what)
        else:
            assert case.message(what, data), f"nobody takes {what}"
    return path(case)


def played(model: Model, *words: str, start: str = "s", **data: Any) -> str:
    return on(begun(model, start, **data), *words)


def path(case: Case) -> str:
    """What completed, in order; ``…`` where something is still under way."""
    done = " ".join(step.element for step in case.trace().steps if step.kind != "messageFlow")
    return done if case.completed else f"{done} …"
