"""Public holidays of countries and regions, from the package `holidays`."""

import re
from functools import lru_cache
from typing import Any, Final

# ISO 3166-2 codes of regions that the package knows under names of its own, or not at all: they have the national days
_ISO_REGIONS: Final[dict[tuple[str, str], str | None]] = {
    ("BE", "VLG"): "Flemish",
    ("BE", "WAL"): "French",
    ("BE", "BRU"): None,
}

_COUNTRY: Final = re.compile("[A-Z]{2}")


@lru_cache(maxsize=64)
def public_holidays(country: str, region: str | None = None) -> Any:
    """The public holidays of a country (`BE`) and region (ISO 3166-2's letters): a mapping by date that fills itself.

    Raises ValueError for a country or a region that the package lacks.
    """
    if not _COUNTRY.fullmatch(country):
        raise _unknown(country)
    import holidays

    try:
        national = holidays.country_holidays(country)
    except NotImplementedError:
        raise _unknown(country) from None
    if region is None or (subdivision := _ISO_REGIONS.get((country, region), region)) is None:
        return national
    if subdivision not in (known := national.get_subdivision_aliases()):
        codes = sorted({*known, *(code for of, code in _ISO_REGIONS if of == country)})
        regions = f"there are {', '.join(codes)}" if codes else "it has none with days of its own"
        raise ValueError(f"{region[:20]!r} is not a region of {country}; {regions}")
    return holidays.country_holidays(country, subdiv=subdivision)


def _unknown(country: str) -> ValueError:
    return ValueError(f"the public holidays of {country[:20]!r} are not known; a country has two letters, such as BE")
