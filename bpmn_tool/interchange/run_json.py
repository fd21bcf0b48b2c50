"""What ``simulate --out DIR`` left in a folder, as far as drawings need it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.json_file import read_json

FILE: Final = "simulate.json"
SCHEMA: Final = "bpmn-tool/simulate/1"


class _Total(BaseModel):
    total_s: float


class _Causes(BaseModel):
    undefined: float = 0.0


class ActivityOfRun(BaseModel):
    """Of one activity in one repetition, on average: how often, and seconds."""

    model_config = ConfigDict(frozen=True)

    count: float
    waiting: _Total
    processing: _Total
    causes: _Causes = _Causes()

    @property
    def waited_s(self) -> float:
        """Without what waits because nobody is named."""
        return max(0.0, self.waiting.total_s - self.causes.undefined)


class _Run(BaseModel):
    schema_: str
    name: str
    activities: Mapping[str, ActivityOfRun]


def read_run(folder: Path) -> tuple[str, Mapping[str, ActivityOfRun]]:
    """The name of the scenario, and its activities by element id. Raises InputError."""
    path = folder / FILE
    place = Location(path=str(path))
    if not path.is_file():
        message = f"there is no {FILE} in this folder; 'bpmn-tool simulate SCENARIO.toml --out {folder}' writes it"
        raise InputError(Problem(message=message, location=Location(path=str(folder))))
    found = read_json(path)
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise InputError(Problem(message=f"is no result of simulate: its schema is not '{SCHEMA}'", location=place))
    try:
        run = _Run.model_validate({**found, "schema_": found["schema"]})
    except ValidationError as error:
        problems = [
            Problem(message=each["msg"], location=Location(path=str(path), key=".".join(map(str, each["loc"]))))
            for each in error.errors()
        ]
        raise InputError(problems) from None
    return run.name, run.activities
