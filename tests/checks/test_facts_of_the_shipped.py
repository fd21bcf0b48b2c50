"""Each fact that the shipped register and models state is asked for by a rule: delete it, and that rule says so."""

from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from bpmn_tool.checks import check
from bpmn_tool.checks.rule import Checked
from bpmn_tool.checks.rules import GAPS
from bpmn_tool.checks.stated import at_work, by_software
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.model.elements import Element, Model
from bpmn_tool.model.statement import Act, Evidence, Statement, Topic
from bpmn_tool.register import Register
from bpmn_tool.results.finding import Finding

ROOT = Path(__file__).parents[2]
PATHS = ("processes/as_is/local_pcve.bpmn", "processes/to_be/integrated_hub.bpmn")
ASKED = [*(rule.name for rule in GAPS), "unknown-code"]

#: the rule that asks for a fact, and with it
OWNERS = {
    "personLevel": "no-legal-ground",
    "legalBasis": "no-legal-ground",
    "purpose": "purpose-mismatch",
    "accountable": "no-case-lead",
    "urgent": "urgent-out-of-hours",
    "outcome": "no-way-to-decline",
    "decides": "urgent-out-of-hours",
    "criteria": "no-criteria",
    "personalData": "no-controller",
    "category": "no-controller",
    "controller": "no-controller",
    "contactPoint": "no-controller",
    "retention": "no-retention",
    "kpi": "no-evaluation",
    "evidence": "no-evidence",
}
#: what else follows from a fact, once it is gone
CONSEQUENCES = {
    Act.CONSULT: {"consultation-without-ground", "one-sided-meeting"},
    Act.FRAME: {"consultation-without-ground"},
    Act.REFER: {"no-authenticity-test"},  # of the first of those that it names: then another is first
    Act.INFORM: {"person-not-informed"},
    Act.START_RETENTION: {"no-retention"},
    Act.ERASE: {"no-retention"},
    Act.FEEDBACK: {"no-feedback"},
    Act.SECOND_READING: {"no-authenticity-test"},
    Topic.AUTHENTICITY: {"no-authenticity-test"},
}


@cache
def model(path: str) -> Model:
    return read_model(ROOT / path)


@cache
def register() -> Register:
    return read_register(ROOT / "processes" / "partners.toml")


@cache
def before(path: str) -> tuple[Finding, ...]:
    return check(model(path), register(), select=ASKED)


def raised(path: str, of: Model, by: Register) -> set[str]:
    """The rules that say more than before. One that says the same of fewer elements does not."""
    known = {(each.rule, each.message) for each in before(path)}
    new = (each for each in check(of, by, select=ASKED) if (each.rule, each.message) not in known)
    return {each.rule for each in new if not any(says_less(each, old) for old in before(path))}


def says_less(new: Finding, old: Finding) -> bool:
    """Whether it is the same finding about some of the elements, or about as many missing of fewer."""
    if (new.rule, new.severity, new.not_stated) != (old.rule, old.severity, old.not_stated):
        return False
    same_fact = not new.not_stated or fact(new) == fact(old)
    return same_fact and bool(new.witness) and set(new.witness) <= set(old.witness)


def fact(finding: Finding) -> str:
    return finding.message.partition(": ")[0]


def stating(path: str) -> Iterator[tuple[Element, str]]:
    for element in model(path).elements():
        for each in fields(Statement):
            if each.name not in ("names", "ignored", "source") and getattr(element.statement, each.name) is not None:
                yield element, each.name
            if each.name == "source" and element.statement.evidence is Evidence.SOURCED:
                yield element, each.name


def without(of: Model, element: Element, field: str) -> Model:
    nothing: dict[str, Any] = {field: None}
    less = replace(element, statement=replace(element.statement, **nothing))
    for group in ("flow_nodes", "sequence_flows", "message_flows", "data"):
        if element.id in getattr(of, group):
            changed: dict[str, Any] = {group: MappingProxyType({**getattr(of, group), element.id: less})}
            return replace(of, **changed)
    raise AssertionError(element.id)


def expected(path: str, element: Element, field: str) -> tuple[str, set[str]]:
    """The rule that asks for a fact, and those that may have to say something of what follows."""
    statement = element.statement
    acts = {rule for act in statement.act or () for rule in CONSEQUENCES.get(act, ())}
    if element.id in by_software(model(path)):
        acts |= {"no-human-oversight"}
    if "reporter" in getattr(element, "target_ref", ""):
        acts |= {"no-feedback"}
    match field:
        case "act" if element.id in model(path).message_flows:
            return "no-way-to-decline", acts
        case "act":
            return "monitoring-of-persons", acts
        case "decides":
            return OWNERS["decides"], {rule for each in statement.decides or () for rule in CONSEQUENCES.get(each, ())}
        case "person_level" if Act.REFER in (statement.act or ()):
            return OWNERS["personLevel"], CONSEQUENCES[Act.REFER]
        case "participants":
            return "consultation-without-ground", {"one-sided-meeting"}
        case "legal_basis" if Act.CONSULT in (statement.act or ()):
            return "no-legal-ground", {"consultation-without-ground"}
        case "channel":
            return "no-authenticity-test", set()
        case "source":
            return "no-evidence", set()
        case _:
            return OWNERS[camel(field)], set()


def camel(field: str) -> str:
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)


CASES = [(path, element, field) for path in PATHS for element, field in stating(path)]


def misjudged(cases: list[tuple[str, Element, str]]) -> list[tuple[str, str, set[str]]]:
    wrong = []
    for path, element, field in cases:
        rules = raised(path, without(model(path), element, field), register())
        owner, others = expected(path, element, field)
        if owner not in rules or not rules <= {owner, *others}:
            wrong.append((element.id, field, rules))
    return wrong


def test_a_fact_that_is_deleted_from_the_extension_is_missed_by_the_rule_that_asks_for_it() -> None:
    assert misjudged(CASES[::12]) == []


@pytest.mark.slow
def test_every_fact_that_is_deleted_from_the_extension_is_missed() -> None:
    assert misjudged(CASES) == []


def test_there_is_much_to_delete() -> None:
    assert len(CASES) > 600


def used_roles() -> set[str]:
    return {id_ for path in PATHS for id_ in at_work(Checked(models=(model(path),), register=register()))}


ROLE_FACTS = {
    "mandate": "role-without-mandate",
    "legal_bases": "role-without-mandate",
    "secrecy": "role-without-mandate",
    "seat": "role-without-mandate",
    "may": "monitoring-of-persons",
    "duty_to_report": "report-against-secrecy",
    "online": "no-worker-support",
    "capacity": "no-criteria",
    "hours": "urgent-out-of-hours",
}


@pytest.mark.parametrize("fact", ROLE_FACTS)
def test_a_fact_that_is_deleted_from_a_role_is_missed_by_the_rule_that_asks_for_it(fact: str) -> None:
    stated = [id_ for id_ in sorted(used_roles()) if getattr(register().roles[id_], fact) is not None]
    assert stated
    for id_ in stated:
        nothing: dict[str, Any] = {fact: None}
        less = replace(register().roles[id_], **nothing)
        by = replace(register(), roles=MappingProxyType({**register().roles, id_: less}))
        rules = {rule for path in PATHS for rule in raised(path, model(path), by)}
        assert rules == {ROLE_FACTS[fact]}, id_


def test_a_sector_that_is_deleted_is_missed() -> None:
    pools = {"city", "local_police", "caw", "clb", "cgg", "ocmw", "security", "reporter", "person_concerned"}
    for id_ in sorted(pools):
        less = replace(register().partners[id_], sector=None)
        by = replace(register(), partners=MappingProxyType({**register().partners, id_: less}))
        rules = {rule for path in PATHS for rule in raised(path, model(path), by)}
        assert "no-feedback" in rules, id_
        assert rules <= {"no-feedback", "one-sided-meeting"}, id_


CITED = {
    register().meant(code)
    for path in PATHS
    for element in model(path).elements()
    for code in element.statement.legal_basis or ()
}


@pytest.mark.parametrize("id_", sorted(CITED))
def test_what_a_cited_law_allows_is_missed_when_deleted(id_: str) -> None:
    less = replace(register().legal_bases[id_], purposes=None)
    by = replace(register(), legal_bases=MappingProxyType({**register().legal_bases, id_: less}))
    assert {rule for path in PATHS for rule in raised(path, model(path), by)} == {"purpose-mismatch"}


@pytest.mark.parametrize("id_", ["law_livcr", "consultation_458ter", "community_decrees"])
def test_what_a_law_does_to_secrecy_is_missed_when_a_consultation_cites_it(id_: str) -> None:
    less = replace(register().legal_bases[id_], effects=None)
    by = replace(register(), legal_bases=MappingProxyType({**register().legal_bases, id_: less}))
    assert {rule for path in PATHS for rule in raised(path, model(path), by)} == {"consultation-without-ground"}


@pytest.mark.parametrize("id_", sorted(CITED))
def test_a_law_that_is_cited_and_gone_is_unknown(id_: str) -> None:
    by = replace(
        register(),
        legal_bases=MappingProxyType({key: each for key, each in register().legal_bases.items() if key != id_}),
    )
    assert "unknown-code" in {rule for path in PATHS for rule in raised(path, model(path), by)}
