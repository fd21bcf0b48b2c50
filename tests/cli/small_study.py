"""A small world on disk: people who need something quick or something slow, and a drawing with one lane a role."""

from pathlib import Path

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             id="defs" targetNamespace="http://example.org">
  <collaboration id="c"><participant id="office" name="Office" processRef="p"/></collaboration>
  <process id="p" isExecutable="true">
    <laneSet id="ls">
      <lane id="l1" name="Desk"><flowNodeRef>START</flowNodeRef><flowNodeRef>which</flowNodeRef>
        <flowNodeRef>quick</flowNodeRef><flowNodeRef>done</flowNodeRef></lane>
      <lane id="l2" name="Specialist"><flowNodeRef>slow</flowNodeRef></lane>
    </laneSet>
    <startEvent id="START" name="Comes in"><outgoing>f1</outgoing></startEvent>
    <exclusiveGateway id="which" name="Hard?" default="f2"><incoming>f1</incoming><outgoing>f3</outgoing>
      <outgoing>f2</outgoing></exclusiveGateway>
    <userTask id="quick" name="Do it"><incoming>f2</incoming><outgoing>f4</outgoing></userTask>
    <userTask id="slow" name="=Do it well"><incoming>f3</incoming><outgoing>f5</outgoing></userTask>
    <endEvent id="done" name="Done"><incoming>f4</incoming><incoming>f5</incoming></endEvent>
    <sequenceFlow id="f1" sourceRef="START" targetRef="which"/>
    <sequenceFlow id="f2" sourceRef="which" targetRef="quick"/>
    <sequenceFlow id="f3" sourceRef="which" targetRef="slow">
      <conditionExpression xsi:type="tFormalExpression">hard</conditionExpression></sequenceFlow>
    <sequenceFlow id="f4" sourceRef="quick" targetRef="done"/>
    <sequenceFlow id="f5" sourceRef="slow" targetRef="done"/>
  </process>
</definitions>
"""

SCENARIO = """
format = 1
name = "Today"
model = "today.bpmn"
start = 2026-01-05T00:00:00
time_zone = "Europe/Brussels"
horizon = "P60D"
follow_up = "P60D"
replications = 6
seed = 3

[demand.person]
rate = "3 per day"
[demand.person.attributes]
hard = { probability = 0.5 }

[arrivals.START]
of = "person"

[roles.desk]
count = 1
cost_per_hour = 30
[roles.specialist]
count = 1
cost_per_hour = 60

[tasks.quick]
duration = { exponential = "PT2H" }
[tasks.slow]
duration = { exponential = "PT12H" }
"""

#: nobody does the hard ones any more
LOSING = """
format = 1
name = "Without a specialist"
extends = "today.toml"
roles.specialist = "unset"
"""

#: another drawing of the same steps, with a door of another name
OTHER = """
format = 1
name = "Another door"
extends = "today.toml"
model = "other.bpmn"
[arrivals]
START = "unset"
[arrivals.counter]
of = "person"
"""


def write(folder: Path) -> Path:
    """Puts all of it into a folder; the path of the baseline."""
    (folder / "today.bpmn").write_text(MODEL, encoding="utf-8")
    (folder / "other.bpmn").write_text(MODEL.replace("START", "counter"), encoding="utf-8")
    (folder / "losing.toml").write_text(LOSING, encoding="utf-8")
    (folder / "other.toml").write_text(OTHER, encoding="utf-8")
    (folder / "today.toml").write_text(SCENARIO, encoding="utf-8")
    return folder / "today.toml"
