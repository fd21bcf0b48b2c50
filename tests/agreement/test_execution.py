"""Cases on SpiffWorkflow against the token rules that simulation and soundness use, over random models.

Each firing of a case has to be possible in the token game, and where a case can do nothing more, the token game can do
nothing more either. Execution knows nothing of these rules, so that agreement is evidence for both.
"""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpmn_tool.errors import RunError
from bpmn_tool.execution.case import Case
from bpmn_tool.model import tokens
from bpmn_tool.model.elements import GatewayKind, Model, NodeBase, TaskKind, TriggerKind
from bpmn_tool.model.net_build import build
from bpmn_tool.model.tokens import StepKind
from tests.execution.drawing import draw, end, gateway, start, task

FIRINGS = 120
ACTS = 25


class Logged(Case):
    """A case that keeps what its specs tell: activities enabled, and nodes completed with the flows that they took."""

    def __init__(self, model: Model) -> None:
        self.log: list[tuple[str, str, tuple[str, ...]]] = []
        self._flows_since: list[str] = []
        super().__init__(model, firings=FIRINGS)
        self._told = self._agenda.sink
        self._agenda.sink = self._note

    def _note(self, token: Any, what: str) -> None:
        self._told(token, what)
        element = token.task_spec.element.id
        match what:
            case "flow":
                self._flows_since.append(token.flow)
            case "enabled":
                self.log.append((what, element, ()))
            case "completed":
                self.log.append((what, element, tuple(self._flows_since)))
                self._flows_since = []


KINDS = st.sampled_from(
    ["task", "user", "exclusive", "parallel", "inclusive", "parallel", "exclusive", "inclusive", "stop"]
)


@st.composite
def models(draws: st.DrawFn) -> Model:
    """Unstructured models: a tree from the start, and any further flows, loops included."""
    kinds = draws(st.lists(KINDS, min_size=2, max_size=9))
    names = ["s", *(f"n{i}" for i in range(len(kinds)))]
    lines = [f"{names[draws(st.integers(0, i))]} > {names[i + 1]}" for i in range(len(kinds))]
    ends = st.integers(1, len(kinds))
    lines += [f"{names[source]} > {names[to]}" for source, to in draws(st.lists(st.tuples(ends, ends), max_size=6))]
    stops = {f"n{i}" for i, kind in enumerate(kinds) if kind == "stop"}
    lines = [line for line in lines if line.partition(" ")[0] not in stops]
    nodes: list[NodeBase] = [start("s"), *(node(f"n{i}", kind) for i, kind in enumerate(kinds))]
    reached = {"s"}
    for line in sorted(lines, key=lambda line: int(line.rpartition("n")[2])):
        source, _, to = line.partition(" > ")
        if source in reached:
            reached.add(to)
    # nodes behind a terminate end event would begin by themselves; what the tree no longer reaches is left out
    kept = [each for each in nodes if each.id in reached]
    lines = [line for line in lines if set(line.split(" > ")) <= reached]
    loose = [each.id for each in kept if each.id not in {line.partition(" ")[0] for line in lines} | stops]
    return draw([*kept, end("e")], *lines, *(f"{id} > e" for id in loose))


def node(id: str, kind: str) -> NodeBase:
    match kind:
        case "task":
            return task(id, TaskKind.SERVICE)
        case "user":
            return task(id, TaskKind.USER)
        case "stop":
            return end(id, trigger=TriggerKind.TERMINATE)
        case _:
            return gateway(id, GatewayKind(f"{kind}Gateway"))


def go_on(case: Case, choices: st.DataObject) -> None:
    """Do and choose anything that may be done, until nothing may or enough was done."""
    for _ in range(ACTS):
        acts: list[tuple[Any, tuple[Any, ...]]] = [(case.complete, (work.activity,)) for work in case.work()]
        for decision in case.decisions():
            acts += [(case.choose, (flow,)) for flow in decision.flows]
            if case.model.flow_nodes[decision.gateway].kind is GatewayKind.INCLUSIVE:  # type: ignore[union-attr]
                acts.append((case.choose, decision.flows))
        if not acts:
            return
        act, arguments = choices.draw(st.sampled_from(acts))
        act(*arguments)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(models(), st.data())
def test_every_firing_is_one_of_the_token_game_and_none_is_left_out(model: Model, choices: st.DataObject) -> None:
    case = Logged(model)
    over = False
    try:
        case.start("s")
        go_on(case, choices)
        over = not case.work() and not case.decisions()
    except RunError:  # a loop in no time, or no end to it
        pass
    marking = replayed(model, case)
    if over:
        assert case.completed == (not any(key[0] == "t" for key in marking))
        assert list(tokens.steps(build(model), marking)) == []


def replayed(model: Model, case: Logged) -> tokens.Marking:
    """The marking after all that the case did; fails at the first firing that is not possible."""
    net = build(model)
    marking, _ = tokens.fire(net, tokens.EMPTY, tokens.Step(StepKind.BEGIN, (), "s"))
    for what, element, flows in case.log:
        kind = StepKind.COMPLETE if what == "completed" and isinstance_of_task(model, element) else StepKind.PASS
        possible = [
            step
            for step in tokens.steps(net, marking)
            if (step.node, step.kind) == (element, kind) and sorted(step.flows) == sorted(flows)
        ]
        assert possible, f"{what} {element} {flows} is not possible at {dict(marking)}"
        marking, _ = tokens.fire(net, marking, possible[0])
    return marking


def isinstance_of_task(model: Model, element: str) -> bool:
    return type(model.flow_nodes[element]).__name__ == "Task"
