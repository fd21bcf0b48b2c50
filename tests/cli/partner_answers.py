"""What a sheet saves, made without a browser: the data that stands in the page, with verdicts."""

import json
import re
from pathlib import Path
from typing import Any


def answer_from(page: Path, verdicts: dict[str, str], *, id_: str = "0" * 32, name: str = "") -> dict[str, Any]:
    """As the script of the page does it; `verdicts`: step -> verdict, or "contest: why"."""
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page.read_text(encoding="utf-8"))
    asked = json.loads(data)
    steps = []
    for step in asked["steps"]:
        if step["step"] in verdicts:
            verdict, _colon, reason = verdicts[step["step"]].partition(": ")
            steps.append({**step, "verdict": verdict, "reason": reason})
    date = "2026-03-02T10:00:00.000Z"
    return {"schema": asked["form"], "id": id_, "partner": asked["partner"], "name": name, "date": date, "steps": steps}


def save(path: Path, answer: dict[str, Any]) -> Path:
    path.write_text(json.dumps(answer), encoding="utf-8")
    return path
