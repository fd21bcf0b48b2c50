"""The sets of rules that bpmnlint has, with its severities (bpmnlint 11.15)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bpmn_tool.results.finding import Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RECOMMENDED: Final[Mapping[str, Severity]] = MappingProxyType(
    {
        "ad-hoc-sub-process": _ERROR,
        "conditional-flows": _ERROR,
        "end-event-required": _ERROR,
        "event-based-gateway": _ERROR,
        "event-sub-process-typed-start-event": _ERROR,
        "fake-join": _WARNING,
        "global": _WARNING,
        "label-required": _ERROR,
        "link-event": _ERROR,
        "no-bpmndi": _ERROR,
        "no-complex-gateway": _ERROR,
        "no-disconnected": _ERROR,
        "no-duplicate-sequence-flows": _ERROR,
        "no-gateway-join-fork": _ERROR,
        "no-implicit-split": _ERROR,
        "no-implicit-end": _ERROR,
        "no-implicit-start": _ERROR,
        "no-inclusive-gateway": _WARNING,
        "no-overlapping-elements": _WARNING,
        "single-blank-start-event": _ERROR,
        "single-event-definition": _ERROR,
        "start-event-required": _ERROR,
        "sub-process-blank-start-event": _ERROR,
        "superfluous-gateway": _WARNING,
        "superfluous-label": _WARNING,
        "superfluous-termination": _WARNING,
    }
)
CORRECTNESS: Final[Mapping[str, Severity]] = MappingProxyType(
    {
        "ad-hoc-sub-process": _ERROR,
        "conditional-event": _ERROR,
        "event-based-gateway": _ERROR,
        "event-sub-process-typed-start-event": _ERROR,
        "link-event": _ERROR,
        "no-duplicate-sequence-flows": _WARNING,
        "sub-process-blank-start-event": _ERROR,
        "single-blank-start-event": _ERROR,
    }
)
ALL: Final[Mapping[str, Severity]] = MappingProxyType(
    dict.fromkeys(sorted({*RECOMMENDED, *CORRECTNESS, "standard-size"}), _ERROR)
)
"""Everything that bpmnlint has, as errors; its set `all`."""
SETS: Final[Mapping[str, Mapping[str, Severity]]] = MappingProxyType(
    {"correctness": CORRECTNESS, "recommended": RECOMMENDED, "all": ALL}
)
