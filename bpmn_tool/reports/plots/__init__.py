"""The figures of a study, each with its finding as title, words for those who do not see it, and the table behind
it.
"""

from bpmn_tool.reports.plots.plot import Plot
from bpmn_tool.reports.plots.stuck import undefined_roles
from bpmn_tool.reports.plots.time import time_curves
from bpmn_tool.reports.plots.verdicts import verdicts
from bpmn_tool.reports.plots.waiting import handoff_outcomes, waiting_by_handoff, waiting_by_role
from bpmn_tool.reports.plots.warm_up import warm_up
from bpmn_tool.reports.plots.work import over_time, utilisation

__all__ = [
    "Plot",
    "handoff_outcomes",
    "over_time",
    "time_curves",
    "undefined_roles",
    "utilisation",
    "verdicts",
    "waiting_by_handoff",
    "waiting_by_role",
    "warm_up",
]
