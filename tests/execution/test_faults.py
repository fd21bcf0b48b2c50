"""Every fault that is put into execution is found by a test (`make slow`; by hand ``python -m
tests.execution.faults``).
"""

import shutil
from pathlib import Path

import pytest

from tests.execution.faults import FAULTS, found
from tests.model.faults import ROOT, Fault, put


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_still_has_its_place(fault: Fault, tmp_path: Path) -> None:
    (tmp_path / fault.path).parent.mkdir(parents=True)
    shutil.copy(ROOT / fault.path, tmp_path / fault.path)
    put(fault, tmp_path)
    assert (tmp_path / fault.path).read_bytes() != (ROOT / fault.path).read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_is_found(fault: Fault) -> None:
    told = found(fault)
    assert told.startswith(("execution/test_", "agreement/test_")), told
