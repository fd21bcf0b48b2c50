"""Which way a case goes, as other tools say it, as `[flows]` of a scenario."""

import math
from collections.abc import Mapping

from bpmn_tool.errors import Location
from bpmn_tool.interchange.foreign.amounts import number
from bpmn_tool.interchange.foreign.draft import Draft
from bpmn_tool.model.elements import Gateway, GatewayKind


def is_decision(draft: Draft, id_: str) -> bool:
    """Whether ways are chosen at an element."""
    node = draft.model.flow_nodes.get(id_)
    return isinstance(node, Gateway) and node.kind in (GatewayKind.EXCLUSIVE, GatewayKind.INCLUSIVE)


def put_by_flow(draft: Draft, shares: Mapping[str, tuple[float, Location]]) -> None:
    """Shares of flows, wherever they go out."""
    gateways: dict[str, dict[str, float]] = {}
    for flow, (share, place) in shares.items():
        known = draft.model.sequence_flows.get(flow)
        if known is None or not is_decision(draft, known.source_ref):
            draft.dropped(f"the model has no way out of a decision '{flow}'", place)
        else:
            gateways.setdefault(known.source_ref, {})[flow] = share
    for gateway, by_flow in gateways.items():
        put_shares(draft, gateway, by_flow, {}, next(shares[flow][1] for flow in by_flow))


def put_shares(
    draft: Draft, gateway: str, shares: Mapping[str, float], asked: Mapping[str, str], place: Location
) -> None:
    """The flows out of one decision. `shares`: probabilities (of an inclusive gateway each for itself); `asked`: flows
    with a condition, as an expression.
    """
    node = draft.model.flow_nodes[gateway]
    assert isinstance(node, Gateway)
    if len(node.outgoing) < 2:
        return
    if any(not (math.isfinite(share) and share >= 0) for share in shares.values()):
        draft.unclear(f"probabilities of '{gateway}' that are none: {_listed(shares)}", place)
        return
    if node.kind is GatewayKind.INCLUSIVE:
        for flow, share in shares.items():
            if share > 1:
                draft.unclear(f"{share:g} is above 1, and read as 1", place)
            draft.put("flows", flow, value=f"1 if {asked[flow]} else 0" if flow in asked else number(min(share, 1.0)))
        return
    total = math.fsum(shares.values())
    if total <= 0:
        draft.unclear(f"the probabilities of '{gateway}' add up to nothing", place)
        return
    if missing := [flow for flow in node.outgoing if flow not in shares]:
        shares = {**shares, **dict.fromkeys(missing, max(1 - total, 0.0) / len(missing))}
        if total < 1:
            draft.mended(f"{', '.join(missing)}: nothing is said of it, and it gets the rest", place)
        total = math.fsum(shares.values())
    if abs(total - 1) > 1e-9:
        draft.mended(f"the probabilities of '{gateway}' add up to {total:g}: they are divided by it", place)
    scaled = {flow: share / total for flow, share in shares.items()}
    last = missing[-1] if missing else max(scaled, key=lambda flow: (scaled[flow], flow))
    for flow, share in scaled.items():
        if asked:
            draft.put("flows", flow, value=_by_condition(flow, scaled, asked, node.default))
        elif flow != last:  # the one that is left out gets the rest, so that nothing is lost by rounding
            draft.put("flows", flow, value=number(share))


def _listed(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{share:g}" for share in shares.values())


def _by_condition(flow: str, shares: Mapping[str, float], asked: Mapping[str, str], default: str | None) -> str:
    """Ways whose condition holds share by their probabilities; if none does, the default is taken, else all share."""
    weights = {
        each: f"({max(share, 1e-9):.12g} if {asked[each]} else 0)" if each in asked else f"{max(share, 1e-9):.12g}"
        for each, share in shares.items()
        if each in asked or each != default
    }
    chosen = f"{weights[flow]} / ({' + '.join(weights.values())})" if flow in weights else "0"
    if any(each not in asked for each in weights):
        return chosen
    held = " or ".join(f"({asked[each]})" for each in weights)
    otherwise = (1 if flow == default else 0) if default in shares else number(shares[flow])
    return f"{chosen} if {held} else {otherwise}"
