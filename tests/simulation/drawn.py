"""Models and scenarios written in lines, run through the same door as a user's files. Every run is held against the
oracle.

A model::

    pool Desk              (a process of its own; without pools there is one process)
    lane Agent             (what follows is in this lane)
    start s
    task a                 (user, manual, service, script, send, receive, business, task)
    task a mi=3 sequential until="done"        loop="n < 3" before max=5
    xor g   and g   or g   event g
    catch c timer=P1D      boundary b on=a timer=PT1H alongside
    throw t                end e   terminate e
    sub s {                ... }
    esub s {               (an event sub-process; its start says `alongside` if it does not interrupt)
    transaction s {        adhoc s sequential until="done" {
    process Called         (a process that no pool has)      call c of=Called
    complex g when="activationCount >= 2"
    end e error=code       also escalation= signal= cancel compensate terminate link= condition= cycle=
    catch c signal=x timer=P1D together    (waits for both)
    handler h for=a        (compensates a)
    box platform           (a participant without a process)
    s > a > g              (flows are called s_a, a_g)
    g > b as yes if x > 3
    g > c default
    m1: a ~ c              (a message flow)
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from bpmn_tool.instants.units import DAY, HOUR, MINUTE
from bpmn_tool.results.identities import violations
from bpmn_tool.results.trace import Replication, Row, RowKind, header, lines
from bpmn_tool.results.work_items import WorkItem, work_items
from bpmn_tool.simulation.engine_simpy import run as run_engine
from bpmn_tool.simulation.plan import Plan
from bpmn_tool.study import Prepared, prepare
from tests.agreement.oracle import faults

_TAGS = {
    "task": "task", "user": "userTask", "manual": "manualTask", "service": "serviceTask", "script": "scriptTask",
    "send": "sendTask", "receive": "receiveTask", "business": "businessRuleTask", "xor": "exclusiveGateway",
    "and": "parallelGateway", "or": "inclusiveGateway", "event": "eventBasedGateway", "start": "startEvent",
    "end": "endEvent", "terminate": "endEvent", "throw": "intermediateThrowEvent", "catch": "intermediateCatchEvent",
    "boundary": "boundaryEvent", "sub": "subProcess", "esub": "subProcess", "transaction": "transaction",
    "adhoc": "adHocSubProcess", "call": "callActivity", "complex": "complexGateway", "handler": "task",
}  # fmt: skip
_SCOPES = frozenset({"sub", "esub", "transaction", "adhoc"})
_EVENTS = frozenset({"start", "end", "throw", "catch", "boundary"})


@dataclass(slots=True)
class _Node:
    id: str
    word: str
    options: dict[str, str]
    container: str
    lane: str


@dataclass(slots=True)
class _Flow:
    id: str
    source: str
    target: str
    condition: str = ""


_NAMED = ("error", "escalation", "signal")


def _flags(node: _Node) -> list[tuple[str, str, str]]:
    """Word, attribute and value of what is said by an attribute of the element."""
    return [
        ("esub", "triggeredByEvent", "true"),
        ("call", "calledElement", node.options.get("of", "")),
        ("handler", "isForCompensation", "true"),
        ("adhoc", "ordering", "Sequential" if "sequential" in node.options else "Parallel"),
        ("receive", "instantiate", "true" if "instantiate" in node.options else "false"),
        ("event", "instantiate", "true" if "instantiate" in node.options else "false"),
    ]


class _Drawing:
    def __init__(self, text: str) -> None:
        self.pools: list[str] = []
        self.called: list[str] = []
        self.boxes: list[str] = []
        self.lanes: dict[str, list[str]] = {}
        self.nodes: dict[str, _Node] = {}
        self.flows: list[_Flow] = []
        self.messages: list[tuple[str, str, str]] = []
        self.defaults: dict[str, str] = {}
        self._inside = ["process"]
        self._lane = ""
        for line in text.strip().splitlines():
            if line.strip():
                self._read(line.strip())

    def _read(self, line: str) -> None:
        if ":" in line and "~" in line:
            name, ends = line.split(":")
            source, target = ends.split("~")
            self.messages.append((name.strip(), source.strip(), target.strip()))
            return
        if " > " in line and re.match(r"[\w]+ > ", line):
            self._flow(line)
            return
        word, *rest = shlex.split(line)
        match word:
            case "pool":
                self.pools.append(rest[0])
                self._inside, self._lane = [f"process_{rest[0]}"], ""
            case "process":
                self.called.append(rest[0])
                self._inside, self._lane = [rest[0]], ""
            case "lane":
                self._lane = " ".join(rest)
            case "box":
                self.boxes.append(rest[0])
            case "}":
                self._inside.pop()
            case _:
                self._node(word, rest)

    def _node(self, word: str, rest: Sequence[str]) -> None:
        id_, *said = rest
        options = {key: value or "yes" for key, _, value in (each.partition("=") for each in said if each != "{")}
        self.nodes[id_] = _Node(id_, word, options, self._inside[-1], self._lane)
        if self._lane:
            self.lanes.setdefault(self._lane, []).append(id_)
        if word in _SCOPES:
            self._inside.append(id_)

    def _flow(self, line: str) -> None:
        line, _, condition = line.partition(" if ")
        default = line.endswith(" default")
        line, _, name = line.removesuffix(" default").partition(" as ")
        ends = [each.strip() for each in line.split(" > ")]
        for source, target in pairwise(ends):
            flow = _Flow(name.strip() or f"{source}_{target}", source, target, condition.strip())
            self.flows.append(flow)
            if default:
                self.defaults[source] = flow.id

    # -- as XML

    def xml(self) -> str:
        containers = [*([f"process_{pool}" for pool in self.pools] or ["process"]), *self.called]
        parts = [self._collaboration()] if self.pools or self.boxes else []
        parts += [
            f'<process id="{each}" isExecutable="true">{self._lane_set(each)}{self._content(each)}</process>'
            for each in containers
        ]
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="t">\n'
            + self._roots()
            + "\n".join(parts)
            + "\n</definitions>\n"
        )

    def _roots(self) -> str:
        """Errors, escalations and signals, each called as its code."""
        found = {
            (kind, node.options[kind]): "" for node in self.nodes.values() for kind in _NAMED if kind in node.options
        }
        return "".join(
            f'<{kind} id="{kind}_{name}" {"name" if kind == "signal" else f"{kind}Code"}="{name}"/>'
            for kind, name in found
            if name != "yes"
        )

    def _collaboration(self) -> str:
        pools = self.pools or ["process"]
        parts = [
            f'<participant id="{p}" name="{p}" processRef="{f"process_{p}" if self.pools else p}"/>' for p in self.pools
        ]
        if not self.pools:
            parts = [f'<participant id="pool_{p}" name="{p}" processRef="{p}"/>' for p in pools]
        parts += [f'<participant id="{box}" name="{box}"/>' for box in self.boxes]
        parts += [f'<messageFlow id="{m}" name="{m}" sourceRef="{a}" targetRef="{b}"/>' for m, a, b in self.messages]
        return f'<collaboration id="collaboration">{"".join(parts)}</collaboration>'

    def _lane_set(self, process: str) -> str:
        inside = {n.id for n in self.nodes.values() if n.container == process}
        lanes = {lane: [n for n in nodes if n in inside] for lane, nodes in self.lanes.items()}
        lanes = {lane: nodes for lane, nodes in lanes.items() if nodes}
        if not lanes:
            return ""
        parts = [
            f'<lane id="lane_{process}_{re.sub(r"[^a-z]", "_", lane.lower())}" name={quoteattr(lane)}>'
            + "".join(f"<flowNodeRef>{n}</flowNodeRef>" for n in nodes)
            + "</lane>"
            for lane, nodes in lanes.items()
        ]
        return f'<laneSet id="lanes_{process}">{"".join(parts)}</laneSet>'

    def _content(self, container: str) -> str:
        inside = [n for n in self.nodes.values() if n.container == container]
        ids = {n.id for n in inside}
        parts = [self._node_xml(n) for n in inside]
        for flow in self.flows:
            if flow.source in ids:
                condition = (
                    f"<conditionExpression>{escape(flow.condition)}</conditionExpression>" if flow.condition else ""
                )
                parts.append(
                    f'<sequenceFlow id="{flow.id}" sourceRef="{flow.source}" targetRef="{flow.target}">'
                    f"{condition}</sequenceFlow>"
                )
        for node in inside:
            if node.word == "handler":
                host = node.options["for"]
                parts.append(
                    f'<boundaryEvent id="{node.id}_of" attachedToRef="{host}">'
                    "<compensateEventDefinition/></boundaryEvent>"
                    f'<association id="{node.id}_by" sourceRef="{node.id}_of" targetRef="{node.id}"/>'
                )
        return "".join(parts)

    def _node_xml(self, node: _Node) -> str:
        attributes = [f'id="{node.id}"', f'name="{node.id}"']
        inner = "".join(f"<incoming>{f.id}</incoming>" for f in self.flows if f.target == node.id)
        inner += "".join(f"<outgoing>{f.id}</outgoing>" for f in self.flows if f.source == node.id)
        if node.id in self.defaults:
            attributes.append(f'default="{self.defaults[node.id]}"')
        if node.word == "boundary":
            attributes.append(f'attachedToRef="{node.options["on"]}"')
            if "alongside" in node.options:
                attributes.append('cancelActivity="false"')
        if "together" in node.options:
            attributes.append('parallelMultiple="true"')
        if node.word == "start" and "alongside" in node.options:
            attributes.append('isInterrupting="false"')
        attributes += [f'{name}="{value}"' for key, name, value in _flags(node) if key == node.word]
        for option, name in (("needs", "startQuantity"), ("gives", "completionQuantity")):
            if option in node.options:
                attributes.append(f'{name}="{node.options[option]}"')
        if "when" in node.options:
            inner += f"<activationCondition>{escape(node.options['when'])}</activationCondition>"
        inner += self._definition(node) + self._loop(node, attributes)
        if node.word == "script":
            inner += f"<script>{escape(node.options.get('do', ''))}</script>"
        if node.word in _SCOPES:
            inner += self._content(node.id)
        if node.word == "adhoc" and "until" in node.options:
            inner += f"<completionCondition>{escape(node.options['until'])}</completionCondition>"
        return f"<{_TAGS[node.word]} {' '.join(attributes)}>{inner}</{_TAGS[node.word]}>"

    def _definition(self, node: _Node) -> str:
        if node.word == "terminate":
            return f'<terminateEventDefinition id="{node.id}_x"/>'
        if node.word not in _EVENTS:
            return ""
        found = ""
        for option, tag in (("timer", "timeDuration"), ("date", "timeDate"), ("cycle", "timeCycle")):
            if option in node.options:
                inner = f"<{tag}>{node.options[option]}</{tag}>"
                found += f'<timerEventDefinition id="{node.id}_x">{inner}</timerEventDefinition>'
        for kind in _NAMED:
            if (name := node.options.get(kind)) is not None:
                ref = "" if name == "yes" else f' {kind}Ref="{kind}_{name}"'
                found += f'<{kind}EventDefinition id="{node.id}_{kind}"{ref}/>'
        if "condition" in node.options:
            found += f"<conditionalEventDefinition><condition>{escape(node.options['condition'])}</condition>"
            found += "</conditionalEventDefinition>"
        if "link" in node.options:
            found += f'<linkEventDefinition name="{node.options["link"]}"/>'
        if (activity := node.options.get("compensate")) is not None:
            found += "<compensateEventDefinition" + ("/>" if activity == "yes" else f' activityRef="{activity}"/>')
        if "cancel" in node.options:
            found += "<cancelEventDefinition/>"
        if "terminate" in node.options:
            found += "<terminateEventDefinition/>"
        if "message" in node.options and found:
            found += f'<messageEventDefinition id="{node.id}_m"/>'
        if found:
            return found
        talks = any(node.id in (source, target) for _, source, target in self.messages) or "message" in node.options
        if talks:
            return f'<messageEventDefinition id="{node.id}_x"/>'
        return ""

    @staticmethod
    def _loop(node: _Node, attributes: list[str]) -> str:
        del attributes
        options = node.options
        if "mi" in options:
            until = (
                f"<completionCondition>{escape(options['until'])}</completionCondition>" if "until" in options else ""
            )
            return (
                f'<multiInstanceLoopCharacteristics isSequential="{"true" if "sequential" in options else "false"}">'
                f"<loopCardinality>{escape(options['mi'])}</loopCardinality>{until}</multiInstanceLoopCharacteristics>"
            )
        if "loop" in options:
            before = ' testBefore="true"' if "before" in options else ""
            most = f' loopMaximum="{options["max"]}"' if "max" in options else ""
            condition = f"<loopCondition>{escape(options['loop'])}</loopCondition>" if options["loop"] != "yes" else ""
            return f"<standardLoopCharacteristics{before}{most}>{condition}</standardLoopCharacteristics>"
        return ""


def bpmn(text: str) -> str:
    """A model in lines as BPMN XML."""
    return _Drawing(text).xml()


HEAD = """
format = 1
name = "worked example"
model = "model.bpmn"
start = 2026-01-05T00:00:00
time_zone = "Europe/Brussels"
horizon = "P28D"
"""  # a Monday


def write(folder: Path, model: str, toml: str, *, head: str = HEAD, name: str = "scenario.toml") -> Path:
    """Model and scenario as files; a model that begins with `<` is XML already."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.bpmn").write_text(model if model.startswith("<") else bpmn(model), encoding="utf-8")
    path = folder / name
    path.write_text(head + toml, encoding="utf-8")
    return path


@dataclass(frozen=True)
class Ran:
    """A run, and what tests ask of it."""

    plan: Plan
    replication: Replication
    prepared: Prepared

    @property
    def rows(self) -> Sequence[Row]:
        return self.replication.rows

    @cached_property
    def items(self) -> tuple[WorkItem, ...]:
        return work_items(self.replication, self.plan.facts)

    @cached_property
    def text(self) -> str:
        head = header(seed=self.replication.seed, replication=self.replication.number, plan=self.plan.hash)
        return "".join(lines(self.rows, head))

    def of(self, element: str) -> list[WorkItem]:
        return [item for item in self.items if item.element == element]

    def one(self, element: str) -> WorkItem:
        (item,) = self.of(element)
        return item

    def ticks(self, kind: RowKind, element: str = "") -> list[int]:
        return [row.tick for row in self.rows if row.kind is kind and (not element or row.element == element)]

    def waits(self, element: str) -> list[int]:
        return [item.waiting for item in self.of(element)]


def run(
    folder: Path, model: str, toml: str, *, head: str = HEAD, seed: int = 1, replication: int = 0, check: bool = True
) -> Ran:
    """One replication, held against the oracle and the identities unless `check` is False."""
    return run_file(write(folder, model, toml, head=head), seed=seed, replication=replication, check=check)


def run_file(
    path: Path, *, overrides: Sequence[str] = (), seed: int = 1, replication: int = 0, check: bool = True
) -> Ran:
    prepared = prepare(path, overrides=overrides)
    plan = prepared.simulation.plan
    done = Ran(plan, run_engine(plan, seed=seed, replication=replication), prepared)
    if check:
        assert list(violations(done.replication, plan.facts)) == []
        assert faults(path, done.text.splitlines(), overrides=overrides) == []
    return done


def at(text: str) -> int:
    """``"mon 09:00"`` of the first week, ``"fri2 16:30"`` of the second, as a tick."""
    day, clock = text.split()
    week = int(day[3:] or 1) - 1
    hours, minutes = clock.split(":")
    number = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(day[:3])
    return (7 * week + number) * DAY + int(hours) * HOUR + int(minutes) * MINUTE


def local(text: str) -> str:
    """``at``'s words as ISO 8601 local time, for files of arrivals."""
    return (datetime(2026, 1, 5) + timedelta(microseconds=at(text))).isoformat()  # noqa: DTZ001 (local)


def arrivals(folder: Path, *moments: str, start: str = "s", **columns: Sequence[object]) -> str:
    """Cases at these moments, each with its place in the columns as attributes: a file, and the lines that name it."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [",".join(["time", *columns])]
    rows += [",".join([local(m), *(str(values[n]) for values in columns.values())]) for n, m in enumerate(moments)]
    (folder / f"{start}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return f'[arrivals.{start}]\nfile = "{start}.csv"\n'


OFFICE = """
[calendars.office]
hours = { mon-fri = "09:00-17:00" }
"""
ONE_TASK = """
lane Agent
start s
user work
end e
s > work > e
"""


def minutes(*numbers: float) -> list[int]:
    return [round(number * MINUTE) for number in numbers]
