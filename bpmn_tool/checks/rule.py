"""What a rule is: a record and a generator."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from bpmn_tool.errors import Location
from bpmn_tool.model.elements import Element, Model
from bpmn_tool.register import Register
from bpmn_tool.results.finding import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a rule looks at: one model, or with `once` all that are checked together.

    `options` are those that a project sets for rules that take any, by the rule's name.
    """

    models: tuple[Model, ...]
    register: Register | None = None
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def model(self) -> Model:
        """The one model of a rule that is asked about each model by itself."""
        (model,) = self.models
        return model


class Violation(NamedTuple):
    """What a rule yields: the id of an element, and a sentence that says what to do. `witness` are ids that show it.

    `severity` and `location` only where they are not the rule's own and the element's. `not_stated`: nothing is known
    to be wrong, what the rule asks for is not filled in.
    """

    element: str
    message: str
    witness: tuple[str, ...] = ()
    severity: Severity | None = None
    location: Location | None = None
    not_stated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`why` and `whence` (standard and section, or the tool that has the same rule) stand on its page in docs/rules.

    `once`: asked about all models together, not about each. `path`: the witness is the way to the trouble, step by
    step, and not told by the sentence. `question`: of a rule about gaps, what to ask whoever can close it.
    """

    name: str
    severity: Severity
    why: str
    whence: str
    find: Callable[[Checked], Iterable[Violation]]
    once: bool = False
    path: bool = False
    question: str = ""


def quoted(element: Element) -> str:
    r"""How sentences call an element.

    >>> quoted(Element(id="Task_1", name="Assess\nsignal")), quoted(Element(id="Task_2"))
    ("'Assess signal'", "'Task_2'")
    """
    return f"'{element.label}'"
