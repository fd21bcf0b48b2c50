"""Colours: for kinds that must be told apart the palette of Okabe and Ito (2008); for amounts ColorBrewer's YlOrBr.

Both keep apart what people with the common colour-vision deficiencies see; no meaning is carried by colour alone.
"""

from typing import Final

BLACK: Final = "#1b1b1b"
GREY: Final = "#5f6670"
LIGHT: Final = "#d9dce1"
WHITE: Final = "#ffffff"

ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"

#: a light blue under black words: what a story goes through; its lines are BLUE
COVERED: Final = "#cfe6f5"

#: for scenarios, in order; the baseline first. Yellow is left out: a line in it is lost on white.
SERIES: Final = (GREY, BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)

#: ColorBrewer YlOrBr, nine classes without the darkest
_HEAT: Final = ("#ffffe5", "#fff7bc", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#993404")


def heat(share: float) -> str:
    """The colour of a value between 0 (nearly white) and 1 (brown), between the classes by straight lines in sRGB."""
    place = min(max(share, 0.0), 1.0) * (len(_HEAT) - 1)
    low = min(int(place), len(_HEAT) - 2)
    start, end = _channels(_HEAT[low]), _channels(_HEAT[low + 1])
    mixed = [round(a + (b - a) * (place - low)) for a, b in zip(start, end, strict=True)]
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def text_on(background: str) -> str:
    """Black or white, whichever has the higher contrast with the background: at least 4.58 (WCAG 2.2 asks for 4.5)."""
    return max(("#000000", WHITE), key=lambda colour: contrast(colour, background))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
