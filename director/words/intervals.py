"""How sure a share is that was counted on few."""

import math

#: Of the normal distribution, for 95 %.
_Z = 1.959964


def wilson(found: float, of: int) -> tuple[float, float]:
    """
    The 95 % interval of a share, Wilson's: *found* of *of*, a half where a tie counts as one. From 0 to 1 where nothing was
    counted.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    if of == 0:
        return 0.0, 1.0
    share = found / of
    within = 1 + _Z**2 / of
    middle = (share + _Z**2 / (2 * of)) / within
    reach = _Z * math.sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2)) / within
    return max(0.0, middle - reach), min(1.0, middle + reach)
