"""A comparison as a workbook: numbers as numbers, a sheet a table, for those who go on with them in a spreadsheet.

Text from files never becomes a formula; the same results give the same bytes.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bpmn_tool.messages import _
from bpmn_tool.reports import words
from bpmn_tool.reports.text import plain
from bpmn_tool.results.summary import ScenarioResult, StudyResult
from bpmn_tool.results.trace import Cause

Row = tuple[Any, ...]

_MADE: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The date that stands in the file: none of its making, so that the same results give the same bytes."""
_WIDEST: Final = 60


def write_workbook(study: StudyResult, path: Path) -> None:
    """Write an .xlsx file. Raises OSError where it cannot be written."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(str(path), {**options, "nan_inf_to_errors": True, "in_memory": True})
    book.set_properties({"title": plain(study.name), "created": _MADE})
    bold = book.add_format({"bold": True, "bottom": 1})
    for name, headers, rows in _sheets(study):
        sheet = book.add_worksheet(name[:31])
        sheet.write_row(0, 0, headers, bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, plain(value) if isinstance(value, str) else value)
        for column, header in enumerate(headers):
            longest = max([len(header), *(len(str(row[column])) for row in rows if isinstance(row[column], str))])
            sheet.set_column(column, column, min(max(longest, 10) + 2, _WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(headers) - 1)
    try:
        book.close()
    except FileCreateError as error:
        raise error.__cause__ if isinstance(error.__cause__, OSError) else OSError(str(error)) from None


def _sheets(study: StudyResult) -> Iterable[tuple[str, Sequence[str], list[Row]]]:
    unit = _("Unit")
    estimate = (_("Mean"), _("± (95%)"), _("Repetitions"))
    if study.comparisons:
        headers = (
            _("Measure"), unit, study.scenarios[0].name, _("Variant"), _("Its mean"), _("Difference"), _("± (95%)"),
            _("p"), _("Verdict"),
        )  # fmt: skip
        yield _("Comparison"), headers, [
            (
                words.name_of_kpi(study, kpi), _unit(study, kpi), row.baseline.mean, variant.name, row.variant.mean,
                row.difference.mean, row.difference.half_width, row.p_value, words.verdict(row.verdict),
            )
            for variant in study.comparisons
            for kpi, row in variant.kpis.items()
        ]  # fmt: skip
    yield _("Measures"), (_("Scenario"), _("Measure"), unit, *estimate, _("Half within"), _("90% within")), [
        (
            s.name, words.kpi_name(kpi), kpi.unit.value, kpi.estimate.mean, kpi.estimate.half_width, kpi.estimate.n,
            kpi.survival.p50 if kpi.survival else None, kpi.survival.p90 if kpi.survival else None,
        )
        for s in study.scenarios
        for kpi in s.kpis.values()
    ]  # fmt: skip
    repetitions = [
        (s.name, words.kpi_name(kpi), kpi.unit.value, number, value)
        for s in study.scenarios
        for kpi in s.kpis.values()
        for number, value in enumerate(kpi.values)
    ]
    yield _("Repetitions"), (_("Scenario"), _("Measure"), unit, _("Repetition"), _("Value")), repetitions
    yield _("Steps"), _step_headers(), [row for s in study.scenarios for row in _steps(s)]
    yield (
        _("Roles"),
        (_("Scenario"), _("Role"), _("People"), _("Busy"), _("Waiting for them"), _("Hours a week")),
        [
            (s.name, r.name, r.count, r.utilisation.mean, r.queue.mean, r.hours_per_week)
            for s in study.scenarios
            for r in s.roles.values()
        ],
    )
    columns = (
        _("Scenario"), _("Handoff"), _("From"), _("To"), _("Sent"), _("Accepted"), _("Declined"), _("Lost"), _("Late"),
        _("Taken back"), _("Open"), _("Goes back"), _("Waits (s)"),
    )  # fmt: skip
    yield _("Handoffs"), columns, [
        (
            s.name, h.name, h.source, h.target, h.sent, h.accepted, h.declined, h.lost, h.late, h.withdrawn, h.open,
            h.bounces, h.waiting_mean_s,
        )
        for s in study.scenarios
        for h in s.handoffs.values()
    ]  # fmt: skip
    yield (
        _("Made from"),
        (_("What"), _("Value")),
        [
            *((f"{s.name}: {key}", str(value)) for s in study.scenarios for key, value in _origin(s).items()),
            *((key, str(value)) for key, value in study.provenance.items()),
        ],
    )


def _unit(study: StudyResult, kpi: str) -> str:
    return next((s.kpis[kpi].unit.value for s in study.scenarios if kpi in s.kpis), "")


def _step_headers() -> tuple[str, ...]:
    causes = tuple(f"{words.cause(cause)} (s)" for cause in Cause)
    return (_("Scenario"), _("Step"), _("Role"), _("Times"), _("Waits (s)"), _("Takes (s)"), *causes)


def _steps(scenario: ScenarioResult) -> Iterable[Row]:
    for row in scenario.activities.values():
        causes = (row.causes_s.get(cause, 0.0) for cause in Cause)
        yield (
            scenario.name, row.name or row.id, row.role, row.count,
            row.waiting_total_s, row.processing_total_s, *causes,
        )  # fmt: skip


def _origin(scenario: ScenarioResult) -> dict[str, Any]:
    return {
        "path": scenario.path, "seed": scenario.seed, "repetitions": scenario.replications, **scenario.provenance,
    }  # fmt: skip
