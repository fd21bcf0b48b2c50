"""Event logs in OCEL 2.0 (JSON): events that belong to several objects at once, such as a case, those who did the work,
their partner, and the handoff that brought it.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from bpmn_tool.instants.units import SECOND
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.results.effort import cost
from bpmn_tool.results.handoffs import Handoff
from bpmn_tool.results.projections import Projection
from bpmn_tool.results.work_items import Outcome, WorkItem

#: attributes of an event
_OF_WORK: Final[Mapping[str, str]] = {
    "element": "string", "item": "string", "enabled": "time", "started": "time", "waiting_s": "float",
    "processing_s": "float", "cost": "float", "role": "string",
}  # fmt: skip
_OF_HANDOFF: Final[Mapping[str, str]] = {"flow": "string", "outcome": "string"}
_SENT, _SETTLED = "Handoff begins", "Handoff ends"


class OcelLog:
    """A log that is written as replications come in: events at once, objects behind them, since they are known last."""

    def __init__(self, path: Path, about: Mapping[str, Any], line: TimeLine) -> None:
        self._line = line
        self._about = about
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write('{"events": [')
        self._objects = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115  closed in __exit__
        self._events = self._written = 0
        self._known: set[str] = set()  # resources, roles and partners: few
        self._types: dict[str, Mapping[str, str]] = {}

    def write(self, seen: Projection) -> None:
        """Completed work, and handoffs, of one replication."""
        run = seen.replication.number
        brought = {handoff.item: handoff for handoff in seen.handoffs if handoff.item}
        for case in seen.cases:
            if case.arrival is not None:
                facts = [
                    _value(name, value, self._line.iso(case.arrival)) for name, value in sorted(case.attributes.items())
                ]
                self._object(f"{run}:{case.id}", "case", facts)
        for handoff in seen.handoffs:
            self._object(
                f"{run}:{handoff.id}", "handoff", [_value("flow", handoff.flow, self._line.iso(handoff.begun))]
            )
        for tick, kind, payload in sorted(_moments(seen), key=lambda moment: (moment[0], moment[1], moment[2].id)):
            if isinstance(payload, WorkItem):
                self._work(run, payload, seen, brought)
            else:
                self._handoff(run, tick, kind, payload)

    def _work(self, run: int, item: WorkItem, seen: Projection, brought: Mapping[str, Handoff]) -> None:
        facts = seen.facts
        roles = facts.seats.get(item.element, ())
        said = {
            "element": item.element,
            "item": item.id,
            "enabled": self._line.iso(item.enabled),
            "started": "" if item.start is None else self._line.iso(item.start),
            "waiting_s": item.waiting / SECOND,
            "processing_s": item.processing / SECOND,
            "cost": cost(item, facts),
            "role": ";".join(roles),
        }
        belongs = [(f"{run}:{item.case}", "case")] if item.case else []
        for label in map(facts.person, item.resources):
            self._few(label, "resource")
            belongs.append((label, "performer"))
        if partner := facts.partner.get(item.element):
            self._few(partner, "partner")
            belongs.append((partner, "partner"))
        if item.id in brought:
            belongs.append((f"{run}:{brought[item.id].id}", "brought by"))
        name = facts.names.get(item.element, item.element)
        assert item.end is not None
        self._event(name, item.end, said, belongs, _OF_WORK)

    def _handoff(self, run: int, tick: int, kind: int, handoff: Handoff) -> None:
        begins = kind == 0
        belongs = [(f"{run}:{handoff.case}", "case"), (f"{run}:{handoff.id}", "handoff")]
        for role, how in ((handoff.source, "from"), (handoff.target, "to")):
            if role:
                self._few(role, "role")
                belongs.append((role, how))
        said = {"flow": handoff.flow, "outcome": "" if begins else handoff.outcome.value}
        self._event(_SENT if begins else _SETTLED, tick, said, belongs, _OF_HANDOFF)

    def _event(
        self,
        name: str,
        tick: int,
        said: Mapping[str, Any],
        belongs: Sequence[tuple[str, str]],
        kinds: Mapping[str, str],
    ) -> None:
        self._types.setdefault(name, kinds)
        event = {
            "id": f"e{self._events}",
            "type": name,
            "time": self._line.iso(tick),
            "attributes": [{"name": key, "value": value} for key, value in said.items() if value != ""],
            "relationships": [{"objectId": id_, "qualifier": how} for id_, how in belongs],
        }
        self._file.write(",\n" if self._events else "\n")
        self._file.write(json.dumps(event, ensure_ascii=False))
        self._events += 1

    def _few(self, id_: str, kind: str) -> None:
        if id_ not in self._known:
            self._known.add(id_)
            self._object(id_, kind, [])

    def _object(self, id_: str, kind: str, attributes: Sequence[Mapping[str, Any]]) -> None:
        self._objects.write(",\n" if self._written else "\n")
        self._objects.write(
            json.dumps(
                {"id": id_, "type": kind, "attributes": list(attributes), "relationships": []}, ensure_ascii=False
            )
        )
        self._written += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._file.write('],\n"objects": [')
            self._objects.seek(0)
            while part := self._objects.read(1 << 20):
                self._file.write(part)
            types = [{"name": name, "attributes": _declared(kinds)} for name, kinds in self._types.items()]
            objects: list[dict[str, Any]] = [
                {"name": name, "attributes": []} for name in ("case", "resource", "role", "partner")
            ]
            objects.append({"name": "handoff", "attributes": _declared({"flow": "string"})})
            self._file.write(f'],\n"eventTypes": {json.dumps(types, ensure_ascii=False)},\n')
            self._file.write(f'"objectTypes": {json.dumps(objects)}}}\n')
        finally:
            self._objects.close()
            self._file.close()


def _declared(kinds: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in kinds.items()]


def _value(name: str, value: Any, time: str) -> dict[str, Any]:
    return {"name": name, "value": value, "time": time}


def _moments(seen: Projection) -> Iterator[tuple[int, int, WorkItem | Handoff]]:
    """(tick, kind, what): 0 a handoff begins, 1 it is settled, 2 work is completed."""
    for handoff in seen.handoffs:
        yield handoff.begun, 0, handoff
        if handoff.settled is not None:
            yield handoff.settled, 1, handoff
    for item in seen.items:
        if item.outcome is Outcome.COMPLETED and item.end is not None:
            yield item.end, 2, item
