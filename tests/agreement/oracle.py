"""The third oracle: a finished trace held against docs/semantics.md, from the TOML, the BPMN and the trace's lines
alone.

It reads all three by itself and calls nothing of the package. It knows less than the engines (a few distributions),
and what it knows it works out the slow way.
"""

import json
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from re import sub
from typing import Any
from xml.etree import ElementTree as ET

from tests.agreement.elements import Element, element
from tests.agreement.fates import fates
from tests.agreement.game import Game
from tests.agreement.items import Item
from tests.agreement.naive import Block, Clock, Duty, Hours, number, quantile, windows
from tests.agreement.people import People

_MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_HUMAN = frozenset({"task", "userTask", "manualTask", "businessRuleTask"})
_WORK = _HUMAN | {"serviceTask", "scriptTask", "sendTask"}
_SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess", "callActivity"})
_ACTIVITIES = _WORK | _SCOPES | {"receiveTask"}
_GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)
_EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
_AFTER_END = frozenset({"sent", "received", "lost", "declined"})  # of and to black boxes


def faults(scenario: Path, trace: Sequence[str], *, overrides: Sequence[str] = ()) -> list[str]:
    """All that is wrong with a trace; empty where nothing is."""
    return list(_Oracle(World(_scenario(scenario, overrides)), trace).check())


# -- the files


def _scenario(path: Path, overrides: Sequence[str]) -> dict[str, Any]:
    said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    for key in ("model", "register"):
        if key in said:
            names = said[key] if isinstance(said[key], list) else [said[key]]
            said[key] = [str(path.parent / name) for name in names]
    if "extends" in said:
        said = _merged(_scenario(path.parent / said.pop("extends"), ()), said)
    said = _plain(said)
    for text in overrides:
        keys, _, value = text.partition("=")
        place = said
        *above, last = keys.split(".")
        for key in above:
            place = place.setdefault(key, {})
        place[last] = int(value) if value.isdigit() else value
    return said


def _merged(base: Any, own: Any) -> Any:
    """Tables key by key, but what is drawn is replaced as a whole."""
    if not isinstance(base, dict) or not isinstance(own, dict):
        return own
    merged = dict(base)
    for key, value in own.items():
        whole = key in ("duration", "lag", "delay", "response", "after", "roles", "role") and "people" not in str(value)
        merged[key] = _merged(base[key], value) if key in base and not (whole and key != "roles") else value
        if key == "roles" and key in base and all(isinstance(v, int) for v in value.values()):
            merged[key] = value
    if own.get("roles") and "role" in base and all(isinstance(v, int) for v in own["roles"].values()):
        merged.pop("role")
    return merged


def _plain(value: Any) -> Any:
    """Numbers with provenance as their value."""
    if isinstance(value, dict):
        if "value" in value and "constant" not in value:
            return _plain(value["value"])
        return {
            key: _plain(each)
            for key, each in value.items()
            if key not in ("status", "source", "low", "high") or isinstance(each, dict)
        }
    return [_plain(each) for each in value] if isinstance(value, list) else value


class World:
    """Model and scenario as the oracle needs them."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said
        self.clock = Clock(said["start"], said.get("time_zone", "UTC"))
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, tuple[str, str]] = {}
        self.conditional: dict[str, str] = {}
        self.messages: dict[str, tuple[str, str]] = {}
        self.pools: dict[str, str] = {}  # process -> participant's name
        self.lane: dict[str, str] = {}
        self.boxes: set[str] = set()
        self.codes: dict[str, str] = {}  # of errors and escalations
        self.handler: dict[str, str] = {}  # activity -> what compensates it
        self.process: dict[str, str] = {}
        for name in said["model"]:
            self._read(ET.parse(name).getroot())  # noqa: S314 (our own files)
        self.hours = {name: Hours(each, self.clock) for name, each in said.get("calendars", {}).items()}
        self._people()
        self._register()

    def _read(self, root: ET.Element) -> None:
        for flow in root.iter(_MODEL + "messageFlow"):
            self.messages[flow.get("id", "")] = (flow.get("sourceRef", ""), flow.get("targetRef", ""))
        for participant in root.iter(_MODEL + "participant"):
            if participant.get("processRef"):
                self.pools[participant.get("processRef", "")] = participant.get("name", "")
            else:
                self.boxes.add(participant.get("id", ""))
        for root_kind in ("error", "escalation"):
            for each in root.iter(_MODEL + root_kind):
                self.codes[each.get("id", "")] = each.get(f"{root_kind}Code", "")
        for process in root.iter(_MODEL + "process"):
            for lane in process.iter(_MODEL + "lane"):
                if lane.find(_MODEL + "childLaneSet") is None:
                    for ref in lane.iter(_MODEL + "flowNodeRef"):
                        self.lane[(ref.text or "").strip()] = lane.get("name", "")
            self._scope(process, process.get("id", ""), "")
        for each in root.iter(_MODEL + "association"):
            event = self.elements.get(each.get("sourceRef", ""))
            if event is not None and event.host and event.catches("compensate"):
                self.handler[event.host] = each.get("targetRef", "")
        self._links()

    def _links(self) -> None:
        """A link leads from its throwing to its catching event like a flow."""
        catching = {
            (node.around, link.text): node
            for node in self.elements.values()
            if node.kind == "intermediateCatchEvent" and (link := node.trigger("link"))
        }
        for node in self.elements.values():
            link = node.trigger("link") if node.kind == "intermediateThrowEvent" else None
            if link is not None and (there := catching.get((node.around, link.text))):
                flow = f"{node.id}→{there.id}"
                self.flows[flow] = (node.id, there.id)
                node.outgoing.append(flow)
                there.incoming.append(flow)

    def _scope(self, parent: ET.Element, process: str, inside: str) -> None:
        for node in parent:
            kind = node.tag.removeprefix(_MODEL)
            id_ = node.get("id", "")
            if kind == "sequenceFlow":
                self.flows[id_] = (node.get("sourceRef", ""), node.get("targetRef", ""))
                condition = node.findtext(_MODEL + "conditionExpression", "").strip()
                if condition:
                    self.conditional[id_] = condition
            if kind not in _ACTIVITIES | _GATEWAYS | _EVENTS:
                continue
            self.elements[id_] = element(node, kind, inside or process, self.codes)
            self.process[id_] = process
            if inside:
                self.lane.setdefault(id_, self.lane.get(inside, ""))
            if kind in _SCOPES:
                self._scope(node, process, id_)

    def _people(self) -> None:
        self.held: dict[str, list[str]] = defaultdict(list)
        self.roles_of: dict[str, tuple[str, ...]] = {}
        self.duty: dict[str, Duty] = {}
        self.finish: dict[str, bool] = {}
        self.person: dict[str, Mapping[str, Any]] = {}
        self.unlimited: set[str] = set()
        for role, said in self.said.get("roles", {}).items():
            if said.get("count") == "unlimited":
                self.unlimited.add(role)
                continue
            people = said.get("people") or [{} for _ in range(int(said.get("count") or 0))]
            for k, person in enumerate(people):
                label = f"{role}#{k + 1}"
                calendar = person.get("calendar", said.get("calendar", "always"))
                hours = self.hours.get(calendar) or Hours({"hours": "always"}, self.clock)
                self.duty[label] = Duty(hours, person.get("share", said.get("share", 1.0)), k, len(people))
                self.finish[label] = said.get("off_duty") == "finish"
                self.person[label] = person
                self.roles_of[label] = (role, *person.get("also", ()))
                for each in self.roles_of[label]:
                    self.held[each].append(label)

    def _register(self) -> None:
        self.called: dict[str, str] | None = None
        for name in self.said.get("register", ()):
            self.called = {}
            for id_, role in tomllib.loads(Path(name).read_text(encoding="utf-8")).get("roles", {}).items():
                names = role.get("name", id_)
                names = list(names.values()) if isinstance(names, dict) else [names]
                self.called.update(dict.fromkeys((_folded(n) for n in [id_, *names, *role.get("aliases", ())]), id_))

    def role_of_lane(self, node: str) -> str:
        name = self.lane.get(node, "")
        if not name:
            process = self.process[node]
            if any(self.process[each] == process and lane for each, lane in self.lane.items() if each in self.process):
                return ""
            name = self.pools.get(process, "")
        if self.called is not None:
            return self.called.get(_folded(name), f"?{name}")
        return sub(r"[^a-z0-9]+", "_", unicodedata.normalize("NFKD", name).lower()).strip("_")

    def task(self, element: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.said.get("tasks", {}).get(element, {})
        return found

    def asked(self, element: str) -> tuple[str, ...]:
        """The roles of its seats, whoever takes them."""
        return self._asked(element)[0]

    def seats(self, element: str) -> tuple[str, ...] | None:
        """The roles of the seats that people take; None where one of them is undefined and work waits for ever."""
        seats, policy = self._asked(element)
        if policy == "absent":
            return None
        return () if policy == "unlimited" else tuple(s for s in seats if s not in self.unlimited)

    def _asked(self, element: str) -> tuple[tuple[str, ...], str]:
        """The roles of its seats, and what becomes of them where one is undefined."""
        if element in self.said.get("background", {}):
            return (self.said["background"][element]["role"],), ""
        task = self.task(element)
        stated = True
        if task.get("role") == "none":
            return (), ""
        if "role" in task:
            seats: tuple[str, ...] = (task["role"],)
        elif "roles" in task:
            seats = tuple(role for role, n in task["roles"].items() for _ in range(n))
        elif self.elements[element].kind in _HUMAN:
            seats, stated = (self.role_of_lane(element),), False
        else:
            return (), ""
        unlisted = self.called is not None and not stated
        missing = [
            s for s in seats if (not self.held.get(s) and s not in self.unlimited) or (unlisted and s.startswith("?"))
        ]
        undefined = self.said.get("undefined_roles", {})
        policy = undefined.get("policy", "absent") if missing else ""
        if policy == "borrowed":
            seats = tuple(undefined["borrow"].get(s, s) for s in seats)
        return seats, policy

    @cached_property
    def gates(self) -> dict[str, list[Block]]:
        return {}

    def windows(self, gate: str, until: int) -> list[Block]:
        if gate not in self.gates:
            said = self.said["gates"][gate]
            self.gates[gate] = windows(said, self.clock, self.hours.get(said.get("calendar", "")), until)
        return self.gates[gate]


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


# -- the trace


class _Oracle:
    def __init__(self, world: World, trace: Sequence[str]) -> None:
        self.world = world
        head, *rows = (json.loads(line) for line in trace)
        self.run = (head["seed"], head["replication"])
        self.rows: list[dict[str, Any]] = rows
        self.end = max((row["tick"] for row in rows), default=0)
        self.start_event = {row["case"]: row["element"] for row in rows if row["kind"] == "arrived"}
        self.items: dict[str, Item] = {}

    def check(self) -> Iterator[str]:
        yield from self._order()
        yield from self._read_items()
        for name, item in self.items.items():
            yield from self._times(name, item)
            yield from self._drawn(name, item)
        yield from People(self.world, self.rows, self.items, self.run).check()
        yield from Game(self.world, self.rows, self._u).check()
        yield from fates(self.world.said.get("handoffs", {}), self.rows, self._u)
        yield from self._messages()
        yield from self._branches()

    # -- order

    def _order(self) -> Iterator[str]:
        tick = 0
        arrived: set[str] = set()
        ended: set[str] = set()
        for row in self.rows:
            where = f"{row['kind']} at {row['tick']}"
            case = row.get("case", "")
            if row["tick"] < tick:
                yield f"{where}: after a row at {tick}"
            tick = row["tick"]
            if row["kind"] in ("missed", "arrived"):
                if case in arrived:
                    yield f"{where}: {case} arrives twice"
                arrived.add(case)
                if row.get("demand", 0) > tick:
                    yield f"{where}: {case} is here before its demand"
            elif case and case not in arrived:
                yield f"{where}: {case} has not arrived"
            if case in ended and row["kind"] not in _AFTER_END:
                yield f"{where}: {case} has ended"
            if row["kind"] in ("ended", "failed"):
                if case in ended:
                    yield f"{where}: {case} ends twice"
                ended.add(case)

    def _read_items(self) -> Iterator[str]:
        for row in self.rows:
            name = row.get("item")
            if not name or row["kind"] == "assigned":
                continue
            where = f"{row['kind']} of {name} at {row['tick']}"
            if row["kind"] == "enabled":
                if name in self.items:
                    yield f"{where}: enabled twice"
                self.items[name] = Item(row)
                continue
            item = self.items.get(name)
            if item is None or item.end is not None:
                yield f"{where}: it is not there"
                continue
            yield from self._read_item(row, item, where)

    @staticmethod
    def _read_item(row: Mapping[str, Any], item: Item, where: str) -> Iterator[str]:
        tick = row["tick"]
        match row["kind"]:
            case "ready" if item.ready is None:
                item.ready = tick
            case "started" if item.ready is not None and item.start is None:
                item.start, item.resources, item.waits = tick, tuple(row.get("resources", ())), row.get("waits", {})
                item.data = row.get("data", {})
            case "paused" if item.start is not None and (not item.pauses or len(item.pauses[-1]) == 2):
                item.pauses.append([tick])
            case "resumed" if item.pauses and len(item.pauses[-1]) == 1:
                item.pauses[-1].append(tick)
            case "completed" | "interrupted" if item.start is not None:
                item.end, item.left = tick, row["kind"]
                if item.pauses and len(item.pauses[-1]) == 1:
                    item.pauses[-1].append(tick)
                    if row["kind"] == "completed":
                        yield f"{where}: while it pauses"
                if tuple(row.get("resources", ())) != item.resources:
                    yield f"{where}: not the resources that it started with"
            case "withdrawn" if item.start is None:
                item.end, item.left, item.waits = tick, row["kind"], row.get("waits", {})
            case _:
                yield f"{where}: out of turn"

    # -- work

    def _times(self, name: str, item: Item) -> Iterator[str]:
        ticks = [t for t in (item.row["tick"], item.ready, item.start, item.end) if t is not None]
        if ticks != sorted(ticks):
            yield f"{name}: enabled, ready, start, end are {ticks}"

    def _drawn(self, name: str, item: Item) -> Iterator[str]:
        if item.element in self.world.said.get("background", {}) or item.row.get("case") not in self.start_event:
            return
        task = self.world.task(item.element)
        if item.ready is not None:
            lag = self._expect(0, 1, task.get("lag"), item) if "lag" in task else 0
            if lag is not None and abs(item.ready - item.row["tick"] - lag) > 1:
                yield f"{name}: lag is {item.ready - item.row['tick']}, drawn is {lag:.0f}"
        if item.left != "completed" or item.start is None or item.end is None:
            return
        worked = item.end - item.start - sum(b - a for a, b in item.pauses)
        wanted = self._length(self.items[item.whole], task)
        if wanted is not None and abs(worked - wanted) > 1:
            yield f"{name}: took {worked}, drawn is {wanted:.0f}"

    def _length(self, item: Item, task: Mapping[str, Any]) -> float | None:
        lengths: list[float] = []
        for label in item.resources or ("",):
            person = self.world.person.get(label, {})
            said = person.get("durations", {}).get(item.element, task.get("duration"))
            drawn = self._expect(0, 0, said, item) if said is not None else 0
            if drawn is None:
                return None
            lengths.append(drawn / person.get("speed", 1.0))
        return max(lengths)

    def _expect(self, _: int, purpose: int, said: Any, item: Item) -> float | None:
        row = item.row
        return quantile(said, self._u(purpose, row["case"], item.element, row["visit"], row.get("path", "")))

    def _u(self, purpose: int, case: str, element: str, visit: int, path: str) -> float:
        stream, person, entry = case.rsplit("/", 2)
        key = (stream, int(person), int(entry))
        return number(self.run, key, self.start_event.get(case, ""), purpose, element, visit, path)

    # -- messages

    def _messages(self) -> Iterator[str]:
        sent: Counter[tuple[str, str]] = Counter()
        for row in self.rows:
            case, element = row.get("case", ""), row.get("element", "")
            match row["kind"]:
                case "sent":
                    for flow in row["flows"]:
                        sent[case, flow] += 1
                        if self.world.messages[flow][0] != element:
                            yield f"{flow} at {row['tick']}: sent by {element}"
                case "lost" if element in self.world.messages:
                    sent[case, element] -= 1
                case "received":
                    for flow in row["flows"]:
                        sent[case, flow] -= 1
                        if sent[case, flow] < 0:
                            yield f"{flow} at {row['tick']}: received, but not sent"
                        declines_to = self.world.said.get("handoffs", {}).get(flow, {}).get("declines_to")
                        if element not in (self.world.messages[flow][1], declines_to):
                            yield f"{flow} at {row['tick']}: received by {element}"

    # -- decisions

    def _branches(self) -> Iterator[str]:
        """Exclusive decisions with plain probabilities are drawn again."""
        said = self.world.said.get("flows", {})
        for row in self.rows:
            node = self.world.elements.get(row.get("element", ""))
            if row["kind"] != "fired" or node is None or node.kind != "exclusiveGateway" or len(node.outgoing) < 2:
                continue
            given = {flow: said[flow] for flow in node.outgoing if flow in said}
            if not given or not all(isinstance(p, int | float) for p in given.values()):
                continue
            rest = 1.0 - sum(given.values())
            u = self._u(2, row["case"], node.id, row["visit"], row.get("path", ""))
            upto = 0.0
            for flow in sorted(node.outgoing, key=str.encode):
                upto += given.get(flow, rest)
                if u < upto:
                    break
            if abs(u - upto) > 1e-12 and row["flows"] != [flow]:
                yield f"{node.id} of {row['case']}: u = {u:.6f} leads to {flow}, not to {row['flows']}"
