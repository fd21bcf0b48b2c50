"""How sentences of the rules call what has no name, and how much they name."""

import pytest

from bpmn_tool.checks import check
from bpmn_tool.checks.rules.dead_activity import NAMED
from bpmn_tool.interchange.bpmn_xml import read_bytes


def messages(xml: str, rule: str) -> list[str]:
    head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">'
    model = read_bytes(f"{head}{xml}</definitions>".encode(), "m.bpmn")
    return [finding.message for finding in check(model, select=[rule])]


def flows(*pairs: str) -> str:
    ends = [pair.split(">") for pair in pairs]
    return "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}" />' for a, b in ends)


@pytest.mark.parametrize(("name", "called"), [("", "from 'Ask' to 'Asked'"), ('name="question"', "'question'")])
def test_a_message_flow_without_a_name_is_called_by_its_ends(name, called):
    xml = f"""<collaboration id="c"><participant id="a" processRef="p" /><participant id="b" processRef="q" />
      <messageFlow id="m" {name} sourceRef="ask" targetRef="asked" /></collaboration>
      <process id="p"><startEvent id="s" /><exclusiveGateway id="x" /><sendTask id="ask" name="Ask" />
      <exclusiveGateway id="y" /><endEvent id="e" />{flows("s>x", "x>ask", "ask>y", "y>x", "y>e")}</process>
      <process id="q"><startEvent id="asked" name="Asked"><messageEventDefinition /></startEvent><task id="t" />
      <endEvent id="f" />{flows("asked>t", "t>f")}</process>"""
    (message,) = messages(xml, "soundness-not-decided")
    assert f"can pile up: {called}, " in message


def test_not_all_of_what_is_dead_is_named():
    row = [f"t{number}" for number in range(NAMED + 3)]
    xml = f"""<process id="p"><startEvent id="s" /><exclusiveGateway id="x" /><task id="a" /><task id="b" />
      <parallelGateway id="j" />{"".join(f'<task id="{each}" />' for each in row)}<endEvent id="e" />
      {flows("s>x", "x>a", "x>b", "a>j", "b>j", f"j>{row[0]}", *map(">".join, zip(row, [*row[1:], "e"], strict=True)))}
      </process>"""
    (message,) = messages(xml, "dead-activity")
    assert message.endswith(
        f"nor can {NAMED + 4} steps behind it: " + ", ".join(f"'t{n}'" for n in range(NAMED)) + ", …"
    )


def test_a_flow_that_is_dead_by_itself_is_called_by_its_ends():
    xml = f"""<process id="p"><startEvent id="s" /><exclusiveGateway id="x" /><callActivity id="a" calledElement="q" />
      <endEvent id="e" />{flows("s>x", "x>a", "a>e", "x>e")}</process>
      <process id="q"><startEvent id="t" /><exclusiveGateway id="m" /><task id="w" />
      {flows("t>m", "m>w", "w>m")}</process>"""
    (message,) = messages(xml, "dead-activity")
    assert message.startswith("the flow from 'a' to 'e' can never be taken")


def test_how_far_a_search_came_in_its_time_is_not_told(monkeypatch):
    """It differs from run to run, and what is found must not."""
    from bpmn_tool.checks.rules import soundness_not_decided as module
    from bpmn_tool.checks.soundness import Soundness, Verdict

    spent = Soundness(verdict=Verdict.NOT_DECIDED, spent="time", states=4711)
    monkeypatch.setattr(module, "soundness_of", lambda _model: spent)
    (message,) = messages('<process id="p"><startEvent id="s" /></process>', "soundness-not-decided")
    assert "in the time that there is" in message
    assert "4" not in message
