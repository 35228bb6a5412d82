"""Goals over HTTP: given once however often they are sent, agreed to as they were seen, paused, resumed, cancelled."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from falcon.testing import TestClient

from director.access import tokens
from director.access.roles import Role
from director.goals.set_caps import set_caps
from director.office import Office
from director.store.kept_answers import KEPT_FOR
from director.words.amounts import NANO
from director.words.models import Approval, Goal
from director.words.states import Answer, GoalState
from tests.conftest import SetClock
from tests.web.api.asked import Api, problem
from web.app import create_app

A_GOAL = {"text": "Sell singing gnomes"}


def goals(office: Office) -> list[Goal]:
    with office.store.read() as tx:
        return tx.goals.all()


def by(office: Office, goal: str, what: str) -> list[str]:
    """Who did that to the goal, as the journal has it."""
    with office.store.read() as tx:
        return [line.by for line in tx.journal(goal) if line.what == what]


class TestGiving:
    """POST /goals."""

    def test_a_goal_is_given_and_can_be_read_where_the_answer_says(self, api: Api, office: Office) -> None:
        """201 with its address and version; its plan waits for a yes unless somebody says that it need not."""
        answer = api.post("/goals", {**A_GOAL, "budget_usd": 2.5, "priority": "P1", "category": "content"})

        assert answer.status_code == 201
        assert answer.headers["location"] == "/api/v1/goals/g1"
        again = api.get("/goals/g1")
        assert again.json["goal"] == answer.json["goal"]
        assert again.headers["etag"] == answer.headers["etag"]
        [goal] = goals(office)
        assert (goal.cap_nano, goal.priority, goal.category, goal.confirm) == (2_500_000_000, "P1", "content", True)
        assert by(office, "g1", "planning") == ["person"]

    @pytest.mark.parametrize(
        ("body", "field", "said"),
        [
            ({"text": "   "}, "text", "empty"),
            ({"text": "a\u0000b"}, "text", "U+0000"),
            ({"text": "a" * 5000}, "text", "4,000"),
            ({}, "text", "missing"),
            ({**A_GOAL, "budget_usd": 5000}, "budget_usd", "more than a month"),
            ({**A_GOAL, "budget_usd": "2.50"}, "budget_usd", "number"),
            ({**A_GOAL, "pipeline": "No Such"}, "pipeline", "No Such"),
            ({**A_GOAL, "category": "gnomes"}, "category", "strategic"),
            ({**A_GOAL, "confirm": "no"}, "confirm", "boolean"),
            ({**A_GOAL, "colour": "red"}, "colour", "no such field"),
        ],
    )
    def test_what_is_wrong_is_named_with_its_field(
        self, body: dict[str, Any], field: str, said: str, api: Api, office: Office
    ) -> None:
        """422 with the field and a sentence; nothing is made."""
        refused = problem(api.post("/goals", body), 422)

        assert field in [one["field"] for one in refused["errors"]]
        assert said in refused["errors"][0]["detail"]
        assert goals(office) == []

    def test_the_month_that_is_in_force_decides_about_a_budget(self, api: Api, office: Office) -> None:
        """Not the settings: what a person set, above them or below, is what the goal may cost, and what a refusal names."""
        set_caps(office, monthly_nano=2_000 * NANO, daily_nano=None)
        assert api.post("/goals", {**A_GOAL, "budget_usd": 1500}).status_code == 201
        set_caps(office, monthly_nano=40 * NANO, daily_nano=None)

        refused = problem(api.post("/goals", {**A_GOAL, "budget_usd": 50}), 422, "more than a month may cost ($40.00)")

        assert [one["field"] for one in refused["errors"]] == ["budget_usd"]
        assert len(goals(office)) == 1

    def test_nothing_is_paid_that_nobody_agreed_to(self, open_with: Callable[..., Office]) -> None:
        """With a key, a goal whose plan is not shown before has to say what it may cost."""
        office = open_with(anthropic_api_key="gnome-key-0815")
        api = Api(TestClient(create_app(lambda: office)))

        refused = problem(api.post("/goals", {**A_GOAL, "confirm": False}), 422, "nobody is asked")

        assert [one["field"] for one in refused["errors"]] == ["budget_usd"]
        assert goals(office) == []
        assert api.post("/goals", {**A_GOAL, "confirm": False, "budget_usd": 1}).status_code == 201


class TestOnce:
    """Idempotency-Key."""

    def test_the_same_key_makes_one_goal_however_often_it_comes(self, api: Api, office: Office) -> None:
        """Each is answered as the first was, also when the goal went on meanwhile or would be refused by now."""
        first = api.post("/goals", A_GOAL, Idempotency_Key="k1")
        api.post("/goals/g1/cancel")
        others = [api.post("/goals", A_GOAL, Idempotency_Key="k1") for _ in range(3)]

        assert {one.text for one in others} == {first.text}
        assert {one.headers["location"] for one in others} == {"/api/v1/goals/g1"}
        assert len(goals(office)) == 1

    def test_many_at_once_with_one_key_make_one_goal(self, api: Api, office: Office) -> None:
        """Whoever comes second waits for the first, and is answered as it was."""
        answers = api.post_at_once("/goals", [A_GOAL] * 16, **{"Idempotency-Key": "k1"})

        assert {(one.status_code, one.text) for one in answers} == {(201, answers[0].text)}
        assert len(goals(office)) == 1

    def test_the_same_key_for_another_goal_is_a_conflict(self, api: Api, office: Office) -> None:
        """409, and nothing is made; spaces between the words of JSON make no other body."""
        api.post("/goals", A_GOAL, Idempotency_Key="k1")

        problem(api.post("/goals", {"text": "Another"}, Idempotency_Key="k1"), 409, "another request")
        assert len(goals(office)) == 1

    def test_a_key_is_its_tokens_and_nobody_elses(self, api: Api, office: Office) -> None:
        """Two programs may have one name, and count their requests alike."""
        secrets = [tokens.create(office, "script", Role.MARKETER)[1] for _ in range(2)]
        made = [
            api.post("/goals", A_GOAL, Idempotency_Key="1", Authorization=f"Bearer {secret}").json["goal"]["id"]
            for secret in (*secrets, *secrets)
        ]

        assert made == ["g1", "g2", "g1", "g2"]

    def test_a_key_that_was_refused_can_be_used_again(self, api: Api, office: Office) -> None:
        """Nothing was made under it."""
        problem(api.post("/goals", {"text": " "}, Idempotency_Key="k1"), 422)

        assert api.post("/goals", A_GOAL, Idempotency_Key="k1").status_code == 201

    def test_after_a_day_a_key_is_forgotten(self, api: Api, office: Office, clock: SetClock) -> None:
        """Its rows go when another key comes."""
        api.post("/goals", A_GOAL, Idempotency_Key="k1")
        clock.forward(KEPT_FOR + timedelta(seconds=1))
        api.post("/goals", A_GOAL, Idempotency_Key="k1")

        assert len(goals(office)) == 2

    @pytest.mark.parametrize("key", ["", "a" * 201, "a b", "\u00e9"])
    def test_a_key_that_is_none_is_refused(self, key: str, api: Api) -> None:
        """400 with what a key can be."""
        problem(api.post("/goals", A_GOAL, Idempotency_Key=key), 400, "1 to 200 characters")


def asked_for(task: dict[str, Any]) -> dict[str, Any]:
    """A task of a plan that was read, as it is sent."""
    return {name: value for name, value in task.items() if name not in ("id", "state", "cost_usd")}


class TestAPlan:
    """Its price, and the yes that lets it run."""

    def test_it_runs_as_soon_as_somebody_agrees_to_what_they_saw(
        self, api: Api, office: Office, planned: Goal, drain: Callable[[Office, Goal], Goal]
    ) -> None:
        """The plan has its price and its version; agreed to, it runs to the end, and who agreed is in the journal."""
        plan = api.get(f"/goals/{planned.id}/plan")
        assert plan.json["forecast"]["high_usd"] >= plan.json["forecast"]["low_usd"]

        agreed = api.post(f"/goals/{planned.id}/plan/agreement", version=plan.headers["etag"])

        assert agreed.status_code == 200
        assert agreed.json["approval"]["answer"] == Answer.APPROVE
        assert drain(office, planned).state is GoalState.COMPLETED
        assert by(office, planned.id, Answer.APPROVE) == ["person"]
        again = api.post(f"/goals/{planned.id}/plan/agreement", version=plan.headers["etag"])
        problem(again, 409, "No question about the plan")

    def test_it_is_changed_before_somebody_agrees(
        self, api: Api, office: Office, planned: Goal, drain: Callable[[Office, Goal], Goal]
    ) -> None:
        """By who saw it; the same again changes nothing, and the one that was seen before is no more agreed to."""
        path = f"/goals/{planned.id}/plan"
        plan = api.get(path)
        last = plan.json["plan_tasks"][-1]["key"]
        wanted = {"tasks": [asked_for(task) for task in plan.json["plan_tasks"] if task["key"] != last]}
        unchanged = api.put(
            path, {"tasks": [asked_for(task) for task in plan.json["plan_tasks"]]}, version=plan.headers["etag"]
        )
        assert (unchanged.json["changed"], unchanged.headers["etag"]) == ("", plan.headers["etag"])

        made = [api.put(path, wanted, version=plan.headers["etag"]) for _ in range(2)]

        assert [one.status_code for one in made] == [200, 200]
        assert f"{last} is taken out" in made[0].json["changed"]
        assert made[1].json["changed"] == ""
        assert [task["key"] for task in made[0].json["plan_tasks"]] == [task["key"] for task in wanted["tasks"]]
        problem(api.post(f"{path}/agreement", version=plan.headers["etag"]), 412)
        problem(
            api.put(path, {"tasks": wanted["tasks"][:1]}, version=plan.headers["etag"]), 412, "changed since you saw it"
        )
        assert api.post(f"{path}/agreement", version=made[0].headers["etag"]).status_code == 200
        assert drain(office, planned).state is GoalState.COMPLETED
        problem(api.put(path, wanted, version=api.get(path).headers["etag"]), 409, "no task left to be done")
        assert by(office, planned.id, "plan changed") == ["person"]

    @pytest.mark.parametrize(
        ("task", "said"),
        [
            ({"key": "a", "skill": "seo"}, "nearest: seo-audit"),
            ({"key": "a", "skill": "seo-audit", "needs": ["b"]}, "which is no task of the plan"),
            ({"key": "a", "skill": "seo-audit", "needs": [""]}, "tasks[1].needs[1]: expected a line"),
            ({"key": "a", "skill": "seo-audit", "kind": "review"}, "a"),
        ],
    )
    def test_what_is_no_plan_is_refused_with_each_reason(
        self, task: dict[str, Any], said: str, api: Api, planned: Goal
    ) -> None:
        """422 by the checks of the command line, and the plan stays as it was."""
        path = f"/goals/{planned.id}/plan"
        seen = api.get(path).headers["etag"]

        refused = problem(api.put(path, {"tasks": [task]}, version=seen), 422, "Nothing was changed")

        assert {one["field"] for one in refused["errors"]} == {"tasks"}
        assert said in refused["errors"][0]["detail"]
        assert api.get(path).headers["etag"] == seen

    def test_a_goal_without_a_plan_has_none_to_show(self, api: Api) -> None:
        """404 with how it stands."""
        api.post("/goals", A_GOAL)

        problem(api.get("/goals/g1/plan"), 404, "no plan yet")


class TestChanges:
    """Pause, resume, cancel."""

    def test_a_goal_is_paused_resumed_and_cancelled(self, api: Api, office: Office) -> None:
        """Each is answered with the goal as it is then; what cannot be is a conflict."""
        api.post("/goals", A_GOAL)

        assert api.post("/goals/g1/pause").json["goal"]["waits_for"] == "pause"
        assert api.post("/goals/g1/pause").status_code == 200
        assert api.post("/goals/g1/resume").json["goal"]["state"] == "planning"
        problem(api.post("/goals/g1/resume"), 409, "not paused")
        assert api.post("/goals/g1/cancel").json["goal"]["state"] == "cancelled"
        for what in ("pause", "resume", "cancel"):
            problem(api.post(f"/goals/g1/{what}"), 409)
        assert by(office, "g1", "paused") == ["person"]

    def test_with_a_version_only_the_goal_that_was_seen_is_changed(self, api: Api, office: Office) -> None:
        """412 where it changed meanwhile, and it goes on."""
        seen = api.post("/goals", A_GOAL).headers["etag"]
        api.post("/goals/g1/pause")

        problem(api.post("/goals/g1/cancel", version=seen), 412, "changed since you saw it")

        assert [goal.state for goal in goals(office)] == [GoalState.WAITING]
        assert api.post("/goals/g1/cancel", version=api.get("/goals/g1").headers["etag"]).status_code == 200

    def test_a_body_where_none_is_asked_for_is_refused(self, api: Api) -> None:
        """Whoever sends one expects something of it."""
        api.post("/goals", A_GOAL)

        problem(api.post("/goals/g1/pause", {"until": "tomorrow"}), 400, "Nothing is to be sent here")


def test_a_task_has_its_text_as_it_was_written_and_safe_to_show(api: Api, office: Office, done: Goal) -> None:
    """The deliverable is the version that counts; its HTML has no script, no handler, no picture."""
    with office.store.read() as tx:
        task = next(one for one in tx.tasks.of_goal(done.id) if one.deliverable is not None)
        nasty = "# Gnomes\n\n<script>alert(1)</script> [go](javascript:alert(1)) ![x](http://evil/x.png) **sing**"
        draft = tx.drafts.get(task.deliverable or 0)
    with office.store.write() as tx:
        tx.conn.exec_driver_sql("update drafts set text_hash = ? where id = ?", (tx.keep(nasty), draft.id))

    answer = api.get(f"/tasks/{task.id}/deliverable").json

    assert answer["markdown"] == nasty
    assert (answer["rehearsed"], answer["score"]) == (True, None)  # nobody judged it
    assert "<strong>sing</strong>" in answer["html"]
    assert not any(bad in answer["html"] for bad in ("<script", 'href="javascript', "<img"))


def test_all_that_came_of_a_goal_can_be_fetched(api: Api, done: Goal) -> None:
    """From its address: each approved text, with the pieces that somebody uses alone, and the report."""
    found = api.get(f"/goals/{done.id}/deliverables").json["deliverables"]
    goal = api.get(f"/goals/{done.id}").json

    assert [one["task"] for one in found] == [task["id"] for task in goal["tasks"] if task["deliverable"]]
    for one in found:
        alone = api.get(f"/tasks/{one['task']}/deliverable")
        assert (alone.json, alone.headers["etag"]) == (one, f'"{one["version"]}"')
        assert [piece["title"] for piece in one["pieces"]] == [
            piece["title"] for task in goal["tasks"] if task["id"] == one["task"] for piece in task["pieces"]
        ]
        for piece in one["pieces"]:
            assert piece["markdown"] in one["markdown"]
            assert "<piece" not in piece["markdown"] + one["notes"]
        assert "&lt;piece" not in one["html"]
    report = api.get(f"/goals/{done.id}/report").json
    assert report["markdown"].startswith("# ")
    assert f'href="/tasks/{found[0]["task"]}' in report["html"]


def test_before_its_end_a_goal_has_no_report(api: Api) -> None:
    """404 with how it stands, and no deliverables yet."""
    api.post("/goals", A_GOAL)

    problem(api.get("/goals/g1/report"), 404, "g1 has no report: it is planning")
    assert api.get("/goals/g1/deliverables").json == {"goal": "g1", "deliverables": []}


def test_a_goal_is_the_same_in_a_list_and_alone(api: Api, done: Goal) -> None:
    """Field by field, its version too."""
    [listed] = api.get("/goals").json["goals"]
    alone = api.get(f"/goals/{done.id}")

    assert alone.json["goal"] == listed
    assert alone.headers["etag"] == f'"{listed["version"]}"'


def test_a_question_says_what_can_be_answered(api: Api, question: Approval) -> None:
    """Open ones are listed with what is needed to answer them."""
    [listed] = api.get("/approvals", params={"state": "open"}).json["approvals"]

    assert (listed["id"], listed["answers"]) == (question.id, ["approve", "reject", "cancel"])
    assert f'"{listed["version"]}"' == api.get(f"/approvals/{question.id}").headers["etag"]
