"""The rules that bpmnlint has as well, by bpmnlint and by us over the same files: who finds what, and why not both.

    npm install --prefix FOLDER bpmnlint bpmn-moddle
    python benchmarks/against_bpmnlint.py FOLDER [MODELS...]

`MODELS` are folders with BPMN files; without them the public models beside this project and the fixtures of our rules
(which hold what the public models lack). A finding is a file, a rule and an element. bpmnlint knows the flows of a step
by its <incoming> and <outgoing>, which the standard lets a file leave out, or set in white space: they are filled in
before bpmnlint sees it.
Exit 1 where a difference has no reason in :data:`REASONS`.
"""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from bpmn_tool.checks import check_model, choose
from bpmn_tool.checks.bpmnlint import ALL
from bpmn_tool.checks.steps import begins_by_itself, ends_by_itself, is_event, is_loose_by_nature
from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.diagram import Bounds
from bpmn_tool.model.elements import (
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Model,
    RemarkKind,
    RootElement,
    SubProcess,
)

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT.parent / "shared" / "corpora", ROOT / "tests" / "checks" / "rules")
LINT = r"""
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');
const need = createRequire(process.argv[1] + '/package.json');
const { BpmnModdle } = need('bpmn-moddle');
const Linter = need('bpmnlint/lib/linter');
const NodeResolver = need('bpmnlint/lib/resolver/node-resolver');
(async () => {
  const found = {};
  for (const [ file, text ] of Object.entries(JSON.parse(readFileSync(0, 'utf8')))) {
    try {
      const { rootElement } = await new BpmnModdle().fromXML(text);
      const linter = new Linter({ config: { extends: 'bpmnlint:all' }, resolver: new NodeResolver() });
      const reports = Object.entries(await linter.lint(rootElement));
      found[file] = reports.flatMap(([ rule, each ]) => each.map(({ id, category }) => [ rule, id, category ]));
    } catch (error) {
      found[file] = String(error);
    }
  }
  console.log(JSON.stringify({ version: need('bpmnlint/package.json').version, found }));
})();
"""


class Difference(NamedTuple):
    """What only one side finds."""

    rule: str
    ours: bool
    model: Model
    element: str

    @property
    def node(self) -> FlowNode | None:
        return self.model.flow_nodes.get(self.element)


Reason = Callable[[Difference], bool]


def lacks_an_end_of_its_kind(each: Difference) -> bool:
    kind = {"no-implicit-start": EventKind.START, "no-implicit-end": EventKind.END}.get(each.rule)
    if kind is None or each.node is None:
        return False
    return not any(is_event(node, kind) for node in each.model.nodes_in(each.node.container))


def hangs_on_nothing(each: Difference) -> bool:
    of_this = each.rule in ("no-implicit-start", "no-implicit-end")
    return of_this and each.node is not None and not each.node.incoming and not each.node.outgoing


def touches(each: Difference) -> bool:
    """Whether it shares an edge with another shape, and lies upon none of those that stand where it does."""
    if each.rule != "no-overlapping-elements" or each.ours:
        return False
    shapes = next(diagram.shapes for diagram in each.model.diagrams if each.element in diagram.shapes)
    own = shapes[each.element].bounds
    inside = each.model.nodes_in(each.node.container) if each.node is not None else each.model.participants.values()
    beside = [shapes[element.id].bounds for element in inside if element.id in shapes]
    others = [other for other in beside if other is not own]
    return any(_share_an_edge(own, other) for other in others) and not any(map(own.overlaps, others))


def _share_an_edge(one: Bounds, other: Bounds) -> bool:
    across = one.x <= other.right and other.x <= one.right
    down = one.y <= other.bottom and other.y <= one.bottom
    return across and down and not one.overlaps(other)


def is_open_by_nature(each: Difference) -> bool:
    node = each.node
    if node is None:
        return False
    match each.rule:
        case "no-disconnected":
            around = each.model.flow_nodes.get(node.container)
            return isinstance(around, SubProcess) or is_loose_by_nature(each.model, node)
        case "no-implicit-start":
            return begins_by_itself(node) or is_loose_by_nature(each.model, node)
        case "no-implicit-end":
            return ends_by_itself(node) or is_loose_by_nature(each.model, node)
        case _:
            return False


def takes_no_conditions(each: Difference) -> bool:
    flow = each.model.sequence_flows.get(each.element)
    source = each.model.flow_nodes.get(flow.source_ref) if flow is not None else None
    return isinstance(source, Gateway) and source.kind in (GatewayKind.PARALLEL, GatewayKind.EVENT_BASED)


def stands_where_it_may_not(each: Difference) -> bool:
    kinds = [remark.kind for remark in each.model.remarks if remark.element == each.element]
    return each.ours and RemarkKind.SCHEMA in kinds


REASONS: tuple[tuple[str, Reason], ...] = (
    ("what stands where the schema lets it not is read by us, and passed over by bpmnlint", stands_where_it_may_not),
    ("a file without any drawing is one finding", lambda d: d.rule == "no-bpmndi" and not _drawn(d.model)),
    ("what an empty process lacks is not asked", lambda d: _is_required(d) and not d.model.nodes_in(d.element)),
    (
        "a sub-process or process that an event, a receive task or a gateway begins needs no start event",
        lambda d: d.rule == "start-event-required" and any(map(begins_by_itself, d.model.nodes_in(d.element))),
    ),
    (
        "asked beyond what bpmnlint asks, as the rule's page says",
        lambda d: d.ours and d.rule in ("ad-hoc-sub-process", "event-based-gateway", "link-event"),
    ),
    (
        "a decision without any condition is a warning",
        lambda d: d.rule == "conditional-flows" and d.ours and isinstance(d.node, Gateway),
    ),
    (
        "where a gateway takes no conditions, sequence-flow-condition or event-based-gateway says it",
        lambda d: d.rule == "conditional-flows" and not d.ours and takes_no_conditions(d),
    ),
    (
        "flows that double each other are named, not also their ends",
        lambda d: d.rule == "no-duplicate-sequence-flows" and not d.ours and d.node is not None,
    ),
    ("start- or end-event-required says it, once", lacks_an_end_of_its_kind),
    ("no-disconnected says it", hangs_on_nothing),
    ("what the standard leaves unconnected is well", is_open_by_nature),
    ("shapes that only touch do not overlap", touches),
    (
        "a name that is left out is none",
        lambda d: d.rule == "global" and d.ours and isinstance(d.model.get(d.element), RootElement),
    ),
)


def _drawn(model: Model) -> bool:
    return any(diagram.shapes or diagram.edges for diagram in model.diagrams)


def _is_required(each: Difference) -> bool:
    return each.rule in ("start-event-required", "end-event-required")


def main(words: list[str]) -> int:
    folder, *named = words
    files = [path for each in map(Path, named or FOLDERS) for path in sorted(each.resolve().rglob("*.bpmn"))]
    completed = {path: with_lists(path) for path in files}
    version, theirs = by_bpmnlint(folder, {path: text for path, (text, _missing) in completed.items()})
    choice = choose(select=ALL, profile=None)
    both: Counter[str] = Counter()
    alone: Counter[tuple[str, bool]] = Counter()
    why: dict[str, Counter[str]] = defaultdict(Counter)
    unexplained, refused = [], 0
    for path in files:
        try:
            model = read_model(path)
        except InputError:
            refused += 1
            continue
        ours = {(finding.rule, finding.element) for finding in check_model(model, None, choice) if finding.rule in ALL}
        both.update(rule for rule, _element in ours & theirs[path])
        for rule, element in sorted(ours ^ theirs[path], key=str):
            difference = Difference(rule, (rule, element) in ours, model, element)
            alone[difference.rule, difference.ours] += 1
            reason = next((text for text, fits in REASONS if fits(difference)), "")
            why[difference.rule][reason or "NO REASON"] += 1
            if not reason:
                unexplained.append(
                    f"{path}: {difference.rule} {difference.element} {'we' if difference.ours else 'they'}"
                )
    show(both, alone, why)
    filled = sum(missing for _text, missing in completed.values())
    read, one = len(files) - refused, sum(alone.values())
    print(f"\n{read} files, by bpmnlint {version} and by us; {refused} more are refused by our reader")
    print(f"the lists of flows were filled in for bpmnlint in {filled}")
    print(f"findings: {sum(both.values())} of both, {one} of one; of these {len(unexplained)} without a reason")
    print(*unexplained, sep="\n")
    return int(bool(unexplained))


def by_bpmnlint(folder: str, files: dict[Path, str]) -> tuple[str, dict[Path, set[tuple[str, str]]]]:
    """Its version, and what it finds; a rule of its own that fails ends the comparison."""
    command = ["node", "-e", LINT, str(Path(folder).resolve())]
    ran = subprocess.run(
        command,
        input=json.dumps({str(path): text for path, text in files.items()}),
        capture_output=True,
        text=True,
        check=True,
    )
    document = json.loads(ran.stdout)
    found: dict[Path, set[tuple[str, str]]] = {}
    for name, reports in document["found"].items():
        if isinstance(reports, str) or any(category == "rule-error" for _rule, _id, category in reports):
            raise SystemExit(f"bpmnlint fails on {name}: {reports}")
        found[Path(name)] = {(rule, element) for rule, element, _category in reports}
    return document["version"], found


def with_lists(path: Path) -> tuple[str, bool]:
    """The text of a file with the flows of each step in its <incoming> and <outgoing>; whether any was missing."""
    tree = etree.parse(path)
    by_id = {str(element.get("id")): element for element in tree.iter("{*}*") if element.get("id") is not None}
    missing = False
    for listed in tree.iter("{*}incoming", "{*}outgoing"):
        missing |= listed.text != (listed.text or "").strip()
        listed.text = (listed.text or "").strip()  # bpmnlint takes white space for a part of the id
    for number, flow in enumerate(tree.iter("{*}sequenceFlow")):
        flow.set("id", flow.get("id") or f"flow-without-id-{number}")
        for end, name in (("targetRef", "incoming"), ("sourceRef", "outgoing")):
            step = by_id.get(flow.get(end) or "")
            if step is not None and flow.get("id") not in [text(each) for each in step.iterchildren(f"{{*}}{name}")]:
                missing = True
                etree.SubElement(step, etree.QName(etree.QName(flow).namespace, name)).text = flow.get("id")
    return etree.tostring(tree, encoding="unicode"), missing


def text(element: "etree._Element") -> str:
    return (element.text or "").strip().rpartition(":")[2]


def show(both: Counter[str], alone: Counter[tuple[str, bool]], why: dict[str, Counter[str]]) -> None:
    print("| Rule | Both | bpmnlint only | We only | Why |\n|---|---:|---:|---:|---|")
    for rule in ALL:
        reasons = "; ".join(f"{reason} ({count})" for reason, count in why[rule].most_common())
        print(f"| {rule} | {both[rule]} | {alone[rule, False]} | {alone[rule, True]} | {reasons} |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
