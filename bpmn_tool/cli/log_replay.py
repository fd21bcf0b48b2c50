"""``bpmn-tool replay`` of an event log: which of its cases can be run on SpiffWorkflow, and where the others left."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bpmn_tool.cli.console import emit_json, progress, safe, say, table, wants_json
from bpmn_tool.errors import InputError, InterruptedRun
from bpmn_tool.messages import _, format_number, ngettext

if TYPE_CHECKING:
    from bpmn_tool.execution.log_replay import Left, Logged
    from bpmn_tool.interchange.log_cases import LoggedCase
    from bpmn_tool.model.elements import Model

SHOWN = 20
"""Cases that do not fit, of which the terminal tells why; --json has all."""


@dataclass(slots=True)
class _Found:
    """`unended`: cases whose order fits, where the model would go on behind the last step."""

    cases: int = 0
    unended: int = 0
    left: list["Left"] = field(default_factory=list)


def replay_log(log: Path, model: "Model") -> int:
    """Exit code 0 where every case fits, else 1. Raises InputError, InterruptedRun."""
    from bpmn_tool.execution.log_replay import Distances, fits
    from bpmn_tool.execution.replayable import replayable
    from bpmn_tool.interchange.log_cases import read_log

    cases = read_log(log)
    if not cases:
        raise InputError(f"{log}: there is no case in this log")
    made = replayable(model, {})
    distances = Distances(made.executable.model)
    named = _named(model)
    found = _Found()
    try:
        with progress(len(cases), _("Replaying")) as advance:
            for each in cases:
                left = fits(made, _logged(each, model, named), distances)
                if left is not None and left.step is not None:
                    found.left.append(left)
                found.unended += left is not None and left.step is None
                found.cases += 1
                advance()
    except KeyboardInterrupt:
        _show(found)
        sentence = ngettext("%(count)s case was replayed.", "%(count)s cases were replayed.", found.cases)
        raise InterruptedRun(sentence % {"count": format_number(found.cases)}) from None
    _show(found)
    return 1 if found.left else 0


def _named(model: "Model") -> Mapping[str, tuple[str, ...]]:
    """Name, in small letters and one line -> activities that are called so."""
    from bpmn_tool.model.elements import Task

    found: dict[str, list[str]] = defaultdict(list)
    for node in model.flow_nodes.values():
        if isinstance(node, Task):
            found[node.label.casefold()].append(node.id)
    return {name: tuple(ids) for name, ids in found.items()}


def _logged(case: "LoggedCase", model: "Model", named: Mapping[str, tuple[str, ...]]) -> "Logged":
    from bpmn_tool.execution.log_replay import Logged, Step

    steps = []
    for done in case.done:
        name = " ".join(done.name.split())
        meant = (done.activity,) if done.activity in model.flow_nodes else named.get(name.casefold(), ())
        steps.append(Step(activity=name or done.activity, at=done.at, meant=meant, line=done.line))
    return Logged(name=case.name, steps=tuple(steps), completed=not case.open)


def _message(left: "Left") -> str:
    if not left.decided:
        return _("not found in the time that a case has; it may fit")
    if left.step is not None and not left.step.meant:
        return _("the model has no such activity")
    if left.open:
        return _("cannot be done here; open is: %(names)s") % {"names": ", ".join(left.open)}
    return _("cannot be done here; nothing is open")


def _show(found: _Found) -> None:
    if wants_json():
        emit_json("replay", _as_json(found))
        return
    rows = [
        (left.case, left.step.at if left.step else "", left.step.activity if left.step else "", _message(left))
        for left in found.left[:SHOWN]
    ]
    if rows:
        headers = [_("Case"), _("When"), _("Step"), _("Where it left the model")]
        table(headers, rows, title=_("Cases that do not fit"))
    if len(found.left) > SHOWN:
        more = format_number(len(found.left) - SHOWN)
        say(_("%(more)s more do not fit; --json has all of them.") % {"more": more})
    names = {"fit": format_number(found.cases - len(found.left)), "all": format_number(found.cases)}
    say(ngettext("%(fit)s of %(all)s case fits.", "%(fit)s of %(all)s cases fit.", found.cases) % names)
    if found.unended:
        text = ngettext(
            "In %(count)s of them the model would go on behind the last step, as after a message that got lost.",
            "In %(count)s of them the model would go on behind the last step, as after a message that got lost.",
            found.unended,
        )
        say(safe(text % {"count": format_number(found.unended)}))
    undecided = sum(not left.decided for left in found.left)
    if undecided:
        text = ngettext("%(count)s case was not decided.", "%(count)s cases were not decided.", undecided)
        say(safe(text % {"count": format_number(undecided)}))


def _as_json(found: _Found) -> dict[str, Any]:
    return {
        "cases": found.cases,
        "fit": found.cases - len(found.left),
        "unended": found.unended,
        "undecided": sum(not left.decided for left in found.left),
        "misfits": [
            {
                "case": left.case,
                "step": left.number,
                "line": left.step.line if left.step else None,
                "at": left.step.at if left.step else None,
                "activity": left.step.activity if left.step else None,
                "open": list(left.open),
                "decided": left.decided,
                "message": _message(left),
            }
            for left in found.left
        ],
    }
