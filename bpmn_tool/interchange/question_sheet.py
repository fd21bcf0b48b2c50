"""Open questions as a table to mail round: the columns of `numbers`, with the question as a sentence."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from bpmn_tool.interchange.csv_table import read_csv
from bpmn_tool.interchange.numbers_csv import COLUMNS
from bpmn_tool.scenario.questions import sentence
from bpmn_tool.scenario.scenario import Question

SHEET_COLUMNS = (COLUMNS[0], "question", *COLUMNS[1:])


class Writer(Protocol):
    def write(self, path: Path, text: str, before: str | None) -> None: ...


def write_sheet(path: Path, questions: Sequence[Question], name_of: Callable[[str], str], out: Writer) -> None:
    """A row a question; of a sheet that is there only what is missing is added, at its end."""
    before = path.read_bytes().decode("utf-8-sig") if path.is_file() else None
    columns: Sequence[str] = SHEET_COLUMNS
    delimiter, known = ",", frozenset[str]()
    text = io.StringIO(newline="")
    if before is not None:
        table = read_csv(path)
        columns, delimiter = table.columns, ";" if table.decimal_comma else ","
        known = frozenset(row.get("path", "") for _, row in table.rows)
        text.write(before if before.endswith("\n") or not before else before + "\n")
    writer = csv.DictWriter(text, columns, extrasaction="ignore", delimiter=delimiter, lineterminator="\n")
    if before is None:
        writer.writeheader()
    for question in questions:
        if question.path not in known:
            row = {"path": question.path, "question": sentence(question.path, name_of), "source": question.source}
            writer.writerow({key: _safe(value) for key, value in row.items()})
    out.write(path, text.getvalue(), before)


def begin_sheet(path: Path, out: Writer) -> None:
    """A sheet without rows, where there is none: scenarios that name it can be read."""
    if not path.is_file():
        out.write(path, ",".join(SHEET_COLUMNS) + "\n", None)


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell
