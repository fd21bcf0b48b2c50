"""Every fault that is put into the token rules is found by a test (`make slow`; by hand ``python -m
tests.model.faults``).
"""

import shutil
from pathlib import Path

import pytest

from tests.model.faults import FAULTS, ROOT, Fault, found_by, put


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_still_has_its_place(fault: Fault, tmp_path: Path) -> None:
    (tmp_path / fault.path).parent.mkdir(parents=True)
    shutil.copy(ROOT / fault.path, tmp_path / fault.path)
    put(fault, tmp_path)
    assert (tmp_path / fault.path).read_text(encoding="utf-8") != (ROOT / fault.path).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_is_found(fault: Fault) -> None:
    found = found_by(fault)
    assert found.startswith("model/test_"), found
