"""``required-before``: what the register wants before a step is complete on every path to it."""

from collections.abc import Iterator

from bpmn_tool.checks.requirements import completions, targets
from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Model
from bpmn_tool.model.paths import Paths, Point, paths_of
from bpmn_tool.register import Register, RequiredBefore
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    register = checked.register
    if register is None or not register.required_before:
        return
    paths = paths_of(checked.model)
    for requirement in register.required_before:
        yield from _of(checked.model, register, paths, requirement)


def _of(model: Model, register: Register, paths: Paths, requirement: RequiredBefore) -> Iterator[Violation]:
    meant = targets(model, register, requirement)
    if not meant:
        return
    needed = completions(model, requirement.needs)
    reached = paths.reached(needed | {Point(each) for each in requirement.unless})
    broken = [each for each in meant if Point(each) in reached]
    if broken and not needed:
        yield _nothing_is_drawn(model, paths, requirement, broken, reached)
    else:
        for each in broken:
            yield _broken(model, paths, requirement, each, reached)
    if len(broken) < len(meant):
        ever = paths.reached()
        yield from (_nothing_leads_to(model, each) for each in meant if Point(each) not in ever)


def _broken(model: Model, paths: Paths, requirement: RequiredBefore, element: str, reached: set[Point]) -> Violation:
    message = _(
        "%(step)s can be reached before %(needs)s is complete, by %(path)s: lead that path through it, or say in the "
        "register what lets it off%(why)s"
    )
    witness = paths.around(Point(element), reached)
    values = {
        "step": _label(model, element),
        "needs": _listed(model, requirement.needs),
        "path": _steps(model, witness),
        "why": _why(requirement),
    }
    return Violation(element, message % values, witness, Severity(requirement.severity.value))


def _nothing_is_drawn(
    model: Model, paths: Paths, requirement: RequiredBefore, broken: list[str], reached: set[Point]
) -> Violation:
    """One finding, at the first of the steps, where the model has nothing of what is needed."""
    message = _(
        "%(needs)s is not drawn in this model, and has to be complete before %(steps)s: draw it, or name in the "
        "register what stands for it here%(why)s"
    )
    values = {
        "needs": _listed(model, requirement.needs),
        "steps": ", ".join(_label(model, each) for each in broken),
        "why": _why(requirement),
    }
    witness = paths.around(Point(broken[0]), reached)
    return Violation(broken[0], message % values, witness, Severity(requirement.severity.value))


def _nothing_leads_to(model: Model, element: str) -> Violation:
    message = _(
        "nothing leads to %(step)s from where the processes start, so that nothing is proved of what precedes it"
    )
    return Violation(element, message % {"step": _label(model, element)}, severity=Severity.WARNING)


def _label(model: Model, element: str) -> str:
    found = model.get(element)
    return quoted(found) if found is not None else f"'{element}'"


def _listed(model: Model, ids: tuple[str, ...]) -> str:
    listed = ", ".join(_label(model, each) for each in ids)
    return _("one of %(ids)s") % {"ids": listed} if len(ids) > 1 else listed


def _steps(model: Model, path: tuple[str, ...]) -> str:
    """The path by name, less the sequence flows: what they join stands there."""
    return " → ".join(_label(model, each) for each in path if each not in model.sequence_flows or len(path) == 1)


def _why(requirement: RequiredBefore) -> str:
    return f" ({requirement.why})" if requirement.why else ""


RULE = Rule(
    name="required-before",
    severity=Severity.ERROR,
    why="A gate that one path goes around is no gate: the step behind it has to be out of reach without it.",
    whence="this project: [[required_before]] of the register; dominance in a flow graph (Lengauer and Tarjan 1979)",
    find=find,
)
