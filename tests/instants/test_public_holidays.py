from datetime import date

import pytest

from bpmn_tool.instants import public_holidays


@pytest.mark.parametrize("region", [None, "VLG", "WAL", "BRU"])
def test_knows_the_regions_of_belgium_by_their_iso_letters(region):
    days = public_holidays("BE", region)
    assert date(2026, 7, 21) in days
    assert date(2026, 7, 22) not in days


def test_knows_days_of_a_region_alone():
    assert date(2026, 1, 6) in public_holidays("DE", "BY")
    assert date(2026, 1, 6) not in public_holidays("DE", "BE")


def test_fills_itself_for_any_year():
    assert date(2093, 12, 25) in public_holidays("BE")


@pytest.mark.parametrize(
    ("country", "region", "sentence"),
    [
        ("XX", None, "'XX' are not known"),
        ("BE", "BY", "'BY' is not a region of BE; there are BRU"),
        ("be", None, "not known"),
    ],
)
def test_says_what_is_wrong(country, region, sentence):
    with pytest.raises(ValueError, match=sentence):
        public_holidays(country, region)
