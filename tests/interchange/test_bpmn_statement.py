"""What the extension says is read into fields; what is misspelt there is refused with its line."""

import pytest

from bpmn_tool.comparison.attributes import facts_of
from bpmn_tool.errors import InputError
from bpmn_tool.instants import Duration
from bpmn_tool.interchange.bpmn_statement import ATTRIBUTES
from bpmn_tool.interchange.bpmn_vendors import vendors
from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.model.elements import Model
from bpmn_tool.model.statement import UNSTATED, Act, Category, Evidence, Statement
from tests.interchange.bpmn_text import definitions


def read(inside: str, outside: str = "") -> Model:
    body = f"""<process id="P"><task id="t"><extensionElements>{inside}</extensionElements></task>{outside}</process>"""
    return read_bytes(definitions(body, 'xmlns:tool="urn:bpmn-tool:1"').encode(), "m.bpmn")


def stated(inside: str) -> Statement:
    return read(inside).flow_nodes["t"].statement


def test_what_is_stated_is_read_into_fields() -> None:
    found = stated(
        '<tool:statement act="collect ask" personLevel="true" legalBasis="L1 L3" retention="P5Y" evidence="sourced"/>'
    )
    assert found.act == (Act.COLLECT, Act.ASK)
    assert found.person_level is True
    assert found.legal_basis == ("L1", "L3")
    assert found.retention == Duration(years=5)
    assert found.evidence is Evidence.SOURCED


def test_nothing_stated_is_not_the_same_as_stated_that_there_is_none() -> None:
    found = stated('<tool:statement act="none" legalBasis="none" retention="none" criteria="none"/>')
    assert (found.act, found.legal_basis, found.retention, found.criteria) == ((), (), False, "none")
    assert stated("").legal_basis is None


def test_an_element_without_the_extension_says_nothing() -> None:
    assert read("").flow_nodes["t"].statement is UNSTATED


def test_names_stand_by_language() -> None:
    found = stated('<tool:label lang="nl">Signaal ontvangen</tool:label><tool:label lang="FR">Recevoir</tool:label>')
    assert found.names == {"nl": "Signaal ontvangen", "fr": "Recevoir"}


def test_a_data_reference_says_what_its_object_says() -> None:
    data = """<dataObject id="o"><extensionElements><tool:statement personalData="true" category="special"/>
    </extensionElements></dataObject><dataObjectReference id="r" dataObjectRef="o"><extensionElements>
    <tool:statement category="criminal"/></extensionElements></dataObjectReference>"""
    found = read("", data).statement_of("r")
    assert found.personal_data is True
    assert found.category == (Category.CRIMINAL,)


def test_it_is_no_part_of_the_extension_that_is_kept_as_text() -> None:
    model = read('<tool:statement act="ask"/><v:form xmlns:v="urn:v"/>')
    assert model.flow_nodes["t"].extension == '<n0:form xmlns:n0="urn:v"/>'
    assert set(vendors(model)) == {"urn:v"}


def test_two_models_are_compared_by_each_attribute() -> None:
    node = read('<tool:statement legalBasis="none"/><tool:label lang="nl">Vragen</tool:label>').flow_nodes["t"]
    facts = facts_of(node, str)
    assert facts["statement.legalBasis"] == ("none", "none")
    assert facts["label.nl"] == ("Vragen", "Vragen")


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        ('<tool:statement legalBases="L1"/>', "has no attribute legalBases; did you mean legalBasis?"),
        ('<tool:statement act="colect"/>', "not 'colect'; did you mean collect?"),
        ('<tool:statement retention="5 years"/>', "retention must be a duration of ISO 8601 (P5Y), or none"),
        ('<tool:statement personLevel="yes"/>', "personLevel must be true or false, not 'yes'"),
        ('<tool:statement accountable="a b"/>', "accountable must be one id"),
        ('<tool:statement legalBasis=" "/>', "legalBasis says nothing"),
        ('<tool:statement act="ask"/><tool:statement act="ask"/>', "act is stated twice"),
        ("<tool:personalData/>", "there is no <personalData> in urn:bpmn-tool:1"),
        ("<tool:label>Naam</tool:label>", 'needs lang="nl" and a text'),
        ('<tool:label lang="nl">A</tool:label><tool:label lang="nl">B</tool:label>', "two of the labels are in 'nl'"),
        ('<tool:statement act="ask">why</tool:statement>', "nothing stands in a <statement> of urn:bpmn-tool:1"),
        ('<tool:statement act="ask"><task/></tool:statement>', "nothing stands in a <statement> of urn:bpmn-tool:1"),
        ('<tool:label lang="nl">A<b/></tool:label>', "nothing stands in a <label> of urn:bpmn-tool:1 but its text"),
        ('<tool:label lang="nl" langs="fr">A</tool:label>', 'a <label> has no attribute but lang="nl"'),
    ],
)
def test_what_is_wrong_in_our_namespace_is_refused_with_its_line(inside: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read(inside)
    problem = caught.value.problems[0]
    assert says in problem.message
    assert problem.location.line == 5


def test_a_statement_where_nobody_reads_it_is_refused() -> None:
    event = """<startEvent id="s"><timerEventDefinition><extensionElements><tool:statement act="ask"/>
    </extensionElements></timerEventDefinition></startEvent>"""
    with pytest.raises(InputError, match="the extension says something of elements with an id"):
        read("", event)


def test_each_field_has_one_attribute() -> None:
    fields = set(Statement.__dataclass_fields__) - {"names", "ignored"}
    assert sorted(row.field for row in ATTRIBUTES) == sorted(fields)


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ('<tool:ignore rule="fake-join" />', "which rule and why"),
        ('<tool:ignore because="x" />', "which rule and why"),
        ('<tool:ignore rule="a" because="x" until="2027" />', "which rule and why"),
        ('<tool:ignore rule="a" because="x" /><tool:ignore rule="a" because="y" />', "ignored twice"),
    ],
)
def test_an_ignore_says_which_rule_and_why(written: str, complaint: str) -> None:
    xml = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tool="urn:bpmn-tool:1" '
        f'targetNamespace="x"><process id="p"><task id="t"><extensionElements>{written}</extensionElements></task>'
        "</process></definitions>"
    )
    with pytest.raises(InputError, match=complaint):
        read_bytes(xml.encode(), "m.bpmn")
