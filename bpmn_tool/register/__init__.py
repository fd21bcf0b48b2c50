"""The register: partners, their roles, mandates and legal bases, as data. Read by `interchange.register_toml`."""

from bpmn_tool.register.partners import LegalBasis, Partner, Register, Role, identifier

__all__ = ["LegalBasis", "Partner", "Register", "Role", "identifier"]
