"""`why` as a person types and reads it."""

import json
from collections.abc import Callable

import pytest

from director.cli.terminal import fitted
from director.cli.why import _row
from director.office import Office
from director.views.why import why
from tests.director.cli.conftest import Said, drawn
from tests.director.conftest import add_call

Say = Callable[..., Said]


def test_a_call_may_be_named_in_two_words(office: Office, say: Say) -> None:
    """As people say it; both forms are one."""
    with office.store.write() as tx:
        add_call(tx, cost_nano=2_000_000_000)
    said = say("why", "call", "1")

    assert said == say("why", "c1")
    assert said.out.startswith("c1, $2.00: plan of g1 for g1 “Sell”\n")
    assert "Cost: $2.00 paid." in said.out


def test_programs_get_the_same_facts(office: Office, say: Say) -> None:
    """One document, each fact with its time, in words and as data."""
    with office.store.write() as tx:
        add_call(tx, cost_nano=2_000_000_000)
    document = json.loads(say("why", "c1", "--json").out)

    assert ("c1", 2_000_000_000, 0) == (document["id"], document["paid_nano"], document["rehearsed_nano"])
    assert {"at", "about", "said", "data"} == set(document["facts"][0])


@pytest.mark.parametrize("words", [("c7",), ("gnome",), ()])
def test_what_is_not_there_is_a_wrong_call(office: Office, say: Say, words: tuple[str, ...]) -> None:
    """Nothing on standard output."""
    said = say("why", *words)

    assert (2, "") == (said.code, said.out)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_it_fits_the_terminal_and_no_word_of_others_is_obeyed(office: Office, width: int) -> None:
    """The times stay whole; what somebody wrote is shown, not done."""
    with office.store.write() as tx:
        add_call(tx, text="Sell \x1b[2J gnomes " * 9)
    with office.store.read() as tx:
        facts = why(tx, office, "g1").facts
    rows = [_row(fact) for fact in facts]
    lines = drawn(fitted(rows, ("at (UTC)", "about", "what"), width, text="what", least=36, drop=("about",)), width)

    assert max(map(len, lines)) <= width
    assert all(line.startswith("2026-11-22 09:00:00") for line in lines[1:] if not line.startswith(" "))
    assert "\x1b" not in "".join(lines)
