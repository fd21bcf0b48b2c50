"""Public holidays of countries and regions, from the package `holidays`."""

from functools import lru_cache
from typing import Any, Final

# ISO 3166-2 codes of regions that the package knows under names of its own, or not at all: they have the national days
_ISO_REGIONS: Final[dict[tuple[str, str], str | None]] = {
    ("BE", "VLG"): "Flemish",
    ("BE", "WAL"): "French",
    ("BE", "BRU"): None,
}


@lru_cache(maxsize=64)
def public_holidays(country: str, region: str | None = None) -> Any:
    """The public holidays of a country (`BE`) and region (ISO 3166-2's letters): a mapping by date that fills itself.

    Raises ValueError for a country or a region that the package lacks.
    """
    import holidays

    known = holidays.list_supported_countries(include_aliases=True)
    if country not in known:
        raise ValueError(
            f"the public holidays of {country[:20]!r} are not known; a country has two letters, such as BE"
        )
    if region is None or (subdivision := _ISO_REGIONS.get((country, region), region)) is None:
        return holidays.country_holidays(country)
    if subdivision not in known[country]:
        codes = sorted({*known[country], *(code for of, code in _ISO_REGIONS if of == country)})
        regions = f"there are {', '.join(codes)}" if codes else "it has none with days of its own"
        raise ValueError(f"{region[:20]!r} is not a region of {country}; {regions}")
    return holidays.country_holidays(country, subdiv=subdivision)
