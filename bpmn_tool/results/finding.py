"""A finding: something about a model that a rule says, with its place."""

from dataclasses import dataclass, field
from enum import Enum

from bpmn_tool.errors import Location


class Severity(Enum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`rule` is the rule's name, `element` an id of the model, `witness` ids that show it (a path, the other end)."""

    rule: str
    severity: Severity
    message: str
    element: str = ""
    location: Location = field(default_factory=Location)
    witness: tuple[str, ...] = ()
    #: nothing is known to be wrong: what the rule asks for has not been filled in
    not_stated: bool = False
    #: why the file says to ignore it; empty for one that counts
    ignored_because: str = ""

    def __str__(self) -> str:
        place = f"{self.location}: " if str(self.location) else ""
        element = f" ({self.element})" if self.element else ""
        return f"{place}{self.severity.value}[{self.rule}] {self.message}{element}"
