"""``bpmn-tool partner sheet``: one offline page on which a partner answers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.cli.partner_desk import Desk, Paths, RegisterFile, Whose, desk_of, from_root
from bpmn_tool.errors import InputError
from bpmn_tool.messages import N_, _, format_number, ngettext

if TYPE_CHECKING:
    from bpmn_tool.scenario.story import Story

_STORIES = N_("Stories, or folders with them; else those in the folder stories near the register. Repeatable.")


def command(
    partner: Whose,
    paths: Paths,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.html", help=_("Where to write the page."))],
    stories: Annotated[list[Path] | None, typer.Option(metavar="PATH", help=_(_STORIES), show_default=False)] = None,
    register: RegisterFile = None,
) -> int:
    """Write the page on which a partner answers."""
    from bpmn_tool.interchange.replace_file import replace_file
    from bpmn_tool.reports.partner_sheet import sheet

    if output.suffix.lower() != ".html":
        raise InputError(f"{output}: end the name in .html; that is what is written")
    desk = desk_of(paths, register)
    who = desk.partner(partner)
    tasks = desk.tasks(who.id)
    if not tasks:
        raise InputError(_("Nothing is asked of %(partner)s in these models.") % {"partner": who.id})
    told = _stories(desk, stories)
    replace_file(output, sheet(tasks, desk.models, desk.register, who.id, told).encode())
    if wants_json():
        emit_json(
            "partner-sheet",
            {"path": output, "partner": who.id, "steps": [task.asked.id for task in tasks], "stories": len(told)},
        )
        return 0
    sentence = ngettext("Wrote %(path)s: %(count)s step.", "Wrote %(path)s: %(count)s steps.", len(tasks))
    say(safe(sentence % {"path": output, "count": format_number(len(tasks))}))
    say(_("Send it as it is; what comes back as answer.json goes to `bpmn-tool partner collect`."))
    return 0


def _stories(desk: Desk, given: list[Path] | None) -> "list[tuple[str, Story]]":
    """The stories with the file of their model, in order of their files."""
    from bpmn_tool.interchange.study_toml import read_story, story_files

    near = Path(desk.register_path).parent / "stories"
    places = given or ([near] if near.is_dir() else [])
    found = []
    for file in story_files(tuple(places)):
        story = read_story(file)
        found += [(from_root(model), story) for model in story.model]
    return [(file, story) for file, story in found if file in desk.models]
