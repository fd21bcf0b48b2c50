"""What meeting the same luck was worth: how many times as many repetitions with luck of their own would be as exact."""

from bpmn_tool.messages import _, format_number
from bpmn_tool.reports import words
from bpmn_tool.results.summary import StudyResult


def gain(study: StudyResult) -> tuple[str, ...]:
    """A sentence for each alternative: the variance of independent runs over that of the paired difference, as
    measured.
    """
    sentence = _(
        "%(variant)s: that both met the same luck was worth so many times as many repetitions with luck of their own: "
        "%(gains)s. Below 1 it did harm."
    )
    found = []
    for variant in study.comparisons:
        gains = [
            _("%(name)s %(times)s times")
            % {"name": words.name_of_kpi(study, kpi), "times": format_number(ratio, 1 if ratio < 100 else 0)}
            for kpi in study.verdict_kpis
            if (row := variant.kpis.get(kpi)) is not None and (ratio := row.variance_ratio) is not None
        ]
        if gains:
            found.append(sentence % {"variant": variant.name, "gains": words.listed(gains)})
    return tuple(found)
