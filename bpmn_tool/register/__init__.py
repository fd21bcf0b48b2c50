"""The register: partners, their roles, mandates and legal bases, and what must never come without what, as data. Read
by `interchange.register_toml`.
"""

from bpmn_tool.register.partners import (
    ANY,
    Effect,
    LegalBasis,
    Partner,
    Power,
    Purpose,
    Register,
    Role,
    Sector,
    identifier,
)
from bpmn_tool.register.requirements import Breach, Goal, RequiredBefore

__all__ = [
    "ANY",
    "Breach",
    "Effect",
    "Goal",
    "LegalBasis",
    "Partner",
    "Power",
    "Purpose",
    "Register",
    "RequiredBefore",
    "Role",
    "Sector",
    "identifier",
]
