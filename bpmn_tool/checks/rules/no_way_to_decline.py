"""``no-way-to-decline``: who is asked for information can say that they will not give it."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import label, not_stated, without_act
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import MessageFlow, Model
from bpmn_tool.model.statement import Act, Outcome
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    between = list(model.message_flows)
    yield from not_stated(model, _("what messages do (act)"), between, without_act(model, between))
    questions = [flow for flow in model.message_flows.values() if Act.ASK in (flow.statement.act or ())]
    handed = [flow for flow in model.message_flows.values() if {Act.ASK, Act.REFER} & set(flow.statement.act or ())]
    answers = {each.id for flow in handed for each in _answers(model, flow)} - {each.id for each in handed}
    silent = [each for each in model.message_flows if each in answers and model.statement_of(each).outcome is None]
    yield from not_stated(model, _("what answers say (outcome)"), sorted(answers), silent)
    for flow in questions:
        back = _answers(model, flow)
        if back and all(each.statement.outcome not in (None, Outcome.DECLINED) for each in back):
            message = _(
                "%(flow)s asks for information, and no answer says that it is not given: draw that one too, so that "
                "silence does not look like 'no concern'"
            )
            yield Violation(flow.id, message % {"flow": label(model, flow.id)}, tuple(each.id for each in back))


def _answers(model: Model, question: MessageFlow) -> list[MessageFlow]:
    """What the partner that is asked sends back to whoever asks; a question of its own is no answer."""
    asker, asked = _party(model, question.source_ref), _party(model, question.target_ref)
    return [
        flow
        for flow in model.message_flows.values()
        if _party(model, flow.source_ref) == asked and _party(model, flow.target_ref) == asker
        if Act.ASK not in (flow.statement.act or ())
    ]


def _party(model: Model, element: str) -> str:
    return model.process_of(element) or element


RULE = Rule(
    name="no-way-to-decline",
    severity=Severity.WARNING,
    why="Nobody has to share, and a partner that keeps silent must not be read as one that has no concern.",
    whence="this project: the right to speak is no duty",
    find=find,
    question=N_("May this partner decline to answer, and how does whoever asks learn that it does?"),
)
