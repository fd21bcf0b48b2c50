"""What every table of a file that people write has in common."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bpmn_tool.scenario.places import Collector


class Table(BaseModel):
    """A frozen table. `open_questions` are its keys at which "?" stands: they count as given, and have their default
    until they are filled.

    `REQUIRED` keys have to be there; of each group of `EXCLUSIVE` keys one at most (a variant that writes one removes
    an inherited other); of each group of `ONE_OF` exactly one.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        arbitrary_types_allowed=True,
        populate_by_name=True,
        validate_default=False,
    )
    REQUIRED: ClassVar[tuple[str, ...]] = ()
    EXCLUSIVE: ClassVar[tuple[tuple[str, ...], ...]] = ()
    ONE_OF: ClassVar[tuple[tuple[str, ...], ...]] = ()
    #: what only makes sense beside a key, and goes when a variant removes that
    DEPENDENT: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    #: fields that the reader fills and no file may write
    NOT_KEYS: ClassVar[tuple[str, ...]] = ()

    open_questions: frozenset[str] = Field(default=frozenset(), alias="?", repr=False)

    @model_validator(mode="after")
    def _keys(self) -> Self:
        problems = Collector()
        for key in self.REQUIRED:
            if not self.has(key):
                problems.add(f"'{key}' is missing")
        for group in self.EXCLUSIVE:
            given = [key for key in group if self.has(key)]
            if len(given) > 1:
                problems.add(f"{' and '.join(given)} exclude each other")
        for group in self.ONE_OF:
            if not any(self.has(key) for key in group):
                problems.add(f"one of {', '.join(group)} is missing")
        self.check(problems)
        problems.done()
        return self

    def check(self, problems: Collector) -> None:
        """What has to hold between the keys of this table; a subclass adds."""

    def has(self, key: str) -> bool:
        """Whether a key was written, be it as an open question."""
        return key in self.open_questions or python_name(key) in self.model_fields_set


#: keys that mean something else in Python, and the attributes that stand for them
_ATTRIBUTES = {"from": "from_", "register": "register_", "with": "with_", "as": "as_", "?": "open_questions"}
_KEYS = {attribute: key for key, attribute in _ATTRIBUTES.items()}


def python_name(key: str) -> str:
    """The attribute of a key: ``from`` is a word of Python's, so that its attribute is ``from_``."""
    return _ATTRIBUTES.get(key, key)


def toml_name(name: str) -> str:
    """The key of an attribute."""
    return _KEYS.get(name, name)


def keys_of(cls: type[Table]) -> dict[str, Any]:
    """The keys of a table as written in files, with their annotations (metadata included)."""
    return {
        toml_name(name): info
        for name, info in cls.model_fields.items()
        if name not in ("open_questions", *cls.NOT_KEYS)
    }
