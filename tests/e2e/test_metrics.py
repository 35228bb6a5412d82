"""What Prometheus is told of a team that is up and works."""

import time
import urllib.request
from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families

from director.bootstrap import open_office
from director.goals.submit import submit
from director.views.metric_families import FAMILIES
from director.words.amounts import NANO
from director.words.settings import from_env
from director.words.states import GoalState, is_final
from tests.e2e.installation import Installation, until
from tests.e2e.standing import Up, free_port

pytestmark = pytest.mark.timeout(300)

#: What says nothing in a team that has neither lost a call nor been offline.
WITHOUT_SAMPLES = {"troupe_cost_lost_usd"}

#: A sample's name and labels, and its value.
Scraped = dict[tuple[str, frozenset[tuple[str, str]]], float]


def scrape(port: str) -> tuple[set[str], Scraped]:
    """The families that have samples, and these."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/metrics", headers={"Authorization": "Bearer gnome-token-0815"}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - our own web app
        families = list(text_string_to_metric_families(answer.read().decode()))
    samples = [sample for family in families for sample in family.samples]
    return (
        {sample.name for sample in samples},
        {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples},
    )


def watch(place: Installation, port: str, goals: int) -> int:
    """Give so many goals, scrape while they run, and see that what is told is so; how often it was told."""
    office = open_office(from_env(place.environment()))
    given = [submit(office, f"Sell the singing gnome {n}", plan_by="template") for n in range(goals)]
    scraped: list[Scraped] = []
    seen: set[str] = set()
    began = time.monotonic()

    def over() -> bool:
        names, samples = scrape(port)
        scraped.append(samples)
        seen.update(names)
        with office.store.read() as tx:
            states = [tx.goals.get(goal.id).state for goal in given]
        return all(is_final(state) for state in states)

    until(over, "all goals are over", 60 + 10 * goals)
    with office.store.read() as tx:
        calls = [call for goal in given for call in tx.calls.of_goal(goal.id)]
        completed = sum(tx.goals.get(goal.id).state is GoalState.COMPLETED for goal in given)
    # Somebody looks at what work rests on soon after the start.
    names, last = until(
        lambda: found if "troupe_component_health" in (found := scrape(port))[0] else None, "somebody looks"
    )
    office.close()
    print(
        f"{goals} goals, {len(calls)} calls, {len(scraped)} scrapes in {time.monotonic() - began:.0f} s, all of",
        f"{len(seen | names)} figures; one took {max(_sum(one, 'troupe_scrape_duration_seconds') for one in scraped):.3f} s",
    )

    documented = {family.name for family in FAMILIES}
    assert documented - WITHOUT_SAMPLES <= seen | names <= documented
    cost = sum(round(value * NANO) for (name, _), value in last.items() if name == "troupe_cost_usd_total")
    assert cost == sum(call.cost_nano for call in calls) > 0
    assert _sum(last, "troupe_calls_total") == len(calls)
    assert completed == goals == _sum(last, "troupe_goals", state="completed")
    for earlier, later in zip(scraped, [*scraped[1:], last], strict=True):
        for of, value in earlier.items():
            assert not of[0].endswith("_total") or later[of] >= value, of
    return len(scraped)


def _sum(samples: Scraped, name: str, **labels: str) -> float:
    return sum(value for (of, has), value in samples.items() if of == name and labels.items() <= has)


def test_a_team_that_works_is_told_of_as_the_record_has_it(install: Callable[..., Installation]) -> None:
    """Every figure is there, no counter goes back while goals run, and the cost is the ledger's to the nano-dollar."""
    port = str(free_port())
    place = install(web_port=port, webhook_token="gnome-token-0815", rehearsal="send_back=1")  # noqa: S106 - of nothing
    up = Up(place)
    up.until_running("redis", "workers", "clock", "web")

    assert watch(place, port, goals=2) > 1
    place.run("down")
    up.program.wait()
