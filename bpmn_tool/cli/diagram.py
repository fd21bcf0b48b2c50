"""``bpmn-tool diagram``: a model drawn from its own layout, with what is known of it laid over."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.cli.overlaying import Heat, Laid
from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.messages import _

if TYPE_CHECKING:
    from bpmn_tool.model.elements import Model

_ENDINGS = (".svg", ".png", ".pdf")


def command(
    file: Annotated[Path, typer.Argument(help=_("A BPMN file."), show_default=False)],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help=_("Where to write; the ending says what: .svg, .png or .pdf."), show_default=False
        ),
    ],
    heat: Annotated[
        Heat | None,
        typer.Option(help=_("Colour steps by what --run found: how long work waits, how much there is, how often.")),
    ] = None,
    run: Annotated[
        Path | None, typer.Option(help=_("The folder that simulate --out wrote."), show_default=False)
    ] = None,
    findings: Annotated[bool, typer.Option("--findings", help=_("Mark what check finds."))] = False,
    witness: Annotated[
        str | None, typer.Option(metavar="RULE", help=_("Draw the way to the first trouble that this rule finds."))
    ] = None,
    profile: Annotated[
        str, typer.Option(metavar="NAME", help=_("With --findings and --witness: which set of rules."))
    ] = "",
    story: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("Draw the way of this recorded case."), show_default=False)
    ] = None,
    diff: Annotated[
        Path | None, typer.Option(metavar="OLD", help=_("Mark what changed since this file."), show_default=False)
    ] = None,
    diagram: Annotated[
        str | None,
        typer.Option(metavar="ID", help=_("Of several diagrams in the file, only this one."), show_default=False),
    ] = None,
) -> int:
    """Draw the diagram as SVG, PNG or PDF."""
    if output.suffix.lower() not in _ENDINGS:
        message = "cannot tell what kind of picture this is to be: end the name in .svg, .png or .pdf"
        raise InputError(Problem(message=message, location=Location(path=str(output))))
    if (heat is None) != (run is None):
        raise InputError("--heat and --run go together: what to show, and the folder that simulate --out wrote")
    if sum(map(bool, (heat, findings, witness is not None, story, diff))) > 1:
        raise InputError("one of --heat, --findings, --witness, --story and --diff at a time")
    from bpmn_tool.cli import overlaying
    from bpmn_tool.interchange.bpmn_xml import read_model
    from bpmn_tool.reports.diagram import has_diagram, write_diagram

    model = _one(read_model(file), diagram, file)
    if not has_diagram(model):
        message = f"the file holds no layout to draw; 'bpmn-tool layout {file} -o {file}' makes one"
        raise InputError(Problem(message=message, location=Location(path=str(file))))
    laid = Laid()
    if heat is not None and run is not None:
        laid = overlaying.heat(heat, run, model)
    elif findings:
        laid = overlaying.findings(file, model, profile)
    elif witness is not None:
        laid = overlaying.witness(file, model, witness, profile)
    elif story is not None:
        laid = overlaying.story(story, file, model)
    elif diff is not None:
        laid = overlaying.changes(diff, file, model)
    write_diagram(model, output, title=laid.title, heat=laid.heat, legend=laid.legend, overlay=laid.overlay)
    shapes, edges = (sum(map(len, group)) for group in zip(*((d.shapes, d.edges) for d in model.diagrams), strict=True))
    marked = len(laid.heat) + len(laid.overlay.tints if laid.overlay is not None else ())
    if wants_json():
        emit_json("diagram", {"path": output, "shapes": shapes, "edges": edges, "title": laid.title, "marked": marked})
        return 0
    if laid.title:
        say(safe(laid.title))
    words = {"path": safe(output), "shapes": shapes, "edges": edges}
    say(_("%(path)s: %(shapes)s shapes and %(edges)s lines drawn") % words)
    return 0


def _one(model: "Model", diagram: str | None, file: Path) -> "Model":
    """The model with one of its diagrams, where one is asked for, by its id, its name, or what it draws."""
    if diagram is None:
        return model
    found = tuple(each for each in model.diagrams if diagram in (each.id, each.name, each.plane))
    if not found:
        known = ", ".join(each.id or each.name for each in model.diagrams) or "none"
        raise InputError(
            Problem(message=f"has no diagram '{diagram}'; it has: {known}", location=Location(path=str(file)))
        )
    return replace(model, diagrams=found)
