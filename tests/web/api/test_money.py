"""What may be spent, said over HTTP: by who saw what it was, and by nobody but an admin."""

from director.access import tokens
from director.access.roles import Role
from director.calls.caps import month_scope
from director.office import Office
from director.words.amounts import NANO
from tests.web.api.asked import Api, problem, who


def caps(office: Office) -> tuple[int | None, int | None]:
    with office.store.read() as tx:
        brand = tx.brands.get(office.brand)
    return brand.monthly_nano, brand.daily_nano


def test_caps_are_said_by_who_saw_what_they_were(api: Api, office: Office) -> None:
    """The answer is the budget as it is then, with its new version; whoever saw the one before is refused."""
    seen = api.get("/budget").headers["etag"]
    said = api.put("/budget", {"monthly_usd": 250, "daily_usd": 25.5}, version=seen)

    assert said.status_code == 200
    assert (said.json["paid"]["month"]["cap_usd"], said.json["paid"]["day"]["cap_usd"]) == (250, 25.5)
    assert said.headers["etag"] == api.get("/budget").headers["etag"] != seen
    problem(api.put("/budget", {"monthly_usd": 9, "daily_usd": None}, version=seen), 412, "changed since you saw them")
    problem(api.put("/budget", {"monthly_usd": 9, "daily_usd": None}), 428, "If-Match")
    assert caps(office) == (250 * NANO, 25_500_000_000)
    again = api.put("/budget", {"monthly_usd": 9, "daily_usd": None}, version=said.headers["etag"])
    assert again.json["paid"]["day"]["cap_usd"] is None


def test_what_is_spent_is_no_other_version_of_the_caps(api: Api, office: Office) -> None:
    """What an answer adds to them is."""
    seen = api.get("/budget").headers["etag"]
    with office.store.write() as tx:
        scope = month_scope(office.brand, f"{tx.now:%Y-%m}")
        assert tx.accounts.reserve(scope, 5, rehearsal=False, cap_nano=NANO)
    assert api.get("/budget").headers["etag"] == seen
    with office.store.write() as tx:
        tx.accounts.allow(scope, NANO, rehearsal=False)

    problem(api.put("/budget", {"monthly_usd": 9, "daily_usd": None}, version=seen), 412)


def test_a_cap_that_can_be_none_names_its_field(api: Api, office: Office) -> None:
    """422, and nothing is set; a day's is never taken away by leaving it out."""
    seen = api.get("/budget").headers["etag"]
    for body, field in (
        ({"monthly_usd": 5, "daily_usd": 6}, "daily_usd"),
        ({"monthly_usd": -1, "daily_usd": None}, "monthly_usd"),
        ({"monthly_usd": 5}, "daily_usd"),
        ({"daily_usd": 5}, "monthly_usd"),
    ):
        refused = problem(api.put("/budget", body, version=seen), 422)
        assert [one["field"] for one in refused["errors"]] == [field]

    assert caps(office) == (None, None)


def test_who_said_it_stands_in_the_journal(api: Api, office: Office) -> None:
    """By the name of their token; a marketer may not."""
    _, admin = tokens.create(office, "Ada", Role.ADMIN)
    _, marketer = tokens.create(office, "Max", Role.MARKETER)
    seen = api.get("/budget", headers={"Authorization": f"Bearer {admin}"}).headers["etag"]
    body = {"monthly_usd": 5, "daily_usd": None}

    problem(api.put("/budget", body, version=seen, Authorization=f"Bearer {marketer}"), 403, "manage")
    assert api.put("/budget", body, version=seen, Authorization=f"Bearer {admin}").status_code == 200

    assert who(office, "caps set") == [("Ada", "a month $5.00, a day none")]
