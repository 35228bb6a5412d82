"""Which line of the trail a use of a token is counted on: there are only so many, whatever somebody asks for."""

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from typing import Final

from director.words.models import TokenUse
from web.limits import network

#: What is answered to whom nothing was done for.
_REFUSED: Final = (401, 403, 429)

#: Lines of one token in one hour, about one for each change or page that a person gets to; what is more is counted together.
MOST_AN_HOUR: Final = 2_000

#: What stands where it was not kept which it was.
OTHERS: Final = "(others)"

#: Tokens, or tokens and addresses, that are remembered.
_MOST: Final = 10_000
_MOST_COUNTED: Final = 100


class Lines:
    """
    Of all that is refused from one address, one line a minute, the first: who has nothing any more can ask for ever. Of the
    rest `MOST_AN_HOUR` of a token, and after those one for each status: who has a good one can ask for whatever they like.
    """

    def __init__(self) -> None:
        #: The first refusal of a token's, from one address, in the last minute in which there was one.
        self._refused: OrderedDict[tuple[str, str], TokenUse] = OrderedDict()
        #: The lines of a token in the last hour in which there were any.
        self._had: OrderedDict[str, tuple[datetime, set[int]]] = OrderedDict()

    def of(self, use: TokenUse) -> TokenUse:
        """The use as it is written down."""
        return self._with_this_minute(use) if use.status in _REFUSED else self._with_this_hour(use)

    def _with_this_minute(self, use: TokenUse) -> TokenUse:
        whose, minute = (use.token, network(use.address)), use.last_at.replace(second=0, microsecond=0)
        first = self._refused.pop(whose, None)
        if first is None or first.at != minute:
            first = replace(use, at=minute)
        self._refused[whose] = first
        while len(self._refused) > _MOST:
            self._refused.popitem(last=False)
        return replace(first, last_at=use.last_at)

    def _with_this_hour(self, use: TokenUse) -> TokenUse:
        hour = use.last_at.replace(minute=0, second=0, microsecond=0)
        since, had = self._had.pop(use.token, (hour, set()))
        if since != hour:
            had = set()
        self._had[use.token] = (hour, had)
        while len(self._had) > _MOST_COUNTED:
            self._had.popitem(last=False)
        # Numbers in place of the lines: two that have one are counted once, and nothing else comes of it.
        line = hash((use.at, use.address, use.method, use.path, use.status))
        if line not in had and len(had) >= MOST_AN_HOUR:
            return replace(use, at=hour, address="", method="", path=OTHERS)
        had.add(line)
        return use
