"""``check --require-signed``: a finding for each step that its partner has not accepted as it is."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bpmn_tool.cli.check_groups import Group
from bpmn_tool.cli.partner_desk import Desk, from_root
from bpmn_tool.comparison.agreement import Standing, State
from bpmn_tool.errors import InputError
from bpmn_tool.interchange.sign_off_store import store_of
from bpmn_tool.messages import _
from bpmn_tool.results.finding import Finding, Severity

RULES = {
    State.UNSIGNED: "not-signed",
    State.STALE: "signed-before-it-changed",
    State.CONTESTED: "contested",
    State.NOT_MINE: "contested",
}


def not_signed(groups: Sequence[Group]) -> list[Finding]:
    """Of all partners that the models ask anything of, in order of file and line. Raises InputError: there is no
    register, or a chain is broken.
    """
    found = [finding for group in groups for finding in _of_group(group)]
    return sorted(found, key=lambda each: (each.location.path, each.location.line or 0))


def _of_group(group: Group) -> Iterator[Finding]:
    if group.register is None or group.register_path is None:
        raise InputError(_("--require-signed needs a register of partners: --register FILE names one."))
    models = {from_root(Path(model.path)): model for model in group.models}
    desk = Desk(
        models=models,
        register=group.register,
        register_path=group.register_path,
        store=store_of(group.register_path),
    )
    for partner in desk.partners():
        for standing in desk.standings(partner):
            if standing.state is not State.ACCEPTED:
                element = standing.task.asked.element
                yield Finding(
                    rule=RULES[standing.state],
                    severity=Severity.ERROR,
                    message=_message(standing, partner),
                    element=element.id,
                    location=element.location,
                )


def _message(standing: Standing, partner: str) -> str:
    label = standing.task.asked.element.label
    reason = standing.said.reason if standing.said is not None else ""
    match standing.state:
        case State.STALE:
            changed = ", ".join(standing.changes or ()) or "what it was is not kept"
            return f"'{label}' changed since '{partner}' signed it ({changed}): ask again with `partner sheet`"
        case State.CONTESTED:
            return f"'{label}' is contested by '{partner}': {reason}"
        case State.NOT_MINE:
            return f"'{label}' is not its task, says '{partner}'{f': {reason}' if reason else ''}"
        case _:
            return f"'{label}' is not signed by '{partner}': ask with `partner sheet`"
