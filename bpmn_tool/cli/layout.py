"""``bpmn-tool layout``: a diagram for a file; the rest of its bytes stay."""

from pathlib import Path
from typing import Annotated

import typer

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.messages import _, format_number, ngettext


def command(
    file: Annotated[Path, typer.Argument(help=_("A BPMN file."), metavar="FILE")],
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Where to write; may be the same file."))],
    missing: Annotated[
        bool, typer.Option("--missing", help=_("Place only what has no place yet; all else stays where it is."))
    ] = False,
) -> int:
    """Place pools, lanes, nodes, flows and labels; writes only the diagram part of the file."""
    from bpmn_tool.interchange.bpmn_xml import read_bytes
    from bpmn_tool.interchange.di_splice import splice, splice_in
    from bpmn_tool.interchange.replace_file import replace_file
    from bpmn_tool.layout.additions import additions
    from bpmn_tool.layout.place import layout

    data = file.read_bytes()
    model = read_bytes(data, str(file))
    diagram = additions(model) if missing else layout(model)
    written = splice_in(data, diagram, str(file)) if missing else splice(data, diagram, str(file))
    replace_file(output, written)
    if wants_json():
        counts = {"shapes": len(diagram.shapes), "edges": len(diagram.edges), "without_id": len(model.generated)}
        emit_json("layout", {"path": str(output), **counts})
        return 0
    placed = len(diagram.shapes)
    sentence = ngettext("%(count)s element placed: %(path)s", "%(count)s elements placed: %(path)s", placed)
    say(safe(sentence % {"count": format_number(placed), "path": output}))
    if without := len(model.generated):
        sentence = ngettext(
            "%(count)s element has no id in the file, so that nothing can refer to it, a diagram neither",
            "%(count)s elements have no id in the file, so that nothing can refer to them, a diagram neither",
            without,
        )
        say(sentence % {"count": format_number(without)})
    return 0
