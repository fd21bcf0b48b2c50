"""``bpmn-tool diagram``: a model drawn from its own layout."""

from pathlib import Path
from typing import Annotated

import typer

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.messages import _

_ENDINGS = (".svg", ".png", ".pdf")


def command(
    file: Annotated[Path, typer.Argument(help=_("A BPMN file."), show_default=False)],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help=_("Where to write; the ending says what: .svg, .png or .pdf."), show_default=False
        ),
    ],
) -> int:
    """Draw the diagram as SVG, PNG or PDF."""
    if output.suffix.lower() not in _ENDINGS:
        message = "cannot tell what kind of picture this is to be: end the name in .svg, .png or .pdf"
        raise InputError(Problem(message=message, location=Location(path=str(output))))
    from bpmn_tool.interchange.bpmn_xml import read_model
    from bpmn_tool.reports.diagram import has_diagram, write_diagram

    model = read_model(file)
    if not has_diagram(model):
        message = f"the file holds no layout to draw; 'bpmn-tool layout {file} -o {file}' makes one"
        raise InputError(Problem(message=message, location=Location(path=str(file))))
    write_diagram(model, output)
    shapes, edges = (sum(map(len, group)) for group in zip(*((d.shapes, d.edges) for d in model.diagrams), strict=True))
    if wants_json():
        emit_json("diagram", {"path": output, "shapes": shapes, "edges": edges})
    else:
        say(
            _("%(path)s: %(shapes)s shapes and %(edges)s lines drawn")
            % {"path": safe(output), "shapes": shapes, "edges": edges}
        )
    return 0
