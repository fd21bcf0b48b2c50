"""``no-legal-ground``: what is about a person, and data about persons, stand on a ground."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import about_persons, by_software, label, not_stated, personal, same_data, work
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import Model
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    steps = work(model)
    asked = [*about_persons(model, (*steps, *model.message_flows)), *personal(model)]
    asked += [each for each in _of_software(model) if each not in asked]
    silent = [each for each in steps if model.statement_of(each).person_level is None]
    if not asked and len(silent) == len(steps):
        silent = [each for each in steps if model.statement_of(each).legal_basis is None]
        yield from not_stated(model, _("legal basis of steps (legalBasis)"), steps, silent)
        return
    yield from not_stated(model, _("whether steps are about one person (personLevel)"), steps, silent)
    missing = [each for each in asked if model.statement_of(each).legal_basis is None]
    fact = _("legal basis of what is about persons (legalBasis)")
    yield from not_stated(model, fact, asked, missing)
    for each in asked:
        if model.statement_of(each).legal_basis == ():
            message = _(
                "%(element)s is about persons, and it is stated that it has no legal basis: find one, keep to "
                "trends, or leave it out"
            )
            yield Violation(each, message % {"element": label(model, each)})


def _of_software(model: Model) -> Iterator[str]:
    """Data that software writes, unless it is stated that no person is in them."""
    for step in by_software(model):
        written = {
            end for each in getattr(model.flow_nodes[step], "data_outputs", ()) for end in same_data(model, each)
        }
        for data in model.data:
            if data in written and model.data[data].name and model.statement_of(data).personal_data is not False:
                yield data
                break


RULE = Rule(
    name="no-legal-ground",
    severity=Severity.WARNING,
    why="Personal data may be used on a ground of the law only, and a ground that nobody wrote down is none.",
    whence="GDPR art. 5(1)(a), 6, 9 and 10",
    find=find,
    question=N_("On which legal ground may this be done, by whom and for what purpose?"),
)
