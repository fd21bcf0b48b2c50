"""A flow node of a BPMN file, as the oracle reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree as ET

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
RAISED = frozenset({"signal", "escalation", "error", "compensate", "cancel"})


class Trigger(NamedTuple):
    """What an event waits for or throws: `key` is what has to match, `text` a time, condition or name."""

    kind: str
    key: str = ""
    text: str = ""
    form: str = ""  # of a timer
    waits: bool = True


@dataclass(slots=True)
class Element:
    id: str
    kind: str
    around: str  # the sub-process or process that it stands in
    incoming: list[str] = field(default_factory=list)
    outgoing: list[str] = field(default_factory=list)
    default: str = ""
    loop: str = ""
    host: str = ""
    triggers: tuple[Trigger, ...] = ()
    interrupting: bool = True
    every: bool = False
    by_event: bool = False
    called: str = ""
    needs: int = 1
    gives: int = 1
    sequential: bool = False  # ad hoc, multi-instance
    cancels_rest: bool = True
    before: bool = False
    count: str = ""  # instances, or the most runs
    until: str = ""  # completion, loop or activation condition
    script: str = ""
    for_compensation: bool = False

    def trigger(self, kind: str) -> Trigger | None:
        return next((each for each in self.triggers if each.kind == kind), None)

    def catches(self, kind: str) -> bool:
        return self.trigger(kind) is not None

    @property
    def raises(self) -> bool:
        """Whether it holds its token before it throws."""
        return self.kind in ("endEvent", "intermediateThrowEvent") and any(t.kind in RAISED for t in self.triggers)

    @property
    def waits(self) -> bool:
        """Whether it is an intermediate event that waits."""
        return self.kind == "intermediateCatchEvent" and bool(self.triggers) and not self.catches("link")


def element(node: ET.Element, kind: str, around: str, codes: Mapping[str, str]) -> Element:
    made = Element(
        node.get("id", ""), kind, around,
        [(f.text or "").strip() for f in node.findall(MODEL + "incoming")],
        [(f.text or "").strip() for f in node.findall(MODEL + "outgoing")],
        node.get("default", ""),
        host=node.get("attachedToRef", ""),
        triggers=tuple(_triggers(node, codes)),
        interrupting=node.get("cancelActivity", node.get("isInterrupting", "true")) == "true",
        every=node.get("parallelMultiple") == "true",
        by_event=node.get("triggeredByEvent") == "true",
        called=node.get("calledElement", ""),
        needs=int(node.get("startQuantity", "1")),
        gives=int(node.get("completionQuantity", "1")),
        sequential=node.get("ordering") == "Sequential",
        cancels_rest=node.get("cancelRemainingInstances", "true") == "true",
        script=node.findtext(MODEL + "script", ""),
        for_compensation=node.get("isForCompensation") == "true",
    )  # fmt: skip
    made.until = node.findtext(MODEL + "activationCondition", node.findtext(MODEL + "completionCondition", "")).strip()
    if (many := node.find(MODEL + "multiInstanceLoopCharacteristics")) is not None:
        made.loop, made.count = "mi", many.findtext(MODEL + "loopCardinality", "").strip()
        made.sequential = many.get("isSequential") == "true"
        made.until = many.findtext(MODEL + "completionCondition", "").strip()
    if (again := node.find(MODEL + "standardLoopCharacteristics")) is not None:
        made.loop, made.count = "loop", again.get("loopMaximum", "")
        made.before = again.get("testBefore") == "true"
        made.until = again.findtext(MODEL + "loopCondition", "").strip()
    return made


def _triggers(node: ET.Element, codes: Mapping[str, str]) -> list[Trigger]:
    found = []
    for each in node:
        kind = each.tag.removeprefix(MODEL).removesuffix("EventDefinition")
        if not each.tag.endswith("EventDefinition"):
            continue
        ref = each.get(f"{kind}Ref", "") or each.get("activityRef", "")
        timer = next((c for c in each if kind == "timer"), None)
        text = each.get("name", "") or each.findtext(MODEL + "condition", "")
        form = ""
        if timer is not None:
            text, form = (timer.text or "").strip(), timer.tag.removeprefix(MODEL)
        waits = each.get("waitForCompletion", "true") == "true"
        found.append(Trigger(kind, codes.get(ref) or ref, text.strip(), form, waits))
    return found
