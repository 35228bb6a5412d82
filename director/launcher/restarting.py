"""The rule of alerts about what is up: a process that ends again and again, or was given up."""

from datetime import datetime
from typing import Final

from director.launcher import state
from director.launcher.state import PartStatus, State
from director.launcher.supervisor import GOOD_WHILE
from director.upkeep.alert_rules import Found, Looking
from director.words.alert import Finding, Rule
from director.words.characters import shortened
from director.words.command import program

#: Ends in a row after which it goes in circles: one is an accident, two may be.
CIRCLES: Final = 3

#: Characters of its last words that are repeated.
_SHOWN: Final = 160


def restarting(looking: Looking) -> Found:
    """
    The processes of `up` in this workspace that end again and again. Where nothing is up here, nothing is wrong: workers may be
    started by others, who watch them.
    """
    found = state.find(looking.office.settings.state_dir)
    now = looking.office.clock()
    return [_finding(part) for part in (found.parts if found else ()) if _goes_in_circles(part, now - GOOD_WHILE)]


def _goes_in_circles(part: PartStatus, good_while_ago: datetime) -> bool:
    if part.state is State.GIVEN_UP:
        return True
    stays = part.state is State.RUNNING and part.since is not None and part.since <= good_while_ago
    return part.in_a_row >= CIRCLES and not stays


def _finding(part: PartStatus) -> Finding:
    given_up = part.state is State.GIVEN_UP
    ended = f"ended {part.in_a_row} times in a row"
    return Finding(
        Rule.RESTARTING,
        part.name,
        what=f"{part.name} {ended}{', and is given up' if given_up else ''}: {shortened(part.why, _SHOWN)}",
        costs=_COSTS.get(part.name, "What it does is not done meanwhile."),
        does="Nothing more: the rest goes on without it."
        if given_up
        else "It is started again, each time after a longer pause.",
        command=f"{program()} down, then {program()} up" if given_up else f"{program()} ps",
    )


#: What nobody does while it is not there.
_COSTS: Final = {
    "redis": "No bell rings; what waits is found by the sweep, if at all.",
    "workers": "Nobody does any work meanwhile.",
    "clock": "No schedule starts anything meanwhile.",
    "web": "No event comes in over HTTP meanwhile.",
}
