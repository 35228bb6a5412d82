"""Two brands in one installation, both with work of every kind: whatever is asked, nobody is shown anything of the other."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
from falcon.testing import TestClient

from director.access import brands, tokens
from director.access.roles import Role
from director.access.sessions import make_link, open_session
from director.files.context import context_file
from director.goals.submit import submit
from director.mailbox.events import receive_all
from director.memory import change
from director.office import Office
from director.upkeep.alerts import LOOK_EVERY, Watch
from director.words.models import Goal, Told
from tests.conftest import SetClock
from tests.director.conftest import at_work
from web.app import create_app

#: A word of each brand's, in all that somebody wrote for it.
WORDS: Final = {"default": "ambergris", "acme": "basalt"}

#: Answered until its reader goes away.
STREAMS: Final = ("/api/v1/stream", "/api/v1/goals/{goal}/stream")

THERE: Any = {"remote_addr": "203.0.113.9", "host": "troupe.example.com"}


@dataclass
class Side:
    """A brand with all it has."""

    office: Office
    goal: Goal  #: over
    asked: Goal  #: waits for an answer
    ids: dict[str, str]
    token: str
    session: str

    @property
    def ways(self) -> list[dict[str, str]]:
        """How somebody of it comes in."""
        return [{"Authorization": f"Bearer {self.token}"}, {"Cookie": f"troupe_session_8000={self.session}"}]

    def named_in(self, text: str) -> bool:
        """Whether something of its is named there by its id."""
        ids = [self.goal.id, self.asked.id, *(self.ids[kind] for kind in ("approval", "event", "learning"))]
        return re.search(rf"\b({'|'.join(ids)})\b", text) is not None


def work_of(office: Office, brand: str) -> dict[str, str]:
    """Everything a person can give a brand; the ids it got, by what addresses call them."""
    word, own = WORDS[brand], office.of(brand)
    file = context_file(own.settings)
    file.parent.mkdir(parents=True)
    file.write_text(f"# {word.title()} Gnomes\n\n## What we sell\n\nGnomes of {word}, 12 EUR each.\n", encoding="utf-8")
    for folder, text in (
        ("schedules", f"name: {word}\ncron: '0 8 * * *'\ngoal: Write about {word}.\nenabled: true\nmissed: skip\n"),
        ("triggers", f"event: {word}_sold\ngoal: Thank for {word}.\nenabled: false\n"),
    ):
        (own.settings.brand_dir / folder).mkdir(parents=True, exist_ok=True)
        (own.settings.brand_dir / folder / f"{word}.yaml").write_text(text, encoding="utf-8")
    learning = change.add(own, f"Always name {word}.", "copywriting")
    with own.store.write() as tx:
        told = [Told("shop", f"{word}-1", f"{word}_came", {"what": word}, said_at=None)]
        [(event, _)] = receive_all(tx, brand=brand, told=told)
    return {"learning": learning.id, "event": event}


@pytest.fixture
def sides(open_with: Callable[..., Office], clock: SetClock, drain: Callable[..., Goal]) -> dict[str, Side]:
    """Both, each with a goal that is over, one that waits, questions, a learning, an event, an alert, a schedule, a trigger."""
    office = open_with(rehearsal="send_back=9")
    brands.add(office, "acme")
    found: dict[str, Side] = {}
    for brand, word in WORDS.items():
        ids, own = work_of(office, brand), office.of(brand)
        over = drain(office, submit(own, f"Say what {word} is", pipeline="Social Week"))
        with own.store.read() as tx:
            [question] = tx.approvals.open(over.id)
        asked = drain(office, submit(own, f"Sell {word}", confirm=True))
        _, token = tokens.create(own, f"{word} reader", Role.ADMIN)
        _, session = open_session(own, make_link(own))
        ids |= {"goal": over.id, "task": f"{over.id}-1", "approval": question.id, "revision": "0"}
        found[brand] = Side(own, over, asked, ids, token, session)
    watch = Watch(office)
    clock.forward(timedelta(days=1, minutes=1))
    for _ in range(12):
        clock.forward(LOOK_EVERY)
        at_work(office)
        watch.look()
    return found


def templates(app: Any) -> Iterator[str]:
    """Every address that answers GET."""
    nodes = list(app._router._roots)
    while nodes:
        node = nodes.pop()
        nodes += node.children
        if node.resource is not None and hasattr(node.resource, "on_get"):
            yield node.uri_template


#: What is named behind a word of an address.
_NOUNS: Final = {"goals": "goal", "tasks": "task", "questions": "approval", "events": "event"}


def paths(template: str, ids: dict[str, str]) -> set[str]:
    """The addresses of a template with these ids in them."""
    if "{ident}" in template:
        noun = next(part for part in template.split("/") if part in _NOUNS)
        ids = {**ids, "ident": ids[_NOUNS[noun]]}
    ids = {**ids, "action": "pause", "name": "style.css", "secret": "none", "source": "none"}
    return {re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], "1"), template)}


def test_nobody_is_shown_anything_of_another_brand(sides: dict[str, Side]) -> None:
    """
    Every address that can be read, with one's own ids and the other's, by token and by session, and by WEBHOOK_TOKEN's holder
    nothing more than the brand that is there from the beginning.
    """
    office = sides["default"].office
    app = create_app(lambda: office)
    client = TestClient(app)
    shown: dict[str, set[str]] = {brand: set() for brand in sides}
    found = [one for one in templates(app) if one not in (*STREAMS, "/open/{secret}")]
    for brand, side in sides.items():
        [other] = [one for one in sides if one != brand]
        for template in found:
            for of in (side, sides[other]):
                for path in paths(template, of.ids):
                    for headers in (
                        {"Authorization": f"Bearer {side.token}"},
                        {"Cookie": f"troupe_session_8000={side.session}"},
                    ):
                        answer = client.simulate_get(path, headers={**headers, "Accept": "text/html"}, **THERE)
                        text = answer.text.lower()
                        assert WORDS[other] not in text, (brand, path)
                        assert answer.status_code < 500, (brand, path)
                        assert of is not side or not sides[other].named_in(text), (brand, path)
                        if of is not side and paths(template, side.ids) != {path}:
                            assert answer.status_code in (303, 401, 403, 404), (brand, path)
                        if WORDS[brand] in text or side.named_in(text):
                            shown[brand].add(template)
    assert len(found) > 40
    assert shown["default"] == shown["acme"]
    assert shown["acme"] >= {
        "/", "/goals/{ident}", "/tasks/{ident}", "/questions", "/questions/{ident}", "/clock", "/team/health",
        "/api/v1/goals", "/api/v1/goals/{goal}", "/api/v1/tasks/{task}/drafts/{revision}", "/api/v1/approvals",
        "/api/v1/calls", "/api/v1/costs", "/api/v1/events", "/api/v1/events/{event}", "/api/v1/schedules", "/api/v1/triggers",
        "/api/v1/learnings",
    }  # fmt: skip


def test_a_stream_says_nothing_of_another_brands_goal(sides: dict[str, Side]) -> None:
    """It is not there."""
    office, goal = sides["default"].office, sides["default"].goal
    client = TestClient(create_app(lambda: office))
    headers = {"Authorization": f"Bearer {sides['acme'].token}"}

    assert client.simulate_get(f"/api/v1/goals/{goal.id}/stream", headers=headers, **THERE).status_code == 404


def test_nobody_changes_anything_of_another_brand(sides: dict[str, Side]) -> None:
    """Every form and every operation, with the other's ids: 404, and the other's record is as it was."""
    office, acme = sides["default"].office, sides["acme"]
    client = TestClient(create_app(lambda: office))
    of = sides["default"].ids

    def record() -> list[Any]:
        with office.store.read() as tx:
            return [tx.goals.all("default"), tx.approvals.open(brand="default"), tx.journal(of["goal"])]

    before = record()
    token = {"Authorization": f"Bearer {acme.token}"}
    for path, body in (
        (f"/api/v1/goals/{of['goal']}/pause", None),
        (f"/api/v1/goals/{of['goal']}/resume", None),
        (f"/api/v1/goals/{of['goal']}/cancel", None),
        (f"/api/v1/goals/{sides['default'].asked.id}/plan/agreement", None),
        (f"/api/v1/approvals/{of['approval']}/answer", {"answer": "approve"}),
    ):
        answer = client.simulate_post(path, json=body, headers={**token, "If-Match": '"x"'}, **THERE)
        assert answer.status_code == 404, path
    form = {"Cookie": f"troupe_session_8000={acme.session}", "Sec-Fetch-Site": "same-origin"}
    form["Content-Type"] = "application/x-www-form-urlencoded"
    for path in (f"/goals/{of['goal']}/pause", f"/goals/{of['goal']}/stop"):
        client.simulate_post(path, body="", headers=form, **THERE)
    client.simulate_post(f"/questions/{of['approval']}", body="answer=approve&version=x", headers=form, **THERE)

    assert record() == before


def test_a_token_is_shown_its_own_brands_figures(sides: dict[str, Side], open_with: Callable[..., Office]) -> None:
    """
    Who has WEBHOOK_TOKEN, or is an admin of the brand that is there from the beginning, is shown those of all; an event of
    another brand is for the sender as if there were none.
    """
    office = sides["default"].office
    client = TestClient(create_app(lambda: office))
    for side in sides.values():
        answer = client.simulate_get("/metrics", headers={"Authorization": f"Bearer {side.token}"}, **THERE)
        assert answer.status_code == 200
        assert set(re.findall(r'brand="([^"]+)"', answer.text)) <= {"acme", side.office.brand}

    monitor = TestClient(create_app(lambda: open_with(webhook_token="s3cret of monitors".replace(" ", "-"))))
    headers = {"Authorization": "Bearer s3cret-of-monitors"}
    assert monitor.simulate_get("/metrics", headers=headers, **THERE).status_code == 200
    theirs = sides["acme"].ids["event"]
    assert monitor.simulate_get(f"/webhooks/events/{theirs}", headers=headers, **THERE).status_code == 404


def test_a_goal_given_with_a_token_is_its_brands(sides: dict[str, Side]) -> None:
    """With its context and its cap, whoever the web app is opened for."""
    office = sides["default"].office
    client = TestClient(create_app(lambda: office))
    headers = {"Authorization": f"Bearer {sides['acme'].token}", "Idempotency-Key": "more"}
    answer = client.simulate_post("/api/v1/goals", json={"text": "Sell more"}, headers=headers, **THERE)

    with office.store.read() as tx:
        goal = tx.goals.get(answer.headers["location"].rpartition("/")[2])
        assert goal.brand == "acme"
        assert "basalt" in tx.text(goal.context_hash or "").lower()


def test_what_a_source_tells_is_its_brands(sides: dict[str, Side], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its file says whose; the note on its type is by that brand's triggers. One for a brand that is not there is told so."""
    office = sides["default"].office
    monkeypatch.setenv("SHOPSECRET", "gnomes-only")
    folder = office.settings.workspace_dir / "sources"
    folder.mkdir()
    for name in ("acme", "nobody"):
        text = f"name: {name}-shop\nscheme: bearer\nsecret_env: SHOPSECRET\nbrand: {name}\ntype: /type\nid: /id\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    client = TestClient(create_app(lambda: office))
    headers = {"Authorization": "Bearer gnomes-only"}
    told = {"type": "basalt_sold", "id": "1"}

    answer = client.simulate_post("/webhooks/acme-shop", json=told, headers=headers, **THERE)
    assert answer.status_code == 202, answer.text
    with office.store.read() as tx:
        assert tx.events.get(answer.json["event"]).brand == "acme"
    assert client.simulate_post("/webhooks/acme-shop", json=told, headers=headers, **THERE).status_code == 200
    missing = client.simulate_post("/webhooks/nobody-shop", json=told, headers=headers, **THERE)
    assert missing.status_code == 503
    assert "brands add nobody" in missing.json["detail"]
