"""``soundness-not-decided``: whether a model is sound was looked for and not found out."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.soundness import Verdict, soundness_of
from bpmn_tool.messages import _, format_number
from bpmn_tool.model.elements import Element, MessageFlow, Model
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    found = soundness_of(model)
    if found.verdict is Verdict.NOT_CHECKED:
        rules = ", ".join(dict.fromkeys(each.rule for each in found.breaks))
        message = _("soundness was not checked, since the model breaks the standard first: %(rules)s")
        yield Violation(found.breaks[0].element, message % {"rules": rules})
    if found.verdict is not Verdict.NOT_DECIDED:
        return
    if found.beyond:
        elements = [element for each in found.beyond if (element := model.get(each)) is not None]
        message = _(
            "soundness was not decided, since messages, or instances that they begin, can pile up: %(names)s; no other "
            "fault was found in %(count)s situations"
        )
        names = ", ".join(dict.fromkeys(_called(model, each) for each in elements))
        values = {"names": names, "count": format_number(found.states)}
        yield Violation(found.beyond[0], message % values, found.beyond)
    elif found.spent == "time":  # how far it came differs from run to run, and is not told
        message = _("soundness was not decided in the time that there is for it; no fault was found until then")
        yield Violation(next(iter(model.processes), ""), message)
    elif found.spent:
        message = _(
            "soundness was not decided within %(count)s situations (limit: %(limit)s); no fault was found in these"
        )
        values = {"count": format_number(found.states), "limit": _LIMITS[found.spent]()}
        yield Violation(next(iter(model.processes), ""), message % values)


def _called(model: Model, element: Element) -> str:
    """As sentences call it; of a message flow without a name what it joins."""
    if not isinstance(element, MessageFlow) or element.name.strip():
        return quoted(element)
    ends = [model.get(end) for end in (element.source_ref, element.target_ref)]
    source, target = (quoted(end or element) for end in ends)
    return _("from %(source)s to %(target)s") % {"source": source, "target": target}


_LIMITS = {
    "states": lambda: _("their number"),
    "memory": lambda: _("memory"),
    "steps": lambda: _("the ways out of one of them"),
}


RULE = Rule(
    name="soundness-not-decided",
    severity=Severity.INFO,
    why="Silence would look like proof: where not all situations were looked at, nothing is proved.",
    whence="this project: a third verdict beside sound and not sound",
    find=find,
)
