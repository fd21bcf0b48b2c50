"""``no-audit``: what software flags is looked at for errors and bias, and somebody owns that."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import acts_not_stated, by_software, listed, steps_doing
from bpmn_tool.messages import N_, _
from bpmn_tool.model.statement import Act
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    yield from acts_not_stated(model, by_software(model))
    flags = steps_doing(model, Act.SCORE)
    if flags and not steps_doing(model, Act.AUDIT):
        message = _(
            "%(steps)s: software flags, and no step looks into its errors and bias (act audit): draw one, in the "
            "lane of whoever owns it"
        )
        yield Violation(flags[0], message % {"steps": listed(model, flags)}, tuple(flags))


RULE = Rule(
    name="no-audit",
    severity=Severity.WARNING,
    why="Detection that nobody audits errs in silence, and more about some groups than about others.",
    whence="Regulation (EU) 2024/1689 art. 9, 15 and 26",
    find=find,
    question=N_("Who audits errors and bias of this software, how often, and who may stop it?"),
)
