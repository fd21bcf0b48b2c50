"""``bpmn-tool partner status``: who agreed to what, what changed since, and the heads of the chains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from bpmn_tool.cli.console import emit_json, safe, say, table, wants_json
from bpmn_tool.cli.partner_desk import Desk, Paths, RegisterFile, desk_of, step_name
from bpmn_tool.cli.partner_words import change_lines, how_word, state_word
from bpmn_tool.comparison.agreement import Standing, State, gone
from bpmn_tool.errors import InputError, Problem
from bpmn_tool.messages import _, format_number, named, ngettext
from bpmn_tool.register.sign_offs import Chain, SignedStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One partner."""

    partner: str
    name: str
    chain: Chain
    standings: tuple[Standing, ...]
    gone: tuple[SignedStep, ...]


def command(
    paths: Paths,
    partner: Annotated[
        list[str] | None, typer.Option(metavar="PARTNER", help=_("Only this partner; repeatable."), show_default=False)
    ] = None,
    head: Annotated[
        str,
        typer.Option(metavar="HASH", help=_("A head that somebody noted: is it still in the chain of --partner?")),
    ] = "",
    register: RegisterFile = None,
) -> int:
    """Say who agreed to what, what changed since, and the head of each chain."""
    desk = desk_of(paths, register)
    whose = [desk.partner(each).id for each in partner or ()] or list(desk.partners())
    if head and len(whose) != 1:
        raise InputError(_("--head is the head of one partner: name it with --partner."))
    rows = _rows(desk, whose)
    since = rows[0].chain.lines_since(head.strip().lower()) if head else 0
    if wants_json():
        emit_json("partner-status", _document(desk, rows, head, since))
    else:
        _show(desk, rows)
        if head:
            _show_head(head, since)
        _show_names_left(desk)
    fine = since is not None and all(each.state is State.ACCEPTED for row in rows for each in row.standings)
    return 0 if fine else 1


def _show_names_left(desk: Desk) -> None:
    """A crash between a name and its line leaves one that nothing refers to."""
    known = {line.id for partner in desk.register.partners for line in desk.store.chain(partner).lines}
    for id_ in desk.store.names():
        if id_ not in known:
            sentence = _("%(path)s has a name that no answer refers to: %(id)s. Take it out.")
            say(safe(sentence % {"path": desk.store.people, "id": id_}))


def _rows(desk: Desk, whose: Sequence[str]) -> list[Row]:
    """Raises one InputError with the problems of all chains that are broken."""
    rows: list[Row] = []
    problems: list[Problem] = []
    for partner in whose:
        try:
            chain = desk.store.chain(partner)
            rows.append(
                Row(
                    partner=partner,
                    name=named(desk.register.partners[partner].name, partner),
                    chain=chain,
                    standings=desk.standings(partner),
                    gone=gone(desk.tasks(partner), chain, desk.models.keys()),
                )
            )
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return rows


# -- how it is said


def _document(desk: Desk, rows: Sequence[Row], head: str, since: int | None) -> Mapping[str, Any]:
    people = desk.store.names()
    counts = {state.value: sum(each.state is state for row in rows for each in row.standings) for state in State}
    document: dict[str, Any] = {
        "register": desk.register_path,
        "counts": counts,
        "partners": [
            {
                "partner": row.partner,
                "name": row.name,
                "head": row.chain.head or None,
                "lines": len(row.chain.lines),
                "steps": [_step(each, people) for each in row.standings],
                "gone": [{"step": each.step, "model": each.model, "verdict": each.verdict} for each in row.gone],
            }
            for row in rows
        ],
    }
    return {**document, **({"noted_head": {"head": head, "lines_since": since}} if head else {})}


def _step(each: Standing, people: Mapping[str, str]) -> Mapping[str, Any]:
    answer, said = each.answer, each.said
    return {
        "step": each.task.asked.id,
        "name": each.task.asked.element.label,
        "model": each.task.model,
        "part": each.task.asked.part,
        "hash": each.task.meaning.hash,
        "state": each.state,
        "verdict": said.verdict if said else None,
        "reason": said.reason if said else "",
        "date": answer.date if answer else None,
        "how": answer.how if answer else None,
        "by": people.get(answer.id) if answer else None,
        "changes": None if each.changes is None else {name: list(pair) for name, pair in each.changes.items()},
    }


def _show(desk: Desk, rows: Sequence[Row]) -> None:
    people = desk.store.names()
    for row in rows:
        cells = [
            (
                step_name(each.task.asked.element),
                each.task.model,
                state_word(each.state),
                _when(each, people),
                each.said.reason if each.said else "",
            )
            for each in row.standings
        ]
        table([_("Step"), _("Model"), _("Stands"), _("Answer"), _("Reason")], cells, title=row.name)
        for each in row.standings:
            if each.state is State.STALE:
                say(safe(_("%(step)s changed since:") % {"step": step_name(each.task.asked.element)}))
                for line in change_lines(each.changes):
                    say(safe(f"  {line}"))
        for step in row.gone:
            say(safe(_("No longer asked of it: %(step)s (%(model)s)") % {"step": step.step, "model": step.model}))
        _show_chain(row.chain)


def _show_chain(chain: Chain) -> None:
    if not chain.lines:
        say(_("Nothing signed yet."))
        return
    sentence = ngettext("%(count)s line; head: %(head)s", "%(count)s lines; head: %(head)s", len(chain.lines))
    say(safe(sentence % {"count": format_number(len(chain.lines)), "head": chain.head}))


def _when(each: Standing, people: Mapping[str, str]) -> str:
    if each.answer is None or each.answer.how is None:
        return ""
    parts = [each.answer.date[:10], how_word(each.answer.how), people.get(each.answer.id, "")]
    return ", ".join(filter(None, parts))


def _show_head(head: str, since: int | None) -> None:
    if since is None:
        say(
            safe(
                _(
                    "No line has the head %(head)s: since it was noted, the file was written anew or lost its end, or "
                    "it is another partner's or misread."
                )
                % {"head": head}
            )
        )
        return
    sentence = ngettext(
        "The head that was noted is in the chain; %(count)s line came since.",
        "The head that was noted is in the chain; %(count)s lines came since.",
        since,
    )
    say(sentence % {"count": format_number(since)})
