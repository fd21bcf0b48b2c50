"""``single-partner``: by whom alone what the register calls a goal can be reached."""

from collections.abc import Iterator
from dataclasses import replace

from bpmn_tool.checks.requirements import is_step
from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Model
from bpmn_tool.model.graph import directed, dominators, reachable
from bpmn_tool.model.paths import Paths, Point, paths_of
from bpmn_tool.register import Goal
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    register = checked.register
    if register is None or not register.goals:
        return
    paths = paths_of(checked.model)
    for goal in register.goals:
        yield from _of(checked.model, paths, goal)


def _of(model: Model, paths: Paths, goal: Goal) -> Iterator[Violation]:
    to = [each for each in goal.to if is_step(model, each)]
    start = frozenset(Point(each) for each in goal.start if is_step(model, each))
    if not to or (goal.start and not start):
        return
    paths = replace(paths, starts=paths.starts | start)
    name = {"goal": f"'{next(iter(goal.name.values()))}'"}
    if not _is_reached(paths, start, to, frozenset()):
        message = _("%(goal)s cannot be reached at all: no path leads there from where it should")
        yield Violation(to[0], message % name, severity=Severity.WARNING)
        return
    ends = {*goal.to, *goal.start}
    alone = [
        holder
        for holder, nodes in _work(model).items()
        if not _is_reached(paths, start, to, frozenset(_points(nodes - ends)))
    ]
    if alone:
        message = _(
            "%(goal)s can be reached only by way of %(names)s: no other path leads there if one of them drops out"
        )
        names = ", ".join(_label(model, each) for each in alone)
        yield Violation(to[0], message % {**name, "names": names}, _on_every_path(model, paths, start, to))


def _work(model: Model) -> dict[str, set[str]]:
    """The flow nodes of each pool and lane; of a lane that holds all of its pool, of the pool alone."""
    found: dict[str, set[str]] = {}
    for node in model.flow_nodes.values():
        pool, lane = model.participant_of(node.id), model.lane_of(node.id)
        for holder in (pool, lane):
            if holder is not None:
                found.setdefault(holder.id, set()).add(node.id)
    seen: list[set[str]] = []
    for holder_id in [*model.participants, *model.lanes]:
        nodes = found.get(holder_id, set())
        if nodes in seen:
            found.pop(holder_id, None)
        seen.append(nodes)
    return found


def _points(nodes: set[str]) -> Iterator[Point]:
    for node in nodes:
        yield from (Point(node), Point(node, done=True))


def _is_reached(paths: Paths, start: frozenset[Point], to: list[str], without: frozenset[Point]) -> bool:
    """Whether a token can come to the goal though those of `without` do nothing."""
    reached = paths.reached(without)
    if start:
        reached = reachable(directed(reached, paths.moves(reached)), [point for point in start if point in reached])
    return any(Point(each) in reached for each in to)


def _on_every_path(model: Model, paths: Paths, start: frozenset[Point], to: list[str]) -> tuple[str, ...]:
    """The steps through which all paths lead, where the goal is one step."""
    if len(to) > 1:
        return tuple(to)
    reached = paths.reached()
    found = dominators(directed(reached, paths.moves(reached)), (start or paths.starts) & reached, Point(to[0]))
    return tuple(dict.fromkeys(point.id for point in found if point.id in model.flow_nodes))


def _label(model: Model, element: str) -> str:
    found = model.get(element)
    return quoted(found) if found is not None else f"'{element}'"


RULE = Rule(
    name="single-partner",
    severity=Severity.INFO,
    why="Where every path to help leads through one partner, its absence or refusal is the end of the path.",
    whence="this project: [[goals]] of the register; cuts of a flow graph (Menger 1927)",
    find=find,
)
