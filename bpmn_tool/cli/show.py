"""``bpmn-tool show``: what a model holds."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bpmn_tool.cli.console import emit_json, safe, say, table, wants_json
from bpmn_tool.cli.words import words_of
from bpmn_tool.messages import _, format_number, ngettext

if TYPE_CHECKING:
    from bpmn_tool.model.elements import FlowNode, Model


def command(
    files: Annotated[list[Path], typer.Argument(help=_("BPMN files."), metavar="FILE...")],
) -> int:
    """Say what a model holds."""
    from bpmn_tool.interchange.bpmn_xml import read_each

    models = read_each(files)
    if wants_json():
        emit_json("show", {"models": [_summary(model) for model in models]})
    else:
        for model in models:
            _print(model)
    return 0


def _summary(model: "Model") -> dict[str, Any]:
    """One entry of `models` as docs/cli.md promises it."""
    from bpmn_tool.interchange.bpmn_vendors import vendors

    nodes: dict[str | None, Counter[str]] = {process: Counter() for process in model.processes}
    for node in model.flow_nodes.values():
        nodes.setdefault(model.process_of(node.id), Counter())[_kind(node)] += 1
    flows = Counter(model.process_of(flow) for flow in model.sequence_flows)
    lanes = Counter(lane.process for lane in model.lanes.values())
    roots = [source.definitions for source in model.sources if source.definitions is not None]
    return {
        "path": model.path,
        "exporter": " ".join(filter(None, (roots[0].attributes.get(n) for n in ("exporter", "exporterVersion")))),
        "processes": [
            {
                "id": process.id,
                "name": process.name,
                "flow_nodes": _by_name(nodes[process.id]),
                "sequence_flows": flows[process.id],
                "lanes": lanes[process.id],
            }
            for process in model.processes.values()
        ],
        "participants": [
            {"id": participant.id, "name": participant.name, "process": participant.process_ref}
            for participant in model.participants.values()
        ],
        "message_flows": len(model.message_flows),
        "event_definitions": _by_name(_triggers(model)),
        "loops": _by_name(_loops(model)),
        "data": _by_name(each.kind for each in model.data.values()),
        "artifacts": _by_name(each.kind for each in model.artifacts.values()),
        "root_elements": _by_name(each.kind for each in model.root_elements.values()),
        "others": _by_name(each.kind for each in model.others.values()),
        "vendors": _by_name(vendors(model)),
        "diagrams": [
            {"id": diagram.id, "plane": diagram.plane, "shapes": len(diagram.shapes), "edges": len(diagram.edges)}
            for diagram in model.diagrams
        ],
        "elements": sum(1 for _element in model.elements()),
        "without_id": len(model.generated),
        "remarks": len(model.remarks),
    }


def _by_name(counted: Iterable[str]) -> dict[str, int]:
    """Counts in order of the names."""
    return dict(sorted(Counter(counted).items()))


def _kind(node: "FlowNode") -> str:
    from bpmn_tool.model.elements import CallActivity

    return "callActivity" if isinstance(node, CallActivity) else node.kind.value


def _triggers(model: "Model") -> Iterable[str]:
    from bpmn_tool.model.elements import Event

    events = (node for node in model.flow_nodes.values() if isinstance(node, Event))
    return (definition.kind.value for event in events for definition in event.definitions)


def _loops(model: "Model") -> Iterable[str]:
    """The XML local names of the markers."""
    from bpmn_tool.model.elements import StandardLoop

    for node in model.flow_nodes.values():
        if (loop := getattr(node, "loop", None)) is not None:
            kind = "standard" if isinstance(loop, StandardLoop) else "multiInstance"
            yield f"{kind}LoopCharacteristics"


def _print(model: "Model") -> None:
    summary = _summary(model)
    pools = {participant.process_ref: participant for participant in model.participants.values()}
    rows = [
        (
            process["id"],
            process["name"] or (pools[process["id"]].label if process["id"] in pools else ""),
            _listed(process["flow_nodes"]),
            format_number(process["sequence_flows"]),
            format_number(process["lanes"]),
        )
        for process in summary["processes"]
    ]
    headers = [_("Process"), _("Name"), _("Flow nodes"), _("Sequence flows"), _("Lanes")]
    table(headers, rows, title=model.path, right=(3, 4))
    boxes = [participant.label for participant in model.participants.values() if participant.process_ref is None]
    if boxes:
        say(safe(_("Without a process of their own: %(names)s") % {"names": ", ".join(boxes)}))
    flows = len(model.message_flows)
    say(ngettext("%(count)s message flow", "%(count)s message flows", flows) % {"count": format_number(flows)})
    _print_others(summary)
    elements = summary["elements"]
    say(
        ngettext("%(count)s element in all", "%(count)s elements in all", elements) % {"count": format_number(elements)}
    )
    _print_faults(summary)


def _print_others(summary: Mapping[str, Any]) -> None:
    """What is no process: a line a group, and none where there is nothing."""
    for sentence, counts in (
        (_("Triggers of events: %(counts)s"), summary["event_definitions"]),
        (_("Repeated activities: %(counts)s"), summary["loops"]),
        (_("Data: %(counts)s"), summary["data"]),
        (_("Artifacts: %(counts)s"), summary["artifacts"]),
        (_("Shared definitions: %(counts)s"), summary["root_elements"]),
        (_("Other elements: %(counts)s"), summary["others"]),
    ):
        if counts:
            say(safe(sentence % {"counts": _listed(counts)}))
    if summary["vendors"]:
        say(_("Elements and attributes added by vendors, kept as they stand:"))
    nowhere = _("(in no namespace)")
    for namespace, count in summary["vendors"].items():
        say(safe(f"  {format_number(count)} {namespace or nowhere}"))
    for diagram in summary["diagrams"]:
        words = {"shapes": format_number(diagram["shapes"]), "edges": format_number(diagram["edges"])}
        say(_("Drawn: %(shapes)s shapes, %(edges)s lines") % words)
    if summary["exporter"]:
        say(safe(_("Written by %(exporter)s") % {"exporter": summary["exporter"]}))


def _print_faults(summary: Mapping[str, Any]) -> None:
    if missing := summary["without_id"]:
        sentence = ngettext(
            "%(count)s element has no id in the file; it goes by one made from its kind and neighbours",
            "%(count)s elements have no id in the file; they go by one made from their kind and neighbours",
            missing,
        )
        say(sentence % {"count": format_number(missing)})
    if remarks := summary["remarks"]:
        sentence = ngettext(
            "%(count)s thing is wrong with the file and did not keep it from being read; bpmn-tool check says what",
            "%(count)s things are wrong with the file and did not keep it from being read; bpmn-tool check says what",
            remarks,
        )
        say(sentence % {"count": format_number(remarks)})


def _listed(counts: Mapping[str, int]) -> str:
    """Counts by what people call the kinds; --json has the names of the XML."""
    return ", ".join(f"{format_number(count)} × {words_of(kind)}" for kind, count in counts.items())
