"""Decisions of BPSim: probabilities and conditions of sequence flows."""

import re
from collections.abc import Iterator
from typing import Final

from bpmn_tool.interchange.foreign.bpsim_scenarios import Meant
from bpmn_tool.interchange.foreign.bpsim_values import CONTINUOUS, constant, names_in, read_expression, value_of
from bpmn_tool.interchange.foreign.decisions import is_decision, put_shares
from bpmn_tool.interchange.foreign.draft import Draft
from bpmn_tool.model.elements import SequenceFlow

_EQUALITY: Final = re.compile(r"==|!=")


def put_decisions(draft: Draft, found: Meant) -> None:
    """`[flows]` of all decisions that a scenario speaks of."""
    shares: dict[str, dict[str, float]] = {}
    asked: dict[str, dict[str, str]] = {}
    lost = set(_lost_properties(found))
    for element, parameters in found.elements.items():
        flow = draft.model.sequence_flows.get(element)
        if not isinstance(flow, SequenceFlow):
            continue
        probability = constant(value_of(parameters.get("Probability"), draft), draft)
        condition = value_of(parameters.get("Condition"), draft)
        if probability is None and condition is None:
            continue
        if not is_decision(draft, flow.source_ref):
            draft.dropped(f"nothing is decided before the flow '{flow.id}'", parameters.place.location)
            continue
        if probability is not None:
            if not 0 <= probability <= 1:
                draft.unclear(f"{probability:g} is no probability: they lie between 0 and 1", parameters.place.location)
            shares.setdefault(flow.source_ref, {})[flow.id] = max(probability, 0.0)
        if condition is not None and (text := read_expression(condition, draft)) is not None:
            if changed := names_in(text) & lost:
                draft.unclear(
                    f"'{text}' asks for {', '.join(sorted(changed))}, which changes under way there, and not here: "
                    "say how often each way is taken",
                    condition.location,
                )
                draft.put("flows", flow.id, value="?")
            else:
                asked.setdefault(flow.source_ref, {})[flow.id] = text
            _hardly_ever(text, found, draft)
    for gateway in {**shares, **asked}:
        _decide(draft, gateway, shares.get(gateway, {}), asked.get(gateway, {}), found)


def _decide(draft: Draft, gateway: str, shares: dict[str, float], asked: dict[str, str], found: Meant) -> None:
    place = next(found.elements[flow].place for flow in {**shares, **asked}).location
    if asked and not shares:
        shares = dict.fromkeys(asked, 1 / len(asked))
    put_shares(draft, gateway, shares, asked, place)


def _lost_properties(found: Meant) -> Iterator[str]:
    """Properties that elements set under way, which a scenario cannot follow."""
    for parameters in found.elements.values():
        for name, each in parameters.by_name.items():
            if name.startswith("Property:") and any(value.name == "ExpressionParameter" for value in each.all()):
                yield str(each.get("name"))


def _hardly_ever(text: str, found: Meant, draft: Draft) -> None:
    """A value that is drawn from an interval is never exactly another."""
    if not _EQUALITY.search(text):
        return
    names = names_in(text)
    for parameters in found.elements.values():
        for each in parameters.by_name.values():
            drawn = each.name == "Property" and each.get("name") in names
            if drawn and any(value.name in CONTINUOUS for value in each.all()):
                draft.unclear(
                    f"'{each.get('name')}' is drawn from an interval, so that '{text}' is decided alike "
                    "for every case: a loop that waits for it never ends",
                    each.location,
                )
