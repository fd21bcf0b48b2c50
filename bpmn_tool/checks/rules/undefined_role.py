"""``undefined-role``: each piece of work has a role that somebody holds."""

from collections.abc import Iterator
from difflib import get_close_matches

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import human_work
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Model, Participant, Process, SubProcess, Task
from bpmn_tool.register import Register, identifier
from bpmn_tool.results.finding import Severity

Step = Task | SubProcess


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for process in model.processes.values():
        steps = [step for step in human_work(model) if model.process_of(step.id) == process.id]
        if steps and not _says_who(model, process, steps):
            message = _(
                "no step of %(name)s says who does it: draw a lane for each role, "
                "or give the steps their roles in the scenario"
            )
            witness = tuple(step.id for step in steps)
            yield Violation(process.id, message % {"name": quoted(process)}, witness, Severity.WARNING)
            continue
        for step in steps:
            yield from _of_step(model, checked.register, step)


def _says_who(model: Model, process: Process, steps: list[Step]) -> bool:
    """Whether anybody has drawn a lane, named the pool or a performer: otherwise it is not stated at all."""
    pool = model.participant_of(process.id)
    named = pool is not None and bool(pool.name.strip())
    return named or _has_lanes(model, process.id) or any(step.performers for step in steps)


def _has_lanes(model: Model, process: str | None) -> bool:
    return any(lane.process == process for lane in model.lanes.values())


def _of_step(model: Model, register: Register | None, step: Step) -> Iterator[Violation]:
    """By the order of the simulator: performers, else the lane, else the pool where that has no lanes."""
    if step.performers:
        sentence = _(
            "%(step)s names '%(name)s', who is no role of the register: "
            "add the role or an alias there, or name another%(nearest)s"
        )
        for performer in step.performers:
            yield from _held(register, step, performer, (), sentence)
    elif (lane := model.lane_of(step.id)) is not None:
        sentence = _(
            "%(step)s is in the lane '%(name)s', which is no role of the register: "
            "add the role or an alias there, or rename the lane%(nearest)s"
        )
        yield from _held(register, step, lane.label, (lane.id,), sentence)
    elif (pool := _pool_as_lane(model, step)) is not None:
        sentence = _(
            "%(step)s is in the pool '%(name)s', which has no lanes and is no role of the register: "
            "draw a lane for each role, or add the role or an alias there%(nearest)s"
        )
        yield from _held(register, step, pool.label, (pool.id,), sentence)
    else:
        message = _("%(step)s is in no lane: put it into the lane of the role that does it")
        yield Violation(step.id, message % {"step": quoted(step)})


def _pool_as_lane(model: Model, step: Step) -> Participant | None:
    pool = model.participant_of(step.id)
    named = pool is not None and pool.name.strip() and not _has_lanes(model, model.process_of(step.id))
    return pool if named else None


def _held(
    register: Register | None, step: Step, name: str, witness: tuple[str, ...], unknown: str
) -> Iterator[Violation]:
    """`unknown` is the sentence for a name that the register lacks. Without a register every name is a role."""
    if register is None:
        return
    role = register.role_of(name)
    if role is None:
        values = {"step": quoted(step), "name": name, "nearest": _nearest(name, register)}
        yield Violation(step.id, unknown % values, witness)
    elif role.undefined:
        message = _(
            "nobody does %(step)s yet: the register calls the role '%(name)s' undefined; "
            "decide who holds it, and on which ground"
        )
        yield Violation(step.id, message % {"step": quoted(step), "name": name}, witness, Severity.WARNING)


def _nearest(name: str, register: Register) -> str:
    called = {
        identifier(text): text for role in register.roles.values() for text in (*role.name.values(), *role.aliases)
    }
    close = get_close_matches(identifier(name), called, n=1, cutoff=0.7)
    return _(" (did you mean '%(name)s'?)") % {"name": called[close[0]]} if close else ""


RULE = Rule(
    name="undefined-role",
    severity=Severity.ERROR,
    why="Work that nobody is named for waits until somebody happens to do it; a run and a letter both need the name.",
    whence="docs/semantics.md, 7",
    find=find,
)
