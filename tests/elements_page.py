"""``python -m tests.elements_page`` writes docs/elements.md: what is done with each element of BPMN.

Each cell is asked of the code that does it, for a small model that holds the element in a place where the standard has
it (BPMN 2.0.2, chapter 10).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bpmn_tool.checks.soundness import Verdict, soundness
from bpmn_tool.checks.standard import breaks
from bpmn_tool.execution.refusals import refusals as not_executed
from bpmn_tool.layout.place import layout
from bpmn_tool.model.elements import (
    Artifact,
    CallActivity,
    Event,
    EventDefinition,
    EventKind,
    GatewayKind,
    Model,
    MultiInstance,
    NodeBase,
    Process,
    StandardLoop,
    SubProcessKind,
    TaskKind,
    TimerKind,
    TriggerKind,
)
from bpmn_tool.model.net_build import build
from bpmn_tool.reports.diagram import diagram_svg, gids
from bpmn_tool.simulation.compiled_tables import BEHAVIOURS
from bpmn_tool.simulation.not_simulated import refusals as not_simulated
from tests.elements_xml import is_read
from tests.execution.drawing import catch, draw, end, gateway, race, receive, start, sub, task, user

PAGE = Path(__file__).parent.parent / "docs" / "elements.md"

HEAD = """# Elements of BPMN, and what is done with each

Made by `python -m tests.elements_page` from the code itself, and held to it by a test: each cell is asked of the code
for a small model that holds the element where the standard has it.

- *Read*: the file of that model is read as what it says, attribute by attribute, without a remark.
- *Checked*: the [rules](rules/README.md) of the standard let it pass there.
- *Soundness*: it has token rules ([what they say](semantics.md)), and the [soundness](soundness.md) check comes to a
  verdict.
- *Run*: by `run` and `test`, on SpiffWorkflow.
- *Simulated*: with time and people, by `simulate`, `compare` and `study`.
- *Compiled*: by the compiled engine as well, where nothing else in the model and its scenario is beyond it
  ([performance.md](performance.md)).
- *Drawn*: `layout` gives it a place and `diagram` draws it, under its id.

What is refused is refused before the start, by name, place and reason. Every other element that has an id is read as
well, counted by `show` and compared by `diff`.

| element | read | checked | soundness | run | simulated | compiled | drawn |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    model: Model


def _event(kind: EventKind, *triggers: TriggerKind, **more: object) -> Event:
    definitions = tuple(
        EventDefinition(kind=each, timer=TimerKind.DURATION, text="PT1H")
        if each is TriggerKind.TIMER
        else EventDefinition(
            kind=each,
            text="x > 1" if each is TriggerKind.CONDITIONAL else "",
            name="there" if each is TriggerKind.LINK else "",
            ref="r" if each in _NAMED else None,
        )
        for each in triggers
    )
    return Event(id="n", container=str(more.pop("container", "P")), kind=kind, definitions=definitions, **more)  # type: ignore[arg-type]


_NAMED = (TriggerKind.SIGNAL, TriggerKind.ERROR, TriggerKind.ESCALATION)
_WORDS = {
    kind: kind.value.removesuffix("EventDefinition").replace("compensate", "compensation") for kind in TriggerKind
}
#: which triggers may stand where (Tables 10.84, 10.86 to 10.90)
_CATCHING = (TriggerKind.MESSAGE, TriggerKind.TIMER, TriggerKind.SIGNAL, TriggerKind.CONDITIONAL)
_AT_BORDER = (*_CATCHING, TriggerKind.ESCALATION)


def rows() -> Iterator[Row]:
    for kind in TaskKind:
        yield Row(kind.value, draw([start("s"), task("n", kind), end("e")], "s > n > e"))
    yield Row("receiveTask that begins a process", draw([receive("n", instantiate=True), end("e")], "n > e"))
    yield from _markers()
    yield from _scopes()
    yield from _gateways()
    yield from _events()


def _markers() -> Iterator[Row]:
    def marked(**more: object) -> Model:
        return draw([start("s"), user("n", **more), end("e")], "s > n > e")

    yield Row("standard loop", marked(loop=StandardLoop(condition="x > 1")))
    yield Row("multi-instance, in parallel", marked(loop=MultiInstance(cardinality="3")))
    yield Row("multi-instance, in sequence", marked(loop=MultiInstance(cardinality="3", is_sequential=True)))
    yield Row("start quantity above 1", marked(start_quantity=2))
    yield Row("completion quantity above 1", marked(completion_quantity=2))
    yield Row("compensation handler", _compensated(user("h")))


def _compensated(host: NodeBase, event_id: str = "b") -> Model:
    event = replace(_event(EventKind.BOUNDARY, TriggerKind.COMPENSATE, attached_to_ref="h"), id=event_id)
    handler = user("n" if event.id == "b" else "c", is_for_compensation=True)
    undo = end("e", trigger=TriggerKind.COMPENSATE)
    model = draw([start("s"), host, event, handler, undo], "s > h > e")
    link = Artifact(id="a", kind="association", source_ref=event.id, target_ref=handler.id)
    return replace(model, artifacts={"a": link})


def _scopes() -> Iterator[Row]:
    inside = [start("i", container="n"), user("j", container="n")]
    for kind in SubProcessKind:
        nodes = inside if kind is not SubProcessKind.AD_HOC else inside[1:]
        lines = ("i > j",) if kind is not SubProcessKind.AD_HOC else ()
        yield Row(kind.value, draw([start("s"), sub("n", kind=kind), *nodes], "s > n", *lines))
    around = [start("s"), user("a"), sub("n", triggered_by_event=True), user("j", container="n")]
    for words, interrupting in (("interrupting", True), ("not interrupting", False)):
        begin = replace(
            _event(EventKind.START, TriggerKind.MESSAGE, container="n", is_interrupting=interrupting), id="i"
        )
        yield Row(f"event sub-process, {words}", draw([*around, begin], "s > a", "i > j"))
    called = draw([start("s"), CallActivity(id="n", container="P", called_element="Q")], "s > n")
    inner = draw([start("t", container="Q"), user("u", container="Q")], "t > u")
    yield Row(
        "callActivity of a process that is there",
        replace(
            called,
            processes={"P": Process(id="P"), "Q": Process(id="Q")},
            flow_nodes={**called.flow_nodes, **inner.flow_nodes},
            sequence_flows={**called.sequence_flows, **inner.sequence_flows},
        ),
    )
    yield Row("callActivity of what is not there", called)


def _gateways() -> Iterator[Row]:
    for kind in GatewayKind:
        if kind is not GatewayKind.EVENT_BASED:
            nodes = [start("s"), gateway("n", kind), user("a"), user("b"), gateway("m", kind), end("e")]
            yield Row(kind.value, draw(nodes, "s > n > a > m > e", "n > b > m"))
    arms = [catch("c"), catch("d", after="PT1H")]
    yield Row(GatewayKind.EVENT_BASED.value, draw([start("s"), race("n"), *arms], "s > n > c", "n > d"))
    for words, more in (("", {}), (", parallel", {"event_gateway_type": "Parallel"})):
        opening = race("n", instantiate=True, **more)
        yield Row(
            f"eventBasedGateway that begins a process{words}",
            draw([opening, catch("c"), catch("d")], "n > c", "n > d"),
        )


def _events() -> Iterator[Row]:
    several = (TriggerKind.MESSAGE, TriggerKind.SIGNAL)
    for triggers in ((), *((each,) for each in _CATCHING), several):
        yield _row(EventKind.START, triggers)
    for triggers in (*((each,) for each in _CATCHING), (TriggerKind.LINK,), several):
        yield _row(EventKind.CATCH, triggers)
    yield _row(EventKind.CATCH, several, every=True)
    for triggers in (*((each,) for each in _AT_BORDER), (TriggerKind.ERROR,), several):
        yield _row(EventKind.BOUNDARY, triggers)
    for triggers in (*((each,) for each in _AT_BORDER), several):
        yield _row(EventKind.BOUNDARY, triggers, aside=True)
    cancelled = sub("h", kind=SubProcessKind.TRANSACTION)
    inside = [user("i", container="h"), replace(_event(EventKind.END, TriggerKind.CANCEL, container="h"), id="x")]
    event = _event(EventKind.BOUNDARY, TriggerKind.CANCEL, attached_to_ref="h")
    yield Row("boundaryEvent: cancel", draw([start("s"), cancelled, *inside, event, end("e")], "s > h > e", "i > x"))
    thrown = (TriggerKind.MESSAGE, TriggerKind.SIGNAL, TriggerKind.ESCALATION, TriggerKind.COMPENSATE)
    for triggers in ((), *((each,) for each in thrown), (TriggerKind.LINK,), several):
        yield _row(EventKind.THROW, triggers)
    for triggers in ((), *((each,) for each in (*thrown, TriggerKind.ERROR, TriggerKind.TERMINATE)), several):
        yield _row(EventKind.END, triggers)
    yield Row(
        "endEvent: cancel",
        draw([start("s"), sub("h", kind=SubProcessKind.TRANSACTION), user("i", container="h"),
              _event(EventKind.END, TriggerKind.CANCEL, container="h")], "s > h", "i > n"),
    )  # fmt: skip


def _row(kind: EventKind, triggers: tuple[TriggerKind, ...], *, every: bool = False, aside: bool = False) -> Row:
    words = " and ".join(_WORDS[each] for each in triggers) if every else " or ".join(_WORDS[each] for each in triggers)
    if len(triggers) > 1 and kind in (EventKind.THROW, EventKind.END):
        words = " and ".join(_WORDS[each] for each in triggers)
    name = f"{kind.value}: {words or 'none'}{', not interrupting' if aside else ''}"
    match kind:
        case EventKind.START:
            return Row(name, draw([_event(kind, *triggers), user("a")], "n > a"))
        case EventKind.BOUNDARY:
            event = _event(kind, *triggers, attached_to_ref="h", cancel_activity=not aside)
            return Row(name, draw([start("s"), user("h"), event, user("a")], "s > h", "n > a"))
        case EventKind.END:
            return Row(name, draw([start("s"), _event(kind, *triggers)], "s > n"))
        case _ if triggers == (TriggerKind.LINK,):
            other = EventKind.CATCH if kind is EventKind.THROW else EventKind.THROW
            partner = replace(_event(other, *triggers), id="m")
            first, second = ("n", "m") if kind is EventKind.THROW else ("m", "n")
            return Row(
                name, draw([start("s"), _event(kind, *triggers), partner, user("a")], f"s > {first}", f"{second} > a")
            )
        case _:
            event = _event(kind, *triggers, parallel_multiple=every)
            return Row(name, draw([start("s"), event, user("a")], "s > n > a"))


def page() -> str:
    return HEAD + "".join(f"| {row.name} | {' | '.join(_cells(row.model))} |\n" for row in rows())


def _cells(model: Model) -> tuple[str, ...]:
    yes_or_refused = (
        "n" in build(model).nodes and soundness(model).verdict in (Verdict.SOUND, Verdict.NOT_SOUND),
        not any(not_executed(model)),
        not any(not_simulated(model)),
    )
    read, checked, drawn = ("yes" if done else "no" for done in (is_read(model), not breaks(model), is_drawn(model)))
    compiled = "yes" if is_compiled(model) else "no"
    return (read, checked, *("yes" if done else "refused" for done in yes_or_refused), compiled, drawn)


def is_compiled(model: Model) -> bool:
    """Whether the compiled engine takes a node of this kind, without a loop, a border or a message."""
    net = build(model)
    node = net.nodes.get("n")
    return (
        node is not None
        and node.behaviour in BEHAVIOURS
        and node.loop is None
        and not (node.boundary or node.handler or node.compensable or node.triggers or node.sends or node.receives)
        and not net.listeners
        and node.needs == node.gives == 1
        and len(net.nodes) == len(model.flow_nodes)
    )


def is_drawn(model: Model) -> bool:
    """Whether it has a place, and stands in the drawing under its id."""
    return "n" in gids(diagram_svg(replace(model, diagrams=(layout(model),))))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
