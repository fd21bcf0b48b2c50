"""Where the study that ships lies: beside the package in a clone, inside it when it was installed from a wheel."""

from pathlib import Path

import bpmn_tool


def shipped(*parts: str) -> Path:
    """A path below the folder with the shipped ``bpmn-tool.toml``, ``processes`` and ``simulations``."""
    package = Path(bpmn_tool.__file__).parent
    inside = package / "shipped"
    return (inside if inside.is_dir() else package.parent).joinpath(*parts)
