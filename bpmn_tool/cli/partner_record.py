"""An answer becomes a line: checked against the steps as they are now, then written."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.cli.partner_desk import Desk, file_hash, step_name
from bpmn_tool.cli.partner_words import verdict_word
from bpmn_tool.comparison.agreement import Task
from bpmn_tool.messages import _, format_number, named, ngettext
from bpmn_tool.register.sign_offs import Chain, How, SignedStep, SignOff, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One verdict on one step as it is now."""

    task: Task
    verdict: Verdict
    reason: str = ""


def record(
    desk: Desk, partner: str, said: Sequence[Said], how: How, name: str = "", id_: str = ""
) -> tuple[SignOff, Chain]:
    """Writes one line with all of it. Raises InputError where the chain is broken."""
    files = {each.task.model: file_hash(desk.models[each.task.model]) for each in said}
    entry = SignOff(
        partner=partner,
        id=id_ or secrets.token_hex(16),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        how=how,
        steps=tuple(
            SignedStep(
                step=each.task.asked.id,
                model=each.task.model,
                hash=each.task.meaning.hash,
                verdict=each.verdict,
                reason=each.reason,
            )
            for each in said
        ),
        models=files,
    )
    return entry, desk.store.append(entry, [each.task.meaning for each in said], name)


def recorded(entry: SignOff, chain: Chain) -> Mapping[str, object]:
    """What JSON says of a line that was written."""
    return {
        "partner": entry.partner,
        "id": entry.id,
        "steps": [{"step": s.step, "model": s.model, "verdict": s.verdict, "reason": s.reason} for s in entry.steps],
        "head": chain.head,
        "lines": len(chain.lines),
    }


def show_recorded(desk: Desk, action: str, done: Iterable[tuple[SignOff, Chain]]) -> None:
    """What was written, and the head for the minutes."""
    rows = list(done)
    if wants_json():
        emit_json(f"partner-{action}", {"recorded": [recorded(entry, chain) for entry, chain in rows]})
        return
    for entry, chain in rows:
        partner = named(desk.register.partners[entry.partner].name, entry.partner)
        sentence = ngettext(
            "%(partner)s: %(count)s answer recorded.", "%(partner)s: %(count)s answers recorded.", len(entry.steps)
        )
        say(safe(sentence % {"partner": partner, "count": format_number(len(entry.steps))}))
        for step in entry.steps:
            element = desk.models[step.model].get(step.step)
            label = step.step if element is None else step_name(element)
            say(safe(f"  {verdict_word(step.verdict)}: {label}" + (f" – {step.reason}" if step.reason else "")))
        say(safe(_("Head, for the minutes: %(head)s") % {"head": chain.head}))
