"""Which verbs there are: name, the line that ``--help`` shows, in the order of the work."""

from dataclasses import dataclass
from typing import Final

from bpmn_tool.messages import N_


@dataclass(frozen=True, slots=True)
class Command:
    """A verb; its function is ``command`` in ``bpmn_tool.cli.<verb>``."""

    verb: str
    line: str

    @property
    def module(self) -> str:
        """The module to import when the verb is called."""
        return f"bpmn_tool.cli.{self.verb}"


COMMANDS: Final = (
    Command("study", N_("Check, play the stories, simulate every variant, compare and write report.html")),
    Command("init", N_("Start from your own drawing: register, study and scenario with every id filled in")),
    Command("show", N_("Say what a model holds")),
    Command("check", N_("Find what is wrong with models, and where nobody is responsible")),
    Command("layout", N_("Place pools, lanes, nodes and flows; writes only the diagram part of the file")),
    Command("run", N_("Take one case through a process")),
    Command("test", N_("Play the stories against their processes")),
    Command("simulate", N_("Simulate a scenario")),
    Command("compare", N_("Compare scenarios with the first one, case by case")),
    Command("bottlenecks", N_("Show where work waits, and where nobody is named")),
    Command("diagram", N_("Draw the diagram as SVG, PNG or PDF")),
)
