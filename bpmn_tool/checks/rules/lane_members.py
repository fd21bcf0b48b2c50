"""``lane-members``: a lane holds steps of its own process, and each step stands in one lane."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Lane, Model
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    several_sets = _several_sets(model)
    lanes_of: dict[str, list[Lane]] = {}
    for lane in model.lanes.values():
        for ref in lane.flow_node_refs:
            node = model.flow_nodes.get(ref)
            if node is None:
                continue
            if lane.process and model.process_of(ref) != lane.process:
                message = _("the lane %(lane)s lists %(name)s, which belongs to another process")
                yield Violation(lane.id, message % {"lane": quoted(lane), "name": quoted(node)}, (ref,))
            else:
                lanes_of.setdefault(ref, []).append(lane)
    for ref, lanes in lanes_of.items():
        clash = _clash(model, lanes, several_sets)
        if clash is not None:
            node, (one, other) = model.flow_nodes[ref], clash
            message = _("%(name)s stands in the lane %(one)s and in the lane %(other)s: leave it in one of them")
            values = {"name": quoted(node), "one": quoted(one), "other": quoted(other)}
            yield Violation(ref, message % values, (one.id, other.id))


def _clash(model: Model, lanes: list[Lane], several_sets: frozenset[str]) -> tuple[Lane, Lane] | None:
    """Two lanes of one partition, neither of which stands in the other."""
    for number, one in enumerate(lanes):
        for other in lanes[number + 1 :]:
            above_one, above_other = _upwards(model, one), _upwards(model, other)
            if one.id in above_other or other.id in above_one:
                continue
            if above_one[-1] == above_other[-1] or one.process not in several_sets:
                return one, other
    return None


def _upwards(model: Model, lane: Lane) -> list[str]:
    """Ids of the lane and of those around it, the outermost last."""
    found = [lane.id]
    while lane.parent is not None:
        lane = model.lanes[lane.parent]
        found.append(lane.id)
    return found


def _several_sets(model: Model) -> frozenset[str]:
    """Processes that are divided in several ways: their lane sets may name a step each."""
    holders = [other.parent for other in model.others.values() if other.kind == "laneSet"]
    return frozenset(holder for holder in holders if holders.count(holder) > 1)


RULE = Rule(
    name="lane-members",
    severity=Severity.ERROR,
    why="The lane says who does a step. Two lanes for one step say two things, and a lane of another process none.",
    whence="BPMN 2.0.2, 10.8 (lanes): a lane set partitions the flow nodes of its process",
    find=find,
)
