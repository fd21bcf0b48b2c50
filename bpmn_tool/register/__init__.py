"""The register: partners, their roles, mandates and legal bases, and what must never come without what, as data. Read
by `interchange.register_toml`.
"""

from bpmn_tool.register.partners import LegalBasis, Partner, Register, Role, identifier
from bpmn_tool.register.requirements import Breach, Goal, RequiredBefore

__all__ = ["Breach", "Goal", "LegalBasis", "Partner", "Register", "RequiredBefore", "Role", "identifier"]
