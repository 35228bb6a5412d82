"""Schedules over HTTP: looked at, switched, run; the same as from the command line."""

from datetime import date, timedelta
from typing import Any

import pytest

from director.office import Office
from director.triggers.schedules import folder_of
from director.words.states import SlotFate
from tests.conftest import SetClock
from tests.director.triggers.conftest import look_at
from tests.web.api.asked import Api, problem, who


def a_file(office: Office, name: str, text: str) -> None:
    """A person's schedule."""
    folder = folder_of(office.settings)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(f"name: {name}\n{text}", encoding="utf-8")


def nested(deep: int) -> dict[str, Any]:
    """Objects in each other."""
    found: dict[str, Any] = {}
    for _ in range(deep):
        found = {"in": found}
    return found


class TestSwitching:
    """POST …/enable, …/disable."""

    def test_one_is_switched_on_and_off(self, api: Api, office: Office) -> None:
        """The answer says when it is due next and what its goals will likely cost; the same again is no other line."""
        off = api.get("/schedules/weekly-seo").json
        assert (off["schedule"]["enabled"], off["schedule"]["next"], off["rehearsal"]) == (False, [], True)

        on = [api.post("/schedules/weekly-seo/enable") for _ in range(2)]

        assert [one.status_code for one in on] == [200, 200]
        assert (on[0].json["schedule"]["enabled"], len(on[0].json["schedule"]["next"])) == (True, 3)
        assert on[0].json["forecast"]["high_usd"] >= on[0].json["forecast"]["low_usd"] > 0
        assert on[0].json["most_usd"] == 100
        assert api.post("/schedules/weekly-seo/disable").json["schedule"]["enabled"] is False
        assert who(office, "schedule switched on") == [("person", "weekly-seo")]
        assert who(office, "schedule switched off") == [("person", "weekly-seo")]

    def test_one_whose_file_is_broken_says_so(self, api: Api, office: Office) -> None:
        """409 with the file's sentence; 404 where there is none, with the nearest."""
        a_file(office, "tea", "cron: 0 99 * * *\ngoal: Tea.\n")

        problem(api.post("/schedules/tea/enable"), 409, "cron: expected minute")
        problem(api.get("/schedules/wekly-seo"), 404, "nearest: weekly-seo")


class TestChanging:
    """PUT /schedules/…"""

    def test_its_times_and_its_cap_are_changed_by_who_saw_them(self, api: Api, office: Office) -> None:
        """Ours by a file of the workspace; 412 for who saw the one before, and the journal has who it was."""
        seen = api.get("/schedules/weekly-seo").headers["etag"]
        body = {"cron": "0 7 * * 1", "cap_usd": 2.5}
        changed = api.put("/schedules/weekly-seo", body, version=seen)

        assert changed.status_code == 200
        assert (changed.json["schedule"]["cron"], changed.json["most_usd"]) == ("0 7 * * 1", 2.5)
        assert changed.json["schedule"]["file"] == str(folder_of(office.settings) / "weekly-seo.yaml")
        problem(
            api.put("/schedules/weekly-seo", {**body, "cron": "@daily"}, version=seen), 412, "changed since you saw it"
        )
        no_cap = api.put("/schedules/weekly-seo", {**body, "cap_usd": None}, version=changed.headers["etag"])
        assert (no_cap.json["schedule"]["cap_usd"], no_cap.headers["etag"]) == (
            None, api.get("/schedules/weekly-seo").headers["etag"],
        )  # fmt: skip
        assert [by for by, _ in who(office, "schedule changed")] == ["person", "person"]

    def test_a_time_that_is_none_names_its_field(self, api: Api) -> None:
        """422, and the file stays as it was."""
        seen = api.get("/schedules/weekly-seo").headers["etag"]

        refused = problem(api.put("/schedules/weekly-seo", {"cron": "0 99 * * *", "cap_usd": None}, version=seen), 422)

        assert [one["field"] for one in refused["errors"]] == ["cron"]
        assert api.get("/schedules/weekly-seo").headers["etag"] == seen


class TestRunning:
    """POST …/run."""

    def test_its_goal_is_given_once_however_often_it_is_asked_for(self, api: Api, office: Office) -> None:
        """201 with the goal; no due time is used up."""
        given = [api.post("/schedules/daily-social/run", {}, Idempotency_Key="k") for _ in range(3)]

        assert {(one.status_code, one.headers["location"], one.text) for one in given} == {
            (201, "/api/v1/goals/g1", given[0].text)
        }
        with office.store.read() as tx:
            [slot] = tx.slots.of_schedule(office.brand, "daily-social")
            assert (slot.fate, slot.goal, len(tx.goals.all())) == (SlotFate.RUN, "g1", 1)

    def test_nothing_is_paid_that_nobody_agreed_to(
        self, api: Api, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With a key it needs a yes."""
        monkeypatch.setattr("web.api.clockwork.will_rehearse", lambda office: False)

        refused = problem(api.post("/schedules/daily-social/run", {}), 422, "let agreed be true")

        assert [one["field"] for one in refused["errors"]] == ["agreed"]
        assert api.post("/schedules/daily-social/run", {"agreed": True}).status_code == 201


class TestSlots:
    """GET …/slots."""

    def test_those_next_to_now_are_told_where_nobody_named_days(self, api: Api, clock: SetClock) -> None:
        """A week to either side."""
        found = api.get("/schedules/weekly-seo/slots").json

        assert [one["slot"][:10] for one in found["slots"]] == ["2026-11-18", "2026-11-25"]
        assert found["slots"][1]["why"] == "Will not be: it is off."

    def test_days_are_those_where_the_schedule_is(self, api: Api, clock: SetClock) -> None:
        """Both of them count; what is too much is cut, and said to be."""
        today = clock.now.date()
        found = api.get(
            "/schedules/daily-social/slots", params={"since": str(today), "until": str(today + timedelta(2))}
        )
        assert [one["slot"][:10] for one in found.json["slots"]] == ["2026-11-22", "2026-11-23", "2026-11-24"]
        long = api.get("/schedules/daily-social/slots", params={"since": "2020-01-01", "until": str(date.max)}).json
        assert (len(long["slots"]), long["more"]) == (1500, True)
        none = api.get("/schedules/daily-social/slots", params={"since": "2026-12-02", "until": "2026-12-01"}).json
        assert (none["slots"], none["more"]) == ([], False)

    @pytest.mark.parametrize("day", ["0", "2026-12-01T00:00:00Z", "tomorrow", "2026-02-30"])
    def test_what_is_no_day_is_refused(self, day: str, api: Api) -> None:
        """422 with the field."""
        refused = problem(api.get("/schedules/weekly-seo/slots", params={"since": day}), 422)

        assert [one["field"] for one in refused["errors"]] == ["since"]


class TestEvents:
    """POST /events."""

    def test_an_event_is_told_of_once_and_starts_work(self, api: Api, office: Office) -> None:
        """201 with its address, the same however often it is sent; the trigger for it gives a goal."""
        body = {"type": "traffic_drop", "data": {"percentageDrop": 35}}
        told = [api.post("/events", body, Idempotency_Key="k") for _ in range(3)]

        assert {(one.status_code, one.headers["location"], one.text) for one in told} == {
            (201, "/api/v1/events/e1", told[0].text)
        }
        assert (told[0].json["source"], told[0].json["data"], told[0].json["amiss"]) == ("api", body["data"], [])
        with office.store.read() as tx:
            event = tx.events.get("e1")
        look_at(office, event)
        [became] = api.get("/events/e1").json["became"]
        assert (became["what"], became["goal"]) == ("started", "g1")

    def test_what_is_likely_a_slip_is_said(self, api: Api) -> None:
        """A type that is nearly one; a pointer that leads nowhere. It is written all the same."""
        [near] = api.post("/events", {"type": "trafic_drop", "data": {}}).json["amiss"]
        [missing] = api.post("/events", {"type": "traffic_drop", "data": {"percent": 35}}).json["amiss"]

        assert "nearest: traffic_drop" in near
        assert "looks at /percentageDrop; the event has /percent" in missing

    def test_secrets_in_its_data_are_not_kept(self, api: Api) -> None:
        """What is no text is refused besides."""
        told = api.post("/events", {"type": "x", "data": {"key": "sk-ant-api03-" + "a" * 40}}).json
        refused = problem(api.post("/events", {"type": "x", "data": {"nul": "a\x00b"}}), 422)

        assert "sk-ant" not in told["data"]["key"]
        assert [one["field"] for one in refused["errors"]] == ["data"]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"type": "a b", "data": {}}, "type"),
            ({"type": "x", "data": []}, "data"),
            ({"type": "x"}, "data"),
            ({"type": "x", "data": nested(100)}, "data"),
        ],
    )
    def test_what_is_no_event_is_refused_with_its_field(self, body: dict[str, Any], field: str, api: Api) -> None:
        """422, and nothing is written."""
        refused = problem(api.post("/events", body), 422)

        assert field in [one["field"].partition(".")[0] for one in refused["errors"]]
        assert api.get("/events").json["events"] == []
