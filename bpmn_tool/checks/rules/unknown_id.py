"""``unknown-id``: what the requirements of the register name is in one of the models."""

from collections.abc import Iterator
from difflib import get_close_matches

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.errors import Location
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Model
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    register = checked.register
    if register is None or not (register.required_before or register.goals):
        return
    steps = {id_ for model in checked.models for id_ in _steps(model)}
    data = {id_ for model in checked.models for id_ in model.data}
    processes = {id_ for model in checked.models for id_ in model.processes}
    for each in register.required_before:
        yield from _unknown(each.location, "before", each.before, steps)
        yield from _unknown(each.location, "before_reading", each.before_reading, data)
        yield from _unknown(each.location, "before_writing", each.before_writing, data)
        yield from _unknown(each.location, "needs", each.needs, steps)
        yield from _unknown(each.location, "unless", each.unless, steps)
        yield from _unknown(each.location, "within", each.within, processes)
    for goal in register.goals:
        yield from _unknown(goal.location, "from", goal.start, steps)
        yield from _unknown(goal.location, "to", goal.to, steps)


def _steps(model: Model) -> Iterator[str]:
    yield from (*model.flow_nodes, *model.sequence_flows, *model.message_flows)


def _unknown(table: Location, key: str, ids: tuple[str, ...], known: set[str]) -> Iterator[Violation]:
    messages = {
        "within": _("no process of the models that were checked is called '%(id)s'%(nearest)s"),
        "before_reading": _("no data of the models that were checked is called '%(id)s'%(nearest)s"),
    }
    messages["before_writing"] = messages["before_reading"]
    step = _("no step, event, gateway or flow of the models that were checked is called '%(id)s'%(nearest)s")
    for number, id_ in enumerate(ids):
        if id_ not in known:
            close = get_close_matches(id_, sorted(known), n=1, cutoff=0.6)
            nearest = _(" (did you mean '%(name)s'?)") % {"name": close[0]} if close else ""
            message = messages.get(key, step) % {"id": id_, "nearest": nearest}
            yield Violation(id_, message, location=Location(path=table.path, key=f"{table.key}.{key}[{number}]"))


RULE = Rule(
    name="unknown-id",
    severity=Severity.WARNING,
    why="A requirement that names a step which is nowhere drawn is kept by every model, and proves nothing.",
    whence="this project: [[required_before]] and [[goals]] of the register",
    find=find,
    once=True,
)
