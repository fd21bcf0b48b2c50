"""``bpmn-tool show``: what a model holds."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bpmn_tool.cli.console import emit_json, safe, say, table, wants_json
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
    return {
        "path": model.path,
        "processes": [
            {
                "id": process.id,
                "name": process.name,
                "flow_nodes": dict(_node_counts(model, process.id)),
                "sequence_flows": sum(model.process_of(flow) == process.id for flow in model.sequence_flows),
                "lanes": sum(lane.process == process.id for lane in model.lanes.values()),
            }
            for process in model.processes.values()
        ],
        "participants": [
            {"id": participant.id, "name": participant.name, "process": participant.process_ref}
            for participant in model.participants.values()
        ],
        "message_flows": len(model.message_flows),
        "elements": sum(1 for _element in model.elements()),
    }


def _node_counts(model: "Model", process: str) -> Counter[str]:
    """Flow nodes of the process and its sub-processes by XML local name, in order of the names."""
    found = Counter(_kind(node) for node in model.flow_nodes.values() if model.process_of(node.id) == process)
    return Counter(dict(sorted(found.items())))


def _kind(node: "FlowNode") -> str:
    from bpmn_tool.model.elements import CallActivity

    return "callActivity" if isinstance(node, CallActivity) else node.kind.value


def _print(model: "Model") -> None:
    summary = _summary(model)
    pools = {participant.process_ref: participant for participant in model.participants.values()}
    rows = [
        (
            process["id"],
            process["name"] or (pools[process["id"]].label if process["id"] in pools else ""),
            ", ".join(f"{count} {kind}" for kind, count in process["flow_nodes"].items()),
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
    elements = summary["elements"]
    say(
        ngettext("%(count)s element in all", "%(count)s elements in all", elements) % {"count": format_number(elements)}
    )
    if missing := len(model.generated):
        sentence = ngettext(
            "%(count)s element has no id in the file; it goes by one made from its kind and neighbours",
            "%(count)s elements have no id in the file; they go by one made from their kind and neighbours",
            missing,
        )
        say(sentence % {"count": format_number(missing)})
