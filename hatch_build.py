"""Puts the study that ships into the wheel, so that ``bpmn-tool study`` works without a clone.

Not into an editable install, which reads the folders of the clone itself.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = ("bpmn-tool.toml", "processes", "simulations")


class ShippedStudy(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the files below ``bpmn_tool/shipped``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds; `version` is ``standard`` or ``editable``."""
        if version == "standard":
            build_data["force_include"].update({path: f"bpmn_tool/shipped/{path}" for path in SHIPPED})
