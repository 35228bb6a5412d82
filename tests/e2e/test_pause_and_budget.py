"""A person pauses a goal from another terminal, and sets a budget: what follows is seen in the running program."""

import threading
from typing import Any

import pytest

from tests.e2e.installation import PATIENCE_S, Installation, asked, at_once
from tests.messages_server import MessagesServer


def paused(place: Installation) -> None:
    """In the middle of a call: that is kept, nothing follows, the command leaves and says how to go on; and so it does."""
    place.add_pipeline("Gnome Page", "copywriting")
    may_answer = threading.Event()

    def answer(_document: dict[str, Any]) -> None:
        if len(server.asked) == 2:
            may_answer.wait(PATIENCE_S)

    with MessagesServer(front=answer) as server:
        paid = {"anthropic_base_url": server.url}
        program = place.start("pipeline", "Gnome Page", "Sell the singing gnome", "--yes", **paid)
        asked(server, 2)
        said = place.run("pause", "g1", **paid)
        may_answer.set()
        left = program.wait()
        before = len(server.asked)
        standing = place.run("status", "g1", "--json", **paid).document
        stuck = place.run("status", "--stuck", **paid)
        resumed = place.run("resume", "g1", **paid)
        done = place.run("watch", "g1", **paid)

        assert said.code == 0
        assert "g1 is paused" in said.out
        assert left.code == 1
        assert "resume g1` lets it go on" in left.err
        assert (standing["goal"]["state"], standing["goal"]["waits_for"]) == ("waiting", "pause")
        assert (standing["calls"], before) == (2, 2)
        assert stuck.code == 0
        assert resumed.code == 0
        assert done.code == 0, done.err
        assert place.run("status", "g1", "--json").document["calls"] == len(server.asked)


def held(place: Installation) -> None:
    """A goal under a month that is nearly spent waits and says so; a higher cap lets it go on."""
    place.add_pipeline("Gnome Page", "copywriting")
    first = place.run("pipeline", "Gnome Page", "Sell the singing gnome", "--json")
    spent = first.document["cost"]["spent_usd"]
    place.run("pipeline", "Gnome Page", "Sell more gnomes", "--detach")
    place.run("budget", "set", f"{spent / 0.92:.6f}")
    budget = place.run("budget", "--json").document
    waits = place.run("watch", "g2")
    raised = place.run("budget", "set", "100", "--daily", "50")
    done = place.run("watch", "g2")

    assert budget["rehearsed"]["level"] == "throttle"
    assert waits.code == 1
    assert "level throttle" in waits.err
    assert raised.code == 0
    assert "day 20" in raised.out
    assert done.code == 0, done.err


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Both at once: most of each is waiting."""

    def told(name: str) -> None:
        with Installation(tmp_path_factory.mktemp(name), measured=False) as place:
            {"paused": paused, "held": held}[name](place)

    at_once(paused=lambda: told("paused"), held=lambda: told("held"))


def test_pauses_and_budgets_do_what_they_say(stories: None) -> None:
    """Each story asserts on its way what a person sees."""
