"""Every fault that is put into the engine is found by the checker of traces (`make slow`; by hand ``python -m
tests.agreement.engine_faults``).
"""

from pathlib import Path

import pytest

from tests.agreement.engine_faults import FAULTS, first_fault, told
from tests.faults import Fault, has_its_place


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_still_has_its_place(fault: Fault, tmp_path: Path) -> None:
    assert has_its_place(fault, tmp_path)


@pytest.mark.slow
def test_without_a_fault_nothing_is_said() -> None:
    assert first_fault() == ""


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_is_found(fault: Fault) -> None:
    found = told(fault)
    assert found, "nothing was said"
    assert not found.startswith("?"), found
