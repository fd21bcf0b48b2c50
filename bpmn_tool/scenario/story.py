"""A story: a recorded case of a process, what people did and what must have happened."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from bpmn_tool.scenario.places import Collector
from bpmn_tool.scenario.scenario import Text
from bpmn_tool.scenario.tables import Table
from bpmn_tool.scenario.values import Lasting

#: values that a case's data can have: bool, int, float, str, None, or tuples of them
Data = Mapping[str, Any]


def check_data(data: Data, problems: Collector, key: str) -> None:
    """Data are truth values, numbers, texts and lists of them."""
    for name, value in data.items():
        if not _is_data(value):
            problems.add("a truth value, a number, a text or a list of them is wanted here", key, name)


def _is_data(value: Any) -> bool:
    match value:
        case bool() | int() | float() | str():
            return True
        case tuple():
            return all(map(_is_data, value))
        case _:
            return False


class Step(Table):
    """What somebody does: complete `do` (as a role), `wait`, a `message` from a black box, or `choose` a flow at a
    gateway without conditions.

    `choose` may stand beside `do`; `instance` picks one of a multi-instance, from 0; `set` is the data that it leaves.
    """

    EXCLUSIVE = (("do", "wait", "message"),)
    ONE_OF = (("do", "wait", "message", "choose"),)
    do: Text | None = None
    as_: Text | None = Field(default=None, alias="as")
    wait: Lasting | None = None
    message: Text | None = None
    choose: Text | tuple[Text, ...] | None = None
    instance: int | None = Field(default=None, ge=0)
    set: Data = Field(default_factory=dict)

    def check(self, problems: Collector) -> None:
        for key in ("as", "instance"):
            if self.has(key) and self.do is None:
                problems.add("only a step with 'do' takes this", key)
        if self.has("set") and self.wait is not None:
            problems.add("waiting sets nothing", "set")
        check_data(self.set, problems, "set")


class Expect(Table):
    """What must have happened. `path`: these elements in this order; others may stand between, unless `exact`. `by`:
    element -> role.
    """

    path: tuple[Text, ...] = ()
    exact: bool = False
    by: Mapping[str, Text] = {}
    ends: tuple[Text, ...] = ()
    never: tuple[Text, ...] = ()
    data: Data = Field(default_factory=dict)
    within: Lasting | None = None

    def check(self, problems: Collector) -> None:
        check_data(self.data, problems, "data")
        for element in sorted(set(self.path) & set(self.never)):
            problems.add(f"'{element}' stands in 'path' too", "never")


class Story(Table):
    """`clock` is an aware moment; `model` the files that are read as one."""

    NOT_KEYS = ("file",)

    format: Literal[1] = 1
    name: Text
    model: tuple[Path, ...]
    start: Text
    clock: datetime
    data: Data = Field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    expect: Expect = Expect()

    #: the file it was read from
    file: str = ""

    def check(self, problems: Collector) -> None:
        if self.clock.tzinfo is None:
            problems.add("a moment with its offset is wanted here, such as 2026-03-02T22:15:00+01:00", "clock")
        check_data(self.data, problems, "data")
