"""Small files of other tools for tests, and what a draft of them says."""

import json
from pathlib import Path
from typing import Any

from bpmn_tool.instants.units import SECOND
from bpmn_tool.interchange.foreign import Draft, import_files
from bpmn_tool.scenario.distribution_tables import distribution
from bpmn_tool.scenario.values import Context
from bpmn_tool.simulation.samplers import sampler

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    targetNamespace="urn:x">
  <process id="P">
    <startEvent id="s"/>
    <sequenceFlow id="s_a" sourceRef="s" targetRef="a"/>
    <task id="a" name="Look"/>
    <sequenceFlow id="a_x" sourceRef="a" targetRef="x"/>
    <exclusiveGateway id="x" default="x_e"/>
    <sequenceFlow id="x_b" sourceRef="x" targetRef="b"/>
    <sequenceFlow id="x_e" sourceRef="x" targetRef="e"/>
    <task id="b" name="Mend"/>
    <sequenceFlow id="b_e" sourceRef="b" targetRef="e"/>
    <endEvent id="e"/>
  </process>
  {more}
</definitions>
"""
POINTS = 20_000


def model(folder: Path, more: str = "") -> Path:
    path = folder / "model.bpmn"
    path.write_text(MODEL.format(more=more))
    return path


def prosimos(folder: Path, **said: Any) -> Draft:
    """What Prosimos parameters with these sections say of the model."""
    path = folder / "parameters.json"
    path.write_text(json.dumps({"resource_profiles": [], "task_resource_distribution": [], **said}))
    return import_files("prosimos", [model(folder), path])


def fixed(seconds: float) -> dict[str, Any]:
    return {"distribution_name": "fix", "distribution_params": [{"value": seconds}]}


def moments(written: Any, *, durations: bool = True, points: int = POINTS) -> tuple[float, float]:
    """Mean and standard deviation of a distribution as a scenario writes it, by quadrature over its quantiles."""
    draw = sampler(distribution(written, Context(), durations=durations))
    unit = SECOND if durations else 1
    values = [float(draw((n + 0.5) / points, {})) / unit for n in range(points)]
    mean = sum(values) / points
    return mean, (sum((value - mean) ** 2 for value in values) / points) ** 0.5


def notes(draft: Draft, kind: str) -> list[str]:
    return [note.message for note in draft.notes if note.kind.value == kind]
