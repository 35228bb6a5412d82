"""What the team remembers, said, confirmed and forgotten over HTTP."""

import pytest

from director.access import tokens
from director.access.roles import Role
from director.goals.submit import submit
from director.memory import learn
from director.office import Office
from director.prompting.forms import Lesson
from director.words.models import Learning
from director.words.states import LearningState
from tests.web.api.asked import Api, problem, who

A_SENTENCE = {"skill": "copywriting", "text": "Name the day, not the week."}


@pytest.fixture
def proposal(office: Office) -> Learning:
    """What the Director proposed, and nobody has said a word about."""
    goal = submit(office, "Sell singing gnomes")
    with office.store.write() as tx:
        [made] = learn.from_goal(tx, goal, [Lesson(skill="director", result="success", lesson="Say it early.")])
    return made


def test_a_sentence_is_kept_once_and_followed(api: Api, office: Office) -> None:
    """201 with its address; the same key, or the same sentence, is the same learning. Who said it stands in the journal."""
    _, secret = tokens.create(office, "Max", Role.MARKETER)
    token = {"Authorization": f"Bearer {secret}"}
    first = api.post("/learnings", A_SENTENCE, Idempotency_Key="k", **token)

    assert (first.status_code, first.headers["location"]) == (201, "/api/v1/learnings/m1")
    assert (first.json["state"], first.json["text"]) == ("active", A_SENTENCE["text"])
    assert api.post("/learnings", A_SENTENCE, Idempotency_Key="k", **token).text == first.text
    assert api.post("/learnings", A_SENTENCE, **token).json["id"] == "m1"
    read = api.get("/learnings/m1", headers=token)
    assert (read.json["text"], read.headers["etag"]) == (A_SENTENCE["text"], f'"{read.json["version"]}"')
    assert who(office, "active") == [("Max", "A person said it.")]


def test_a_proposal_is_confirmed_and_forgotten(api: Api, proposal: Learning, office: Office) -> None:
    """Each again is as it was; what was forgotten is a conflict to follow."""
    path = f"/learnings/{proposal.id}"
    assert [api.post(f"{path}/accept").json["state"] for _ in range(2)] == ["active"] * 2
    assert [api.post(f"{path}/retire").json["state"] for _ in range(2)] == ["retired"] * 2
    problem(api.post(f"{path}/accept"), 409, "was retired")
    edited = api.put(path, {"text": "Say it."}, version=api.get(path).headers["etag"])
    problem(edited, 409, "was retired")
    assert who(office, "retired") == [("person", "A person retired it.")]


def test_words_are_changed_by_who_saw_those_before(api: Api, proposal: Learning, office: Office) -> None:
    """428 without a version; 412 with another's, also where it is only confirmed."""
    path, seen = f"/learnings/{proposal.id}", api.get(f"/learnings/{proposal.id}").headers["etag"]
    problem(api.put(path, {"text": "Say it late."}), 428)

    said = api.put(path, {"text": "Say it  late."}, version=seen)

    assert (said.json["text"], said.json["state"]) == ("Say it late.", "active")
    problem(api.put(path, {"text": "Say it."}, version=seen), 412, "“Say it late.”")
    problem(api.post(f"{path}/retire", version=seen), 412)
    with office.store.read() as tx:
        assert tx.learnings.get(proposal.id).state is LearningState.ACTIVE


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({**A_SENTENCE, "skill": "gnomes"}, "skill", "no skill 'gnomes'"),
        ({**A_SENTENCE, "text": "\u200b "}, "text", "Say what to do"),
        ({**A_SENTENCE, "text": "Use sk-ant-api03-" + "a" * 40}, "text", "Leave it out"),
        ({**A_SENTENCE, "text": "a" * 301}, "text", "300"),
    ],
)
def test_what_is_no_sentence_is_refused_with_its_field(body: dict[str, str], field: str, said: str, api: Api) -> None:
    """422, and nothing is kept."""
    refused = problem(api.post("/learnings", body), 422)

    assert [one["field"] for one in refused["errors"]] == [field]
    assert said in refused["errors"][0]["detail"]
    assert api.get("/learnings").json["learnings"] == []
