"""``link-event``: each link leads from its throwing events to one catching event of its name, on the same level."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, TriggerKind
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    links: dict[tuple[str, str], list[Event]] = {}
    for node in model.flow_nodes.values():
        if isinstance(node, Event) and node.trigger is TriggerKind.LINK:
            yield from _flows(node)
            if name := link_name(node):
                links.setdefault((node.container, name), []).append(node)
            else:
                message = _("the link event %(name)s has no link name: give it that of its other end")
                yield Violation(node.id, message % {"name": quoted(node)})
    for (_container, name), events in links.items():
        yield from _pairs(name, events)


def link_name(event: Event) -> str:
    """What joins the two ends of a link."""
    return event.definitions[0].name.strip()


def _flows(event: Event) -> Iterator[Violation]:
    throws = event.kind is EventKind.THROW
    if throws and event.outgoing:
        message = _(
            "a flow leads from the link event %(name)s, which goes on at the other end of its link: take it out"
        )
        yield Violation(event.id, message % {"name": quoted(event)}, event.outgoing)
    elif event.kind is EventKind.CATCH and event.incoming:
        message = _("a flow leads to the link event %(name)s, which only its link begins: take it out")
        yield Violation(event.id, message % {"name": quoted(event)}, event.incoming)


def _pairs(link: str, events: list[Event]) -> Iterator[Violation]:
    throwing = [event for event in events if event.kind is EventKind.THROW]
    catching = [event for event in events if event.kind is EventKind.CATCH]
    if throwing and not catching:
        for event in throwing:
            message = _("no link event beside %(name)s catches the link '%(link)s': draw where it goes on")
            yield Violation(event.id, message % {"name": quoted(event), "link": link})
    if catching and not throwing:
        for event in catching:
            message = _("no link event beside %(name)s throws the link '%(link)s': draw where it comes from")
            yield Violation(event.id, message % {"name": quoted(event), "link": link})
    if len(catching) > 1:
        others = tuple(event.id for event in catching)
        message = _("%(count)s link events catch the link '%(link)s': one link has one target")
        for event in catching:
            yield Violation(event.id, message % {"count": len(catching), "link": link}, others)


RULE = Rule(
    name="link-event",
    severity=Severity.ERROR,
    why="A link is a sequence flow in two parts: with an end too few or too many it leads nowhere, or who knows where.",
    whence="bpmnlint; BPMN 2.0.2, 10.5.5 (link event definition) and 10.5.4",
    find=find,
)
