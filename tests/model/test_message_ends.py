"""Message flows that are drawn to the border of a pool."""

from dataclasses import replace

from bpmn_tool.model.elements import Event, EventDefinition, EventKind, Model, RootElement, TriggerKind
from bpmn_tool.model.message_ends import message_ends
from tests.execution.drawing import catch, draw, receive, throw, user


def _model(*receivers: str) -> Model:
    events = [
        Event(
            id=each,
            container="Q",
            kind=EventKind.CATCH,
            definitions=(EventDefinition(kind=TriggerKind.MESSAGE, ref=f"M_{each.rstrip('0123456789')}"),),
        )
        for each in receivers
    ]
    model = draw([throw("t", message=True), user("a", container="Q"), *events], messages="m:t>pool_Q")
    roots = {f"M_{name}": RootElement(id=f"M_{name}", kind="message", name=name) for name in ("answer", "question")}
    flow = replace(model.message_flows["m"], message_ref="M_answer")
    return replace(model, root_elements=roots, message_flows={"m": flow})


def test_it_leads_to_the_one_step_that_waits_for_its_message() -> None:
    assert message_ends(_model("answer", "question")) == {"m": ("t", "answer")}


def test_of_several_none_is_meant() -> None:
    assert message_ends(_model("answer1", "answer2"))["m"] == ("t", "pool_Q")


def test_a_flow_without_a_message_is_known_by_its_own_name() -> None:
    model = draw([throw("t", message=True), receive("r", name="Reply", container="Q")], messages="m:t>pool_Q")
    named = replace(model.message_flows["m"], name=" Reply ")
    assert message_ends(replace(model, message_flows={"m": named}))["m"] == ("t", "r")


def test_what_is_drawn_to_a_step_or_a_black_box_stays() -> None:
    model = draw([throw("t", message=True), catch("c")], messages="m:t>B n:B>c", boxes="B")
    assert message_ends(model) == {"m": ("t", "B"), "n": ("B", "c")}
