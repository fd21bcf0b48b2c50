"""A study: a question, a baseline, its variants, and the KPIs on which they are judged."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from bpmn_tool.scenario.kpis import Kpi
from bpmn_tool.scenario.scenario import Precision, Text
from bpmn_tool.scenario.tables import Table
from bpmn_tool.scenario.values import Count


class StudyKpis(Table):
    """`verdict`: the KPIs that carry the comparison, own or standard ones; each needs `better`."""

    file: Path | None = None
    verdict: tuple[Text, ...] = ()


class Study(Table):
    """`replications` and `seed` win over those of the scenarios. All paths are as found, links resolved."""

    EXCLUSIVE = (("replications", "precision"),)
    NOT_KEYS = ("path", "definitions")

    format: Literal[1] = 1
    name: Text
    question: str = ""
    baseline: Path
    variants: tuple[Path, ...] = ()
    kpis: StudyKpis = StudyKpis()
    stories: tuple[Path, ...] = ()
    replications: Count | None = None
    precision: Precision | None = None
    seed: Count | None = None
    language: Literal["en", "nl", "fr"] = "en"

    path: str = ""
    #: the KPIs of `kpis.file`, by name
    definitions: Mapping[str, Kpi] = {}

    @property
    def scenarios(self) -> tuple[Path, ...]:
        """Baseline first, then the variants."""
        return (self.baseline, *self.variants)
