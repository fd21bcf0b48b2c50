"""docs/elements.md says what the code does."""

from tests.elements_page import PAGE, page


def test_the_page_of_elements_is_what_the_code_does() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.elements_page"
