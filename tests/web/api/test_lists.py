"""Lists a page at a time: each row once, whatever is added meanwhile."""

import base64

import pytest

from director.office import Office
from director.words.amounts import NANO
from director.words.states import GoalState
from tests.director.conftest import add_call, add_goal
from tests.web.api.asked import Api, problem


def pages(api: Api, path: str, name: str, **params: object) -> list[list[str | int]]:
    """The ids of each page."""
    found, cursor = [], None
    while True:
        answer = api.get(path, params={**params, **({"cursor": cursor} if cursor else {})}).json
        found.append([row["id"] for row in answer[name]])
        if (cursor := answer["next"]) is None:
            return found


def test_goals_come_newest_first_and_each_once(api: Api, office: Office) -> None:
    """Also where numbers get longer, and the last page is full."""
    with office.store.write() as tx:
        for _ in range(12):
            add_goal(tx)

    found = pages(api, "/goals", "goals", limit=4)

    assert [len(page) for page in found] == [4, 4, 4]
    assert [ident for page in found for ident in page] == [f"g{number}" for number in range(12, 0, -1)]


def test_rows_that_are_added_change_no_later_page(api: Api, office: Office) -> None:
    """They stand before the first page."""
    with office.store.write() as tx:
        for _ in range(4):
            add_goal(tx)
    first = api.get("/goals", params={"limit": 2}).json
    with office.store.write() as tx:
        for _ in range(3):
            add_goal(tx)

    second = api.get("/goals", params={"limit": 2, "cursor": first["next"]}).json

    assert [goal["id"] for goal in second["goals"]] == ["g2", "g1"]
    assert second["next"] is None


def test_a_list_can_be_of_one_state_only(api: Api, office: Office) -> None:
    """The cursor goes on within it."""
    with office.store.write() as tx:
        for number in range(6):
            goal = add_goal(tx)
            if number % 2:
                tx.goals.move(goal, GoalState.CANCELLED, by="test")

    assert pages(api, "/goals", "goals", limit=2, state="cancelled") == [["g6", "g4"], ["g2"]]


def test_calls_come_by_their_numbers(api: Api, office: Office) -> None:
    """Of all goals, or of one."""
    with office.store.write() as tx:
        goals = [add_goal(tx) for _ in range(2)]
        for number in range(5):
            add_call(tx, goal=goals[number % 2])

    assert pages(api, "/calls", "calls", limit=2) == [[5, 4], [3, 2], [1]]
    assert pages(api, "/calls", "calls", limit=2, goal="g2") == [[4, 2]]


def test_costs_are_as_many_rows_as_are_asked_for(api: Api, office: Office) -> None:
    """The newest goals; how many are left out is said, and the total is of all."""
    with office.store.write() as tx:
        for _ in range(5):
            add_call(tx, cost_nano=NANO)

    found = api.get("/costs", params={"limit": 2}).json["paid"]

    assert [row["goal"] for row in found["rows"]] == ["g5", "g4"]
    assert (found["left_out"], found["total"]["cost_usd"]) == (3, 5.0)


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "g1", "%00", base64.b64encode(b"events:1").decode(), base64.b64encode(b"goals:0").decode(), "\u00e9"],
)
def test_a_cursor_that_is_none_of_the_list_is_refused(cursor: str, api: Api) -> None:
    """400 with a sentence, also one of another list."""
    problem(api.get("/goals", params={"cursor": cursor}), 400, "`next` of a page of goals")


@pytest.mark.parametrize(
    ("said", "field"),
    [({"limit": "0"}, "limit"), ({"limit": "x"}, "limit"), ({"state": "x"}, "state"), ({"sort": "x"}, "sort")],
)
def test_what_is_wrong_behind_the_question_mark_is_named(said: dict[str, str], field: str, api: Api) -> None:
    """422 with the field."""
    refused = problem(api.get("/goals", params=said), 422)

    assert [one["field"] for one in refused["errors"]] == [field]
