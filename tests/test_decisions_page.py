"""docs/decisions.md keeps its form: dated, newest first, at most ten lines each."""

import re
from datetime import date


def test_each_decision_is_dated_short_and_in_order(root):
    page = (root / "docs" / "decisions.md").read_text(encoding="utf-8")
    found = re.findall(r"^## (\d{4}-\d\d-\d\d) (.+?)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert len(found) == page.count("\n## ")
    days = [date.fromisoformat(day) for day, _title, _text in found]
    assert days == sorted(days, reverse=True)
    assert [title for _day, title, text in found if len(text.strip().splitlines()) > 10] == []
