"""The ends of the numbers that `draws.uniform` gives: odd multiples of 2^-53 between them, never 0 or 1."""

from typing import Final

U_MIN: Final = 2.0**-53
U_MAX: Final = 1.0 - 2.0**-53
