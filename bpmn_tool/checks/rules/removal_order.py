"""``removal-order``: who orders that a content is removed has the power to."""

from collections.abc import Iterator

from bpmn_tool.checks.powers import powers_not_stated, without_power
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import acts_not_stated, doing, pools_of, roles, says_acts
from bpmn_tool.messages import N_, _
from bpmn_tool.model.statement import Act
from bpmn_tool.register import Power, Sector
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    if pools_of(checked, Sector.PLATFORM) and not says_acts(model):
        yield from acts_not_stated(model)
    senders = {flow.id: flow.source_ref for flow in model.message_flows.values()}
    steps = dict.fromkeys(senders.get(each, each) for each in doing(model, Act.ORDER_REMOVAL))
    message = _(
        "%(role)s orders in %(step)s that a content is removed, and the register gives it no power to: send a "
        "notice, or ask the authority that may order it"
    )
    yield from powers_not_stated(checked, (role.id for step in steps for role in roles(checked, step)))
    yield from without_power(checked, steps, Power.ORDER_REMOVAL, message)


RULE = Rule(
    name="removal-order",
    severity=Severity.WARNING,
    why=(
        "A notice asks and an order binds: a platform that gets an order from whoever may not give one will "
        "not act on it."
    ),
    whence="Regulation (EU) 2022/2065 art. 9 and 16; Regulation (EU) 2021/784 art. 3",
    find=find,
    question=N_(
        "By which channel does this go to the platform, and which authority orders where a notice is not enough?"
    ),
)
