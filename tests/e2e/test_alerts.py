"""An alert on its way out of real processes: through the death of the one that sends it, to a real server."""

import json
from collections.abc import Callable
from contextlib import closing

from director.store.opening import open_store
from director.words.clock import Clock
from director.words.states import GoalState
from tests.director.conftest import add_goal
from tests.director.receivers import http_receiver
from tests.e2e.installation import Installation

SIGNS = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_an_alert_comes_although_who_sends_it_dies_between_the_yes_and_the_record(
    install: Callable[..., Installation],
) -> None:
    """A worker finds a goal that failed and tells a program, which takes it; the worker is killed before it knows. The next
    one sends it again under the same number, and `alerts` has nothing that waits."""
    with http_receiver() as program:
        place = install(notify_webhook_url=program.url, notify_webhook_secret=SIGNS)
        with closing(open_store(None, place.state_dir, Clock())) as store, store.write() as tx:
            tx.goals.move(add_goal(tx), GoalState.FAILED, by="director", reason="The gnomes are out.")
        program.answers.clear()
        first = place.worker()
        place.until(lambda _tx: program.got, "the program is told")
        first.kill_all()
        program.answers.set()
        with place.working() as worker:
            place.until(lambda tx: not tx.notices.on_their_way(), "it is delivered")
            shown = place.run("alerts", "--json").document
        said = worker.err

    assert 2 == len(program.got)
    assert 1 == len({(got.headers["webhook-id"], got.body) for got in program.got})
    told = json.loads(program.got[0].body)
    assert ("alert.raised", "goal failed", "g1") == (told["type"], told["data"]["rule"], told["data"]["subject"])
    assert (["al1"], [], ["webhook"]) == ([each["id"] for each in shown["open"]], shown["waiting"], shown["channels"])
    assert "Alert al1" not in said, "it was raised before, by the other"
