import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.interchange.toml_text import add_keys, add_tables, comment, text_value


@given(st.text())
def test_texts_are_read_as_they_were(text: str) -> None:
    read = tomllib.loads(f"x = {text_value(text)}  # {comment(text)}")["x"]
    assert read == text or any((ord(c) > 0xFFFF and not c.isprintable()) or 0xD800 <= ord(c) < 0xE000 for c in text)


TEXT = """\
a = 1  # first

# about t
[t]  # the table [x]
b = \"\"\"
[not a header]
\"\"\"

# about u
[u."k.l"]
c = 2
"""


@pytest.mark.parametrize(
    ("table", "after"),
    [((), "a = 1  # first\n"), (("t",), 'header]\n"""\n'), (("u", "k.l"), "c = 2\n")],
)
def test_keys_stand_at_the_end_of_their_table(table: tuple[str, ...], after: str) -> None:
    added = add_keys(TEXT, table, ["new = 3"])
    assert added == TEXT.replace(after, after + "new = 3\n")


@pytest.mark.parametrize(
    ("text", "table"),
    [("t = { a = 1 }\n", ("t",)), ("t.a = 1\n", ("t",)), ("[t]\nnew = 1\n", ("t",)), ("[t]\n", ("u",))],
)
def test_what_cannot_be_added_is_left(text: str, table: tuple[str, ...]) -> None:
    assert add_keys(text, table, ["new = 3"]) is None


@pytest.mark.parametrize("text", ["", "a = 1", "a = 1\n"])
def test_tables_follow_the_text(text: str) -> None:
    added = add_tables(text, ["[t]\nb = 2\n"])
    assert added.startswith(text)
    assert tomllib.loads(added)["t"] == {"b": 2}
