"""``consultation-without-ground``: holders of secrecy speak about a person where the law lets them, prepared."""

from collections.abc import Iterator

from bpmn_tool.checks.consultations import at_table, consultations, not_stated_of_consultations
from bpmn_tool.checks.requirements import completions
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import bases_not_stated, called, holds_secrecy, label, not_stated, shortened, steps_doing
from bpmn_tool.messages import N_, _
from bpmn_tool.model.paths import Point, paths_of
from bpmn_tool.model.statement import Act
from bpmn_tool.register import Effect, Register
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model, register = checked.model, checked.register
    yield from not_stated_of_consultations(checked)
    if register is None:
        return
    bound = {}
    for step in consultations(model):
        seated = at_table(checked, step)
        holders = [role for role in seated if holds_secrecy(register, role)]
        if holders and len({role.partner for role in seated}) > 1:
            bound[step] = holders
    asked = list(bound)
    silent = [each for each in asked if model.statement_of(each).legal_basis is None]
    yield from not_stated(model, _("legal basis of consultations (legalBasis)"), asked, silent)
    yield from _effects_not_stated(checked, register, [each for each in asked if each not in silent])
    for step, holders in bound.items():
        bases = model.statement_of(step).legal_basis
        if bases is not None and not any(_lifts(register, each) for each in bases):
            message = _(
                "in %(step)s %(roles)s, who hold secrecy, speak about a person with other partners, and no legal basis "
                "that it cites lifts secrecy: cite one that does, or let them speak without naming the person"
            )
            names = shortened([f"'{called(role)}'" for role in holders])
            yield Violation(step, message % {"step": label(model, step), "roles": names})
    yield from _not_prepared(checked, asked)


def _lifts(register: Register, code: str) -> bool:
    basis = register.legal_basis(code)
    return basis is not None and (basis.effects is None or Effect.LIFTS_SECRECY in basis.effects)


def _effects_not_stated(checked: Checked, register: Register, steps: list[str]) -> Iterator[Violation]:
    cited = {
        basis.id: basis
        for step in steps
        for code in checked.model.statement_of(step).legal_basis or ()
        if (basis := register.legal_basis(code)) is not None
    }
    fact = _("what cited legal bases do to secrecy (effects, in the register)")
    yield from bases_not_stated(checked.model, fact, list(cited.values()), lambda basis: basis.effects)


def _not_prepared(checked: Checked, steps: list[str]) -> Iterator[Violation]:
    model = checked.model
    if not steps:
        return
    paths = paths_of(model)
    reached = paths.reached(completions(model, tuple(steps_doing(model, Act.FRAME))))
    for step in steps:
        if Point(step) in reached:
            message = _(
                "%(step)s can begin before anybody has fixed who takes part, for what and how (act frame): do that on "
                "every path to it"
            )
            yield Violation(step, message % {"step": label(model, step)}, paths.around(Point(step), reached))


RULE = Rule(
    name="consultation-without-ground",
    severity=Severity.WARNING,
    why=(
        "Secrecy is lifted inside a consultation that the law provides for, among those and for the aim that "
        "were fixed before."
    ),
    whence="this project; in Belgium art. 458ter of the Criminal Code",
    find=find,
    question=N_("Which law provides for this consultation, and who fixes participants, aim and modalities beforehand?"),
)
