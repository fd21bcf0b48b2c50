"""Time: ISO 8601, ticks (microseconds), zones, calendar arithmetic, rates and working time.

>>> format_duration(exact_ticks("P1DT90M"))
'P1DT1H30M'
"""

from bpmn_tool.instants.hours import DAYS, WeeklyHours, parse_hours, parse_range
from bpmn_tool.instants.iso8601 import (
    Cycle,
    Duration,
    exact_ticks,
    format_duration,
    format_seconds,
    parse_cycle,
    parse_duration,
    parse_instant,
)
from bpmn_tool.instants.public_holidays import public_holidays
from bpmn_tool.instants.units import (
    DAY,
    HOUR,
    MAX_TICKS,
    MINUTE,
    MONTH,
    RATE_UNITS,
    SECOND,
    WEEK,
    YEAR,
    per,
    per_tick,
    split_rate,
)
from bpmn_tool.instants.working_time import NEVER, Calendar
from bpmn_tool.instants.zones import TimeLine, load_zone, zone_names

__all__ = [
    "DAY",
    "DAYS",
    "HOUR",
    "MAX_TICKS",
    "MINUTE",
    "MONTH",
    "NEVER",
    "RATE_UNITS",
    "SECOND",
    "WEEK",
    "YEAR",
    "Calendar",
    "Cycle",
    "Duration",
    "TimeLine",
    "WeeklyHours",
    "exact_ticks",
    "format_duration",
    "format_seconds",
    "load_zone",
    "parse_cycle",
    "parse_duration",
    "parse_hours",
    "parse_instant",
    "parse_range",
    "per",
    "per_tick",
    "public_holidays",
    "split_rate",
    "zone_names",
]
