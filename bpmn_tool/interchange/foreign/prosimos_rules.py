"""Conditions over attributes in Prosimos files, as expressions of a scenario."""

from collections.abc import Mapping
from typing import Final

from bpmn_tool.interchange.foreign.amounts import number
from bpmn_tool.interchange.foreign.json_reader import Json

_COMPARISONS: Final = {"=": "==", "==": "==", "!=": "!=", ">": ">", ">=": ">=", "<": "<", "<=": "<="}


class UnknownAttribute(Exception):
    """A condition asks for something that no case has here."""


def condition(rules: Json, attributes: Mapping[str, str]) -> str:
    """A list of alternatives, each a list of what has to hold together. `attributes`: name there -> name here.

    Raises UnknownAttribute.
    """
    alternatives = []
    for group in rules.items():
        parts = [_comparison(rule, attributes) for rule in group.items()]
        alternatives.append(" and ".join(parts) if parts else "true")
    if len(alternatives) == 1:
        return alternatives[0]
    return " or ".join(f"({each})" if " and " in each else each for each in alternatives) or "false"


def _comparison(rule: Json, attributes: Mapping[str, str]) -> str:
    name = rule.at("attribute").text()
    if name not in attributes:
        raise UnknownAttribute(name)
    known, value = attributes[name], rule.at("value")
    written = rule.first("comparison", "condition").text()
    if written == "in":
        low, high = value.at(0).number(), value.at(1)
        above = f"{known} >= {number(low)}"
        return above if high.value in ("inf", "Infinity") else f"{above} and {known} <= {number(high.number())}"
    if written not in _COMPARISONS:
        rule.wrong(f"'{written}' is no comparison")
        return "false"
    return f"{known} {_COMPARISONS[written]} {_literal(value, written)}"


def _literal(value: Json, comparison: str) -> str:
    if isinstance(value.value, bool):
        return "true" if value.value else "false"
    if isinstance(value.value, int | float):
        return str(number(value.value))
    text = value.text()
    if comparison not in ("=", "=="):  # Prosimos compares as numbers where it can
        try:
            return str(number(float(text)))
        except ValueError:
            pass
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
