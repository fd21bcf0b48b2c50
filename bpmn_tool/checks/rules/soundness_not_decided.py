"""``soundness-not-decided``: whether a model is sound was looked for and not found out."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.soundness import Verdict, soundness_of
from bpmn_tool.messages import _, format_number
from bpmn_tool.model.elements import MessageFlow
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
    for each in found.beyond:
        element = model.get(each)
        if element is None:
            continue
        if isinstance(element, MessageFlow):
            message = _(
                "soundness was not decided: messages of %(name)s can pile up, more than two of them before one is taken"
            )
        else:
            message = _("soundness was not decided: more than two of %(name)s can be under way at a time")
        yield Violation(each, message % {"name": quoted(element)})
    if found.spent:
        message = _(
            "soundness was not decided within %(count)s situations (limit: %(limit)s); no fault was found in these"
        )
        values = {"count": format_number(found.states), "limit": _LIMITS[found.spent]()}
        yield Violation(next(iter(model.processes), ""), message % values)


_LIMITS = {
    "states": lambda: _("their number"),
    "memory": lambda: _("memory"),
    "time": lambda: _("time"),
    "steps": lambda: _("the ways out of one of them"),
}


RULE = Rule(
    name="soundness-not-decided",
    severity=Severity.INFO,
    why="Silence would look like proof: where not all situations were looked at, nothing is proved.",
    whence="this project: a third verdict beside sound and not sound",
    find=find,
)
