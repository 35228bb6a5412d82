"""Approved work over HTTP: a change asked for, one's own version, a word that it is fine; each of what was seen."""

from collections.abc import Callable
from typing import Any

import pytest

from director.goals.submit import submit
from director.office import Office
from director.words.models import Goal
from director.words.states import GoalState
from tests.web.api.asked import Api, problem

Drain = Callable[[Office, Goal], Goal]

SHORTER = {"words": "Shorter."}


@pytest.fixture
def chain(office: Office, drain: Drain) -> Goal:
    """A completed goal of three tasks, each of which builds on the one before."""
    return drain(office, submit(office, "Sell singing gnomes", pipeline="Outreach Campaign"))


def seen(api: Api, task: str = "g1-1") -> str:
    return str(api.get(f"/tasks/{task}").headers["etag"])


def drafts(api: Api, task: str = "g1-1") -> list[dict[str, Any]]:
    return list(api.get(f"/tasks/{task}/drafts").json["drafts"])


class TestAskingForAChange:
    """POST …/changes."""

    def test_what_it_will_likely_cost_can_be_read_before(self, api: Api, chain: Goal) -> None:
        """Alone, and with those that rest on it; its version is the one that is named then."""
        found = api.get("/tasks/g1-1/changes")

        assert (found.json["changes"], found.json["dependents"]) == ([], ["g1-2", "g1-3"])
        assert found.json["forecast_with_dependents"]["likely_usd"] > found.json["forecast"]["likely_usd"] > 0
        assert found.headers["etag"] == seen(api) == api.get("/tasks/g1-1/deliverable").headers["etag"]
        assert f'"{api.get("/goals/g1").json["tasks"][0]["version"]}"' == seen(api)

    def test_the_same_words_are_one_change_however_often_they_come(
        self, api: Api, office: Office, chain: Goal, drain: Drain
    ) -> None:
        """Also with the version that was seen before the first; the author writes once, and the goal goes on."""
        version = seen(api)
        asked = [api.post("/tasks/g1-1/changes", SHORTER, version=version) for _ in range(3)]

        assert [(one.status_code, one.json["changed"], one.json["asked_before"]) for one in asked] == [
            (200, ["g1-1"], False), (200, ["g1-1"], True), (200, ["g1-1"], True),
        ]  # fmt: skip
        assert asked[0].json["learning"]["state"] == "proposed"
        [line] = api.get("/tasks/g1-1/changes").json["changes"]
        assert (line["kind"], line["words"], line["by"]) == ("revise", "Shorter.", "person")
        assert drain(office, chain).state is GoalState.COMPLETED
        assert len(drafts(api)) == 2

    def test_one_of_a_version_that_is_another_by_now_is_refused(self, api: Api, chain: Goal) -> None:
        """428 without a version, 412 with an old one, 409 while another is under way; nothing is begun."""
        old = seen(api)
        problem(api.post("/tasks/g1-1/changes", SHORTER), 428)
        assert api.put("/tasks/g1-1/deliverable", {"markdown": "Mine."}, version=old).status_code == 200

        problem(api.post("/tasks/g1-1/changes", SHORTER, version=old), 412, "changed since you saw it")
        assert api.post("/tasks/g1-1/changes", SHORTER, version=seen(api)).status_code == 200
        problem(api.post("/tasks/g1-1/changes", {"words": "Longer."}, version=seen(api)), 409, "being changed already")
        assert "being changed" in api.get("/tasks/g1-1/changes").json["why_not"]

    def test_nothing_is_paid_that_nobody_agreed_to(self, api: Api, office: Office, chain: Goal) -> None:
        """The refusal says what it will likely cost."""
        with office.store.write() as tx:
            tx.goals.change("g1", rehearsal=False)

        refused = problem(api.post("/tasks/g1-1/changes", SHORTER, version=seen(api)), 422, "It will likely cost $0.")

        assert [one["field"] for one in refused["errors"]] == ["agreed"]
        agreed = api.post("/tasks/g1-1/changes", {**SHORTER, "agreed": True}, version=seen(api))
        assert agreed.status_code == 200

    def test_what_rests_on_it_can_be_looked_at_again(self, api: Api, chain: Goal) -> None:
        """Behind it, or after it was replaced; or somebody says that it is fine."""
        problem(api.post("/tasks/g1-1/changes", {}, version=seen(api)), 422, "Say what to change")
        problem(
            api.post("/tasks/g1-1/changes", {"dependents": True}, version=seen(api)), 409, "Nothing that is approved"
        )
        api.put("/tasks/g1-1/deliverable", {"markdown": "Mine."}, version=seen(api))

        fine = api.post("/tasks/g1-3/deliverable/acceptance", version=seen(api, "g1-3"))
        assert (fine.status_code, fine.json["accepted"]) == (200, "g1-3")
        problem(
            api.post("/tasks/g1-3/deliverable/acceptance", version=seen(api, "g1-3")), 409, "Nothing that g1-3 rests on"
        )
        again = api.post("/tasks/g1-1/changes", {"dependents": True}, version=seen(api))
        assert again.json["changed"] == ["g1-2"]


class TestOnesOwnVersion:
    """PUT …/deliverable."""

    def test_it_becomes_the_deliverable_word_for_word(self, api: Api, chain: Goal) -> None:
        """For nothing; the same again changes nothing, also with the version from before."""
        version, text = seen(api), api.get("/tasks/g1-1/deliverable").json["markdown"].replace("gnome", "GNOME")
        given = [api.put("/tasks/g1-1/deliverable", {"markdown": text}, version=version) for _ in range(2)]

        assert [(one.status_code, one.json["accepted"], one.json["revision"]) for one in given] == [
            (200, "g1-1", 1)
        ] * 2
        deliverable = api.get("/tasks/g1-1/deliverable")
        assert deliverable.json["markdown"] == text.strip()
        assert deliverable.headers["etag"] == given[0].headers["etag"]
        problem(api.put("/tasks/g1-1/deliverable", {"markdown": f"{text}."}, version=version), 412)
        assert [one["counts"] for one in drafts(api)] == [False, True]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"markdown": " \n"}, "markdown"),
            ({"markdown": "a\x00b"}, "markdown"),
            ({"markdown": ""}, "markdown"),
            ({"piece": "x"}, "markdown"),
        ],
    )
    def test_what_is_no_text_is_refused_with_its_field(
        self, body: dict[str, str], field: str, api: Api, chain: Goal
    ) -> None:
        """422, and the version before stands."""
        refused = problem(api.put("/tasks/g1-1/deliverable", body, version=seen(api)), 422)

        assert [one["field"] for one in refused["errors"]] == [field]
        assert len(drafts(api)) == 1

    def test_a_secret_and_a_piece_that_is_not_there_are_refused(self, api: Api, chain: Goal) -> None:
        """Nobody may approve the one; the sentence about the other names those there are."""
        secret = "Log in with sk-ant-api03-" + "a" * 40
        problem(api.put("/tasks/g1-1/deliverable", {"markdown": secret}, version=seen(api)), 422, "cannot be accepted")
        other = {"markdown": "Sing.", "piece": "No such"}
        problem(api.put("/tasks/g1-1/deliverable", other, version=seen(api)), 422, "has no piece")
