"""Roles and partners as people call them, in the language in use."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpmn_tool.messages import _, named

if TYPE_CHECKING:
    from bpmn_tool.register import Register


@dataclass(frozen=True, slots=True)
class People:
    """Names from the register; without one, ids in words."""

    register: "Register | None" = None

    def role(self, role: str | None) -> str:
        """The name of a role."""
        if role is None:
            return _("nobody who is named")
        found = self.register.roles.get(role) if self.register is not None else None
        return role.replace("_", " ") if found is None else named(found.name, role)

    def holder(self, role: str | None) -> str:
        """The name of a role with its partner behind it."""
        found = self.register.roles.get(role) if self.register is not None and role is not None else None
        if found is None or self.register is None:
            return self.role(role)
        partner = self.register.partners.get(found.partner)
        said = self.role(role)
        if found.undefined:
            said = _("%(role)s (nobody is named for it)") % {"role": said}
        return said if partner is None else f"{said}, {named(partner.name, partner.id)}"
