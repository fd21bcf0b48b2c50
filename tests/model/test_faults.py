"""Every fault that is put into the token rules is found by a test (`make slow`; by hand ``python -m
tests.model.faults``).
"""

from pathlib import Path

import pytest

from tests.faults import Fault, has_its_place
from tests.model.faults import FAULTS, found


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_still_has_its_place(fault: Fault, tmp_path: Path) -> None:
    assert has_its_place(fault, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_is_found(fault: Fault) -> None:
    told = found(fault)
    assert told.startswith("model/test_"), told
