"""``bpmn-tool replay``: the cases of a simulated trace, on SpiffWorkflow."""

from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bpmn_tool.cli.console import emit_json, progress, safe, say, table, wants_json
from bpmn_tool.errors import InputError, InterruptedRun, Problem
from bpmn_tool.messages import _, format_number, ngettext

if TYPE_CHECKING:
    from bpmn_tool.execution.replay_times import Misfit
    from bpmn_tool.interchange.trace_lines import TracedReplication
    from bpmn_tool.model.elements import Model

SHOWN = 20
"""Cases that do not fit, of which the terminal tells why; --json has all."""


@dataclass(slots=True)
class _Found:
    """What came of it until now. `missed` never came in by any door; `scenario_times`: events that the scenario timed,
    which are not held against the model.
    """

    replications: int = 0
    cases: int = 0
    missed: int = 0
    rows: int = 0
    seconds: float = 0.0
    misfits: list[tuple["TracedReplication", "Misfit"]] = field(default_factory=list)
    carried: set[str] = field(default_factory=set)
    scenario_times: set[str] = field(default_factory=set)
    times_known: bool = True


def command(
    trace: Annotated[
        Path, typer.Argument(help=_("A trace (.jsonl), or a log (.csv, .xes, .xes.gz)."), metavar="TRACE")
    ],
    model: Annotated[
        list[Path], typer.Option("--model", help=_("The BPMN file of the trace; may be repeated."), metavar="FILE")
    ],
) -> int:
    """Run every case of a simulated trace on SpiffWorkflow, with its choices, data and times, and say which fit."""
    from bpmn_tool.cli.log_replay import replay_log
    from bpmn_tool.interchange.bpmn_xml import read_model
    from bpmn_tool.interchange.log_cases import is_log

    if is_log(trace):
        return replay_log(trace, read_model(*model))
    if trace.suffix.lower() != ".jsonl":
        raise InputError(f"{trace}: a trace ends in .jsonl (simulate --trace FILE.jsonl), an event log in .csv or .xes")
    found = _Found()
    try:
        _replayed(trace, read_model(*model), found)
    except KeyboardInterrupt:
        _show(found)
        sentence = ngettext("%(count)s case was replayed.", "%(count)s cases were replayed.", found.cases)
        raise InterruptedRun(sentence % {"count": format_number(found.cases)}) from None
    if not found.cases:
        raise InputError(Problem(message=f"{trace}: no case arrives in this trace"))
    _show(found)
    return 1 if found.misfits else 0


def _replayed(trace: Path, model: "Model", found: _Found) -> None:
    from bpmn_tool.interchange.trace_lines import read_trace

    for replication in read_trace(trace):
        _replication(model, replication, found)


def _replication(model: "Model", replication: "TracedReplication", found: _Found) -> None:
    from bpmn_tool.execution.replay import model_for, replay
    from bpmn_tool.execution.replay_times import times
    from bpmn_tool.execution.replayable import replayable
    from bpmn_tool.results.trace import RowKind

    if problems := (*model_for(model, replication.cases), *_handed_tokens(model, replication)):
        raise InputError(problems)
    made = replayable(model, replication.cases)
    known = None
    if replication.line is not None and replication.timed is not None:
        known = times(model, replication.line, replication.timed)
        found.scenario_times |= replication.timed & made.timers
    else:
        found.times_known = False
    found.replications += 1
    found.carried |= made.carried
    text = _("Replaying %(number)s") % {"number": format_number(replication.number + 1)}
    began = perf_counter()
    with progress(len(replication.cases), text) as advance:
        for case, rows in replication.cases.items():
            if rows[0].kind is RowKind.MISSED:
                found.missed += 1
            else:
                if (misfit := replay(made, case, rows, known)) is not None:
                    found.misfits.append((replication, misfit))
                found.cases += 1
                found.rows += len(rows)
            advance()
    found.seconds += perf_counter() - began


def _handed_tokens(model: "Model", replication: "TracedReplication") -> list[Problem]:
    """Tokens that were under way on a sequence flow: the trace does not say when they arrived."""
    flows = sorted((replication.handed or frozenset()) & model.sequence_flows.keys())
    return [
        Problem(
            message=f"the scenario hands work over on the sequence flow '{flow}' ([handoffs]); when it arrives "
            "stands in no row of the trace, so that these cases cannot be replayed",
            location=model.sequence_flows[flow].location,
        )
        for flow in flows
    ]


def _show(found: _Found) -> None:
    speed = found.cases / found.seconds if found.seconds else None
    if wants_json():
        emit_json("replay", _as_json(found, speed))
        return
    rows = [
        (
            format_number(replication.number + 1),
            misfit.case,
            _at(replication, misfit.tick),
            misfit.element,
            misfit.message,
        )
        for replication, misfit in found.misfits[:SHOWN]
    ]
    if rows:
        headers = [_("Replication"), _("Case"), _("When"), _("Element"), _("First difference")]
        table(headers, rows, title=_("Cases that do not fit"), right=(0,))
    if len(found.misfits) > SHOWN:
        more = format_number(len(found.misfits) - SHOWN)
        say(_("%(more)s more do not fit; --json has all of them.") % {"more": more})
    if found.carried:
        sentence = _("Messages that came when the trace says (from outside, delayed or lost): %(flows)s")
        say(safe(sentence % {"flows": ", ".join(sorted(found.carried))}))
    if found.scenario_times:
        sentence = _("Timers of which the scenario says when, not the model: %(events)s")
        say(safe(sentence % {"events": ", ".join(sorted(found.scenario_times))}))
    if not found.times_known:
        say(_("The trace does not say when its tick 0 is, so that timers are not held against the model."))
    names = {"fit": format_number(found.cases - len(found.misfits)), "all": format_number(found.cases)}
    say(ngettext("%(fit)s of %(all)s case fits.", "%(fit)s of %(all)s cases fit.", found.cases) % names)
    if speed is not None:
        say(_("%(speed)s cases a second.") % {"speed": format_number(round(speed))})


def _as_json(found: _Found, speed: float | None) -> dict[str, Any]:
    return {
        "replications": found.replications,
        "cases": found.cases,
        "fit": found.cases - len(found.misfits),
        "missed": found.missed,
        "rows": found.rows,
        "cases_per_second": speed,
        "misfits": [
            {
                "replication": replication.number,
                "case": misfit.case,
                "at": _at(replication, misfit.tick) if replication.line is not None else None,
                "tick": misfit.tick,
                "element": misfit.element,
                "message": misfit.message,
            }
            for replication, misfit in found.misfits
        ],
        "carried": sorted(found.carried),
        "timed_by_scenario": sorted(found.scenario_times),
        "timers_checked": found.times_known,
    }


def _at(replication: "TracedReplication", tick: int) -> str:
    """Local time where the trace says what its tick 0 is, else the tick."""
    if replication.line is not None:
        try:
            return replication.line.iso(tick)
        except ValueError:
            pass
    return str(tick)
