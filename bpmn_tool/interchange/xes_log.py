"""Event logs in XES 1.0 (as IEEE 1849-2016 has it): a trace a case, an event a step in the life of a work item."""

import gzip
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self, cast
from xml.sax.saxutils import quoteattr

from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.results.effort import cost
from bpmn_tool.results.projections import Projection
from bpmn_tool.results.work_items import Outcome, WorkItem

#: what a key cannot hold, which is a Name of XML
_NO_NAME: Final = re.compile(r"[^\w:.-]")
_EXTENSIONS: Final = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Cost", "cost", "http://www.xes-standard.org/cost.xesext"),
)
#: how the standard's life cycle calls the end of an item
_ENDS: Final[Mapping[Outcome, str]] = {
    Outcome.COMPLETED: "complete",
    Outcome.INTERRUPTED: "ate_abort",
    Outcome.WITHDRAWN: "withdraw",
}
_GLOBALS: Final = """\
  <global scope="trace">
    <string key="concept:name" value="unknown"/>
  </global>
  <global scope="event">
    <string key="concept:name" value="unknown"/>
    <string key="concept:instance" value="unknown"/>
    <string key="lifecycle:transition" value="unknown"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <classifier name="Activity_and_transition" keys="concept:name lifecycle:transition"/>
"""


class XesLog:
    """A log that is written as replications come in, whole also where that stopped between two of them. One that ends
    in ``.gz`` is compressed, with the same bytes for the same log.
    """

    def __init__(self, path: Path, about: Mapping[str, Any], line: TimeLine) -> None:
        self._line = line
        self._raw = path.open("wb")
        self._file: IO[bytes] = self._raw
        if path.suffix.lower() == ".gz":
            self._file = cast("IO[bytes]", gzip.GzipFile("", "wb", fileobj=self._raw, mtime=0))
        self._put('<?xml version="1.0" encoding="UTF-8"?>\n')
        self._put('<log xes.version="1.0" xes.features="" xmlns="http://www.xes-standard.org/">\n')
        for name, prefix, uri in _EXTENSIONS:
            self._put(f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n')
        self._put(_GLOBALS)
        self._put('  <string key="lifecycle:model" value="standard"/>\n')
        for key, value in about.items():
            self._put(f"  {_attribute(key, value)}\n")

    def _put(self, text: str) -> None:
        self._file.write(text.encode())

    def write(self, seen: Projection) -> None:
        """The cases of one replication, in the order in which they arrived; standing work belongs to none."""
        for case in seen.cases:
            if case.arrival is None:
                continue
            items = seen.items_of.get(case.id, [])
            self._put("  <trace>\n")
            self._put(f"    {_attribute('concept:name', f'{seen.replication.number}:{case.id}')}\n")
            self._put(f"    {_attribute('status', case.status.value)}\n")
            total = sum(cost(item, seen.facts) for item in items)
            self._put(
                f"    {_attribute('cost:total', total)}\n    {_attribute('cost:currency', seen.facts.currency)}\n"
            )
            for name, value in sorted(case.attributes.items()):
                self._put(f"    {_attribute(f'case:{name}', value)}\n")
            steps = [step for item in items for step in _steps(item)]
            for tick, _, transition, item in sorted(steps, key=lambda step: (step[0], step[1])):
                self._event(tick, transition, item, seen)
            self._put("  </trace>\n")

    def _event(self, tick: int, transition: str, item: WorkItem, seen: Projection) -> None:
        facts = seen.facts
        roles = facts.seats.get(item.element, ())
        said: dict[str, Any] = {
            "concept:name": facts.names.get(item.element, item.element),
            "concept:instance": item.id,
            "lifecycle:transition": transition,
            "element": item.element,
        }
        if item.element not in facts.process:
            said["standing"] = True  # work of the scenario, which is in no model
        if item.resources and transition != "schedule":
            said["org:resource"] = ";".join(map(facts.person, item.resources))
        if roles:
            said["org:role"] = ";".join(roles)
        if partner := facts.partner.get(item.element):
            said["org:group"] = partner
        if transition in _ENDS.values() and item.start is not None:
            said |= {"cost:total": cost(item, facts), "cost:currency": facts.currency}
        self._put("    <event>\n")
        for key, value in said.items():
            self._put(f"      {_attribute(key, value)}\n")
        self._put(f'      <date key="time:timestamp" value={quoteattr(self._line.iso(tick))}/>\n    </event>\n')

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._put("</log>\n")
        finally:
            self._file.close()
            self._raw.close()


def _steps(item: WorkItem) -> Iterator[tuple[int, int, str, WorkItem]]:
    """(tick, place among steps of the same tick, transition, item) of an item's life, in order."""
    steps: list[tuple[int, str]] = [(item.enabled, "schedule")]
    if item.start is not None:
        steps.append((item.start, "start"))
        for paused, resumed in item.pauses:
            steps.append((paused, "suspend"))
            if resumed is not None:
                steps.append((resumed, "resume"))
    if item.end is not None and item.outcome in _ENDS:
        steps.append((item.end, _ENDS[item.outcome]))
    # what ends in a tick stands before what begins in it; of one item nothing changes its order
    last = steps[-1][0]
    for n, (tick, transition) in enumerate(steps):
        ends = transition in _ENDS.values() and tick == last and tick > item.enabled
        yield tick, 0 if ends else 1 + n, transition, item


def _attribute(key: str, value: Any) -> str:
    match value:
        case bool():
            kind, text = "boolean", "true" if value else "false"
        case int():
            kind, text = "int", str(value)
        case float():
            kind, text = "float", repr(value)
        case _:
            kind, text = "string", "".join(c if c.isprintable() else " " for c in str(value))
    key = _NO_NAME.sub("_", key)
    return f"<{kind} key={quoteattr(key)} value={quoteattr(text)}/>"
