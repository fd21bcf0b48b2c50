"""The lines of a trace."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.results.trace import Cause, Row, RowKind, header, lines

TEXTS = st.text(max_size=6)
LISTS = st.lists(TEXTS, max_size=3).map(tuple)
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS | st.lists(TEXTS, max_size=2)

ROWS = st.builds(
    Row,
    tick=st.integers(0, 2**62),
    kind=st.sampled_from(RowKind),
    case=TEXTS,
    path=TEXTS,
    visit=st.integers(0, 2**24),
    element=TEXTS,
    flows=LISTS,
    item=TEXTS,
    resources=LISTS,
    data=st.none() | st.dictionaries(TEXTS, VALUES, max_size=3),
    demand=st.none() | st.integers(0, 2**62),
    predecessors=LISTS,
    handoffs=LISTS,
    waits=st.none() | st.dictionaries(st.sampled_from(Cause), st.integers(0, 2**62), max_size=5),
)


@given(ROWS)
def test_a_line_is_its_object_as_the_encoder_writes_it(row):
    assert row.line() == json.dumps(row.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"


def test_the_header_comes_first():
    first, second = lines([Row(5, RowKind.ENDED, "s/0/0")], header(seed=1, replication=0, plan="p"))
    assert json.loads(first)["trace"] == 1
    assert second == '{"case":"s/0/0","kind":"ended","tick":5,"visit":0}\n'
