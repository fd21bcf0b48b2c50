"""The oracle's part on handoffs: which are lost or declined, by the draws of their flows (docs/semantics.md)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.agreement.naive import truth

#: case, path, flow, number
Handoff = tuple[str, str, str, int]
_LOST, _DECLINED = 11, 13


def fates(
    handoffs: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], u: Callable[[int, str, str, int, str], float]
) -> Iterator[str]:
    """Lost, else declined, else neither: of every token and message that leaves over a flow of `[handoffs]`."""
    said: dict[Handoff, str] = {}
    wanted: dict[Handoff, str] = {}
    numbers: Counter[tuple[str, str, str]] = Counter()
    attributes: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        case, path = row.get("case", ""), row.get("path", "")
        if row["kind"] in ("arrived", "assigned"):
            attributes[case].update(row.get("data", {}))
        if row["kind"] in ("lost", "declined"):
            said[case, path, row["element"], row["visit"]] = row["kind"]
        if row["kind"] not in ("fired", "completed", "sent"):
            continue
        for flow in row.get("flows", ()):
            number = numbers[case, path, flow]
            numbers[case, path, flow] += 1
            for kind, purpose in (("lost", _LOST), ("declined", _DECLINED)):
                likely = handoffs.get(flow, {}).get(kind, 0.0)
                likely = truth(likely, attributes[case]) if isinstance(likely, str) else likely
                if u(purpose, case, flow, number, path) < likely:
                    wanted[case, path, flow, number] = kind
                    break
    for handoff in sorted(said.keys() | wanted.keys()):
        if said.get(handoff) != wanted.get(handoff):
            yield f"handoff {'/'.join(map(str, handoff))}: {said.get(handoff)}, drawn is {wanted.get(handoff)}"
