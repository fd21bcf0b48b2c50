"""The report: one self-contained HTML file that needs no network and no script, for a screen, a telephone or paper."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from bpmn_tool import __version__
from bpmn_tool.messages import _, format_number, language
from bpmn_tool.model.elements import Model
from bpmn_tool.reports import words
from bpmn_tool.reports.blocks import Badge, Page
from bpmn_tool.reports.sections import sections
from bpmn_tool.reports.text import plain
from bpmn_tool.results.summary import StudyResult

_HYPHEN = re.compile(r"(?<=[A-Z])-(?=[A-Z])")


def write_report(study: StudyResult, models: Mapping[str, Model], path: Path) -> None:
    """Write the report of a study; `models` by the name of their scenario. Raises OSError where the file cannot be
    written.
    """
    path.write_text(report(study, models), encoding="utf-8", newline="\n")


def report(study: StudyResult, models: Mapping[str, Model]) -> str:
    """The report as the text of an HTML file; the same bytes for the same study, models and language."""
    return _template().render(page=page(study, models))


def page(study: StudyResult, models: Mapping[str, Model]) -> Page:
    """What stands in the report, before it is HTML."""
    return Page(
        language=language(),
        title=_("%(study)s – report") % {"study": study.name},
        heading=study.name,
        question=study.question,
        answer=words.answer(study),
        caution=words.grounds(study),
        disclaimer=_disclaimer(study),
        sections=sections(study, models),
        footer=tuple(_provenance(study)),
        words={
            "question": _("The question"),
            "answer": _("The answer, as far as the simulation goes"),
            "disclaimer": _("What this is, and what it is not"),
            "contents": _("Contents"),
            "numbers": _("The numbers behind this figure"),
            "fit": _("Show the whole drawing at once"),
            "enlarge": _("Enlarge, so that the words can be read (the drawing then scrolls)"),
            "provenance": _("How this report came about"),
            "scrolls": _("scrolls sideways"),
        },
    )


def _disclaimer(study: StudyResult) -> tuple[str, ...]:
    names = words.listed([s.name for s in study.scenarios])
    return (
        _(
            "This report compares ways of working that were drawn as process models: %(names)s. A computer played "
            "them through with invented "
            "cases. It shows what follows from the drawings and from the numbers that went in, not what happened to "
            "anybody."
        )
        % {"names": names},
        _(
            "The toolkit models processes. It detects nobody, judges nobody and holds no case files; there are no "
            "personal data in this report. "
            "Unless their authors say so, the processes are drawn from public sources, and no city or partner has "
            "validated them."
        ),
    )


def _provenance(study: StudyResult) -> Iterator[tuple[str, str]]:
    yield _("Made with"), f"bpmn-tool {__version__}"
    for scenario in study.scenarios:
        said = _("%(replications)s repetitions, seed %(seed)s, engine %(engine)s") % {
            "replications": format_number(scenario.replications),
            "seed": str(scenario.seed),
            "engine": scenario.engine,
        }
        yield scenario.name, f"{words.place(scenario.path)}; {said}"
        yield from ((f"{scenario.name}: {key}", value) for key, value in _flat(scenario.provenance))
    yield from _flat(study.provenance)
    if study.time_zone:
        yield _("Time zone"), study.time_zone


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        elif isinstance(value, (list, tuple)):
            yield name, ", ".join(map(str, value))
        else:
            yield name, str(value)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bpmn_tool.reports"),
        autoescape=True,
        finalize=_clean,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["whole"] = _whole
    environment.filters["together"] = _together
    environment.tests["badge"] = lambda value: isinstance(value, Badge)
    return environment.get_template("report.html.j2")


def _whole(text: str) -> str:
    """For headings: a hyphen between capitals ("AS-IS") does not end a line."""
    return _HYPHEN.sub("\N{NON-BREAKING HYPHEN}", text)


def _together(text: str) -> str:
    """For cells: a mean and its half-width stay on one line, a unit may go to the next."""
    return text.replace(" ± ", "\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}")


def _clean(value: object) -> object:
    """Everything that the template prints, but our own SVG, loses the characters that reorder or hide what is read."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value
