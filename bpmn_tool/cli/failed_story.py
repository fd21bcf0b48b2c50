"""A story that failed: expected, happened, and the path with the first difference marked; for terminal and JUnit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bpmn_tool.cli.console import plain, safe, say
from bpmn_tool.messages import _, format_number

if TYPE_CHECKING:
    from bpmn_tool.execution.told import PathLine, Told
    from bpmn_tool.results.execution import StoryResult

AROUND: Final = 12
"""Lines before the difference; half as many behind."""

_SIGNS: Final = {"": " ", "expected": "+", "different": ">", "missing": "!"}


def show(path: str, result: "StoryResult", told: "Told") -> None:
    """Where it is, what was expected, what happened, and the path."""
    say()
    say(safe(f"{path}: {result.location.key}: {result.message}"))
    for line in as_text(told):
        say(marked(line))


def as_text(told: "Told") -> Iterator[str]:
    """The lines, the first difference with an arrow before it."""
    from bpmn_tool.execution.told import Mark, shortened

    yield "  " + _("Expected: %(what)s") % {"what": told.expected}
    yield "  " + _("Happened: %(what)s") % {"what": told.happened}
    before, lines, behind = shortened(told.path, AROUND)
    if before:
        yield "      " + _("… %(count)s before") % {"count": format_number(before)}
    for line in lines:
        yield plain(f"  {_SIGNS[line.mark.value]}  {_said(line)}")
    if behind:
        yield "      " + _("… %(count)s behind") % {"count": format_number(behind)}
    if any(line.mark is Mark.EXPECTED for line in lines):
        yield "  " + _("(+ the story names it; > here it is otherwise; ! here this is missing)")


def _said(line: "PathLine") -> str:
    name = line.element if line.name == line.element or not line.name else f"{line.name} ({line.element})"
    if line.at is None:
        return _("%(name)s: does not happen") % {"name": name}
    when = line.at.strftime("%Y-%m-%d %H:%M")
    return f"{when}  {name}" + (f", {line.role}" if line.role else "")


def marked(line: str) -> str:
    """The line of the difference stands out where the terminal can show it."""
    return f"[bold]{safe(line)}[/bold]" if line.startswith(("  >", "  !")) else safe(line)
