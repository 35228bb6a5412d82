"""`calibrate` as a person runs it, without a key."""

import json
from collections.abc import Callable

from tests.e2e.installation import Installation


def test_a_part_is_rehearsed_and_shown(install: Callable[..., Installation]) -> None:
    """
    The texts are judged by the actors in its own process and counted, the table follows, and what was judged is not judged
    again. Which text had which verdict is not told.
    """
    place = install()

    first = place.run("calibrate", "--limit", "12", "--shuffle", "3")
    again = place.run("calibrate", "--limit", "12", "--shuffle", "3", "--json")

    assert (first.code, again.code) == (0, 0)
    assert "12 texts to be judged by the built-in model (a rehearsal, which judges nothing)." in first.out
    assert "judged (12 of 12)" in first.out
    assert "/clean" not in first.out
    assert "Rehearsed: the built-in model judges nothing" in first.out
    [model] = json.loads(again.out)["models"]
    assert model["rehearsed"]
    assert model["clean"]["texts"] == 4
    assert model["kinds"]["missing-section"]["by_checks"] == 8
