"""Which verbs there are, in the order of the work: the line that ``--help`` shows, and what a verb's own help adds."""

from dataclasses import dataclass
from keyword import iskeyword
from typing import Final

from bpmn_tool.messages import N_, _


@dataclass(frozen=True, slots=True)
class Command:
    """A verb; its function is ``command`` in ``bpmn_tool.cli.<verb>``. One with several actions (``partner sign``) has
    a module for each, ``bpmn_tool.cli.<verb>_<action>``.
    """

    verb: str
    line: str
    more: str = ""
    actions: tuple["Command", ...] = ()
    of: str = ""  # of an action: its verb

    def help(self) -> str:
        """What the verb's own ``--help`` says above its options, in the language in use."""
        return "\n\n".join((f"{_(self.line)}.", *([_(self.more)] if self.more else [])))

    @property
    def words(self) -> str:
        """How JSON calls it: ``partner-sign`` for an action."""
        return f"{self.of}-{self.verb}" if self.of else self.verb

    @property
    def module(self) -> str:
        """The module to import when the verb is called."""
        before = f"{self.of}_" if self.of else ""
        return f"bpmn_tool.cli.{before}{self.verb}{'_' if iskeyword(self.verb) and not before else ''}"


PARTNER: Final = (
    Command(
        "tasks",
        N_("Say what a partner is assigned, and with a scenario what to expect"),
        N_("With --scenario: new cases a week, hours a week at the median and the 90th percentile, the busiest month."),
        of="partner",
    ),
    Command(
        "sheet",
        N_("Write the page on which a partner answers: one file, without a network, for a telephone or paper"),
        N_("--lang en, nl or fr is the language of the page."),
        of="partner",
    ),
    Command(
        "collect",
        N_("Check what came back from partners, and record it"),
        N_(
            "An answer about a step that changed since is refused, and what changed is said. Nothing is recorded "
            "unless all of it can be."
        ),
        of="partner",
    ),
    Command(
        "sign",
        N_("Record an answer of a partner by hand, or from the codes of a printed sheet"),
        N_(
            "--accept, --contest and --not-mine take ids of steps, --paper the codes of a printed sheet. Whoever "
            "contests says why."
        ),
        of="partner",
    ),
    Command(
        "status",
        N_("Say who agreed to what, what changed since, and the head of each chain"),
        N_("Exit 0: every step is accepted as it is; 1: something is open, contested, stale or broken."),
        of="partner",
    ),
    Command(
        "merge",
        N_("Join two branches of a sign-off file, with every line of both"),
        N_("The same whoever joins them; heads that somebody noted on either branch stay in the chain."),
        of="partner",
    ),
    Command(
        "seal",
        N_("Sign the head of a chain with an SSH key, or verify that"),
        N_("Exit 1: the seal is valid and the chain no longer has what was sealed."),
        of="partner",
    ),
)

COMMANDS: Final = (
    Command("study", N_("Check, play the stories, simulate every variant, compare and write report.html")),
    Command(
        "init",
        N_("Start from your own drawing: register, study and scenario with every id filled in"),
        N_(
            'A "?" stands where a number is needed. Run again after a change, it adds what is new, keeps what is '
            "there, and lists what lost its element."
        ),
    ),
    Command("show", N_("Say what a model holds")),
    Command(
        "check",
        N_("Find what is wrong with models, and where nobody is responsible"),
        N_(
            "Exit 0: no error (warnings and infos may be left); 1: an error, or with --strict a warning; "
            "2: it cannot be checked."
        ),
    ),
    Command(
        "diff",
        N_("Say what changed between two models, by meaning"),
        N_(
            "Order, white space, prefixes and places on the drawing are no change. Exit 0, also where there are "
            "differences; with --exit-code 1 where there are some; 2: it cannot be compared."
        ),
    ),
    Command(
        "ids",
        N_("Give the same step the same id as in another model"),
        N_(
            "Proposes pairs by name, kind and neighbours, and after a yes writes each id with all that refers to it, "
            "the diagram too, and no other byte. What could be meant twice is left alone."
        ),
    ),
    Command("layout", N_("Place pools, lanes, nodes and flows; writes only the diagram part of the file")),
    Command(
        "run",
        N_("Take one case through a process"),
        N_("Step by step on a terminal, by a story (--story), or by itself (--auto)."),
    ),
    Command(
        "test",
        N_("Play the stories against their processes"),
        N_("What people did is done again, and held against what must have happened."),
    ),
    Command("simulate", N_("Simulate a scenario")),
    Command("compare", N_("Compare scenarios with the first one, case by case")),
    Command("bottlenecks", N_("Show where work waits, and where nobody is named")),
    Command(
        "replay",
        N_("Run the cases of a simulated trace on SpiffWorkflow, and say which fit"),
        N_(
            "The trace says who finished what and when, which way was chosen and what came from outside; the rest is "
            "held against it. Exit 0: every case fits; 1: one does not; 2: it cannot be replayed."
        ),
    ),
    Command(
        "import",
        N_("Write simulation parameters of another tool as a scenario"),
        N_(
            "FORMAT is prosimos (JSON beside the model), bpsim or qbp (inside the model), or scylla (XML beside the "
            "model). All that is dropped, written otherwise or cannot be meant is listed with its place."
        ),
    ),
    Command(
        "export",
        N_("Write a scenario as simulation parameters of another tool"),
        N_(
            "FORMAT is prosimos (a JSON file) or bpsim (a copy of the model with the parameters in it). All that is "
            "dropped, written otherwise or cannot be meant is listed with its place."
        ),
    ),
    Command(
        "cache",
        N_("Say how much is kept of earlier simulations, or clear it"),
        N_(
            "Repetitions that were simulated before are kept in your cache folder and not run again: an interrupted "
            "study goes on where it was. BPMN_TOOL_CACHE names another folder; set to nothing, nothing is kept."
        ),
    ),
    Command(
        "partner",
        N_("Show a partner what is asked of it, and keep what it agreed to"),
        actions=PARTNER,
    ),
    Command("diagram", N_("Draw the diagram as SVG, PNG or PDF")),
)
