"""Every operation, over rows that a rehearsed goal made: what it answers is what its description says, and nothing is lost."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from director.access.roles import Caller, Right, Role
from director.office import Office
from director.words.errors import NotFound
from director.words.models import Approval, Goal
from director.words.states import ApprovalState
from tests.web.api.asked import ROOT, Api, problem
from web.api.approvals import list_approvals
from web.api.clockwork import list_events
from web.api.description import describe
from web.api.goals import list_goals
from web.api.knowledge import list_learnings
from web.api.money import WhichCosts, get_costs, list_calls
from web.api.operations import Asked, Operation, SeenBefore
from web.api.registry import OPERATIONS
from web.api.routes import Resource
from web.problems import Problem

READS = [one for one in OPERATIONS if one.method == "GET"]
WRITES = [one for one in OPERATIONS if one.method != "GET"]


def named(operation: Operation) -> str:
    return operation.name


def plain(document: Any) -> Any:
    """A document with numbers and times as one form each."""
    if isinstance(document, Mapping):
        return {key: plain(value) for key, value in document.items()}
    if isinstance(document, list):
        return [plain(one) for one in document]
    if isinstance(document, float):
        return pytest.approx(document)
    return document.replace("+00:00", "Z") if isinstance(document, str) else document


def see_that_it_fits(model: type[BaseModel], document: Any) -> None:
    """The model takes the document and gives it back with every field."""
    read = model.model_validate(document)
    again = read.model_dump(mode="json", by_alias=True)
    assert plain(again) == plain(document)


def there(goal: Goal, question: Approval) -> dict[str, str]:
    """Something that is there, for each part of an address."""
    return {
        "goal": goal.id, "task": f"{goal.id}-1", "approval": question.id, "event": "e1", "revision": "0",
        "schedule": "weekly-seo", "learning": "m1",
    }  # fmt: skip


def example(operation: Operation) -> dict[str, Any] | None:
    """The body that the description shows."""
    if operation.body is None:
        return None
    shown = operation.body.model_config["json_schema_extra"]
    assert isinstance(shown, Mapping)
    return dict(shown["examples"][0])


def test_every_read_answers_what_its_description_says(
    api: Api, lived_in: Office, done: Goal, question: Approval
) -> None:
    """A goal that is over, with all that belongs to it: each document fits its model, and no field of it is lost."""
    empty = []
    for operation in READS:
        answer = api.get(operation.path.format(**there(done, question)))
        assert answer.status_code == operation.status, (operation.path, answer.text)
        see_that_it_fits(operation.answer, answer.json)
        empty += [operation.name for value in answer.json.values() if value == [] and "goal" not in operation.path]

    several = {"list_skills", "list_pipelines", "list_triggers", "list_schedules", "list_changes"}
    assert set(empty) <= {*several, "get_task", "get_learning", "get_approval"}


def test_a_plan_that_waits_fits_too(api: Api, question: Approval) -> None:
    """Its goal has an open question, and its version is that question's."""
    for path in (f"/goals/{question.goal}", f"/goals/{question.goal}/plan"):
        answer = api.get(path)
        [operation] = [one for one in READS if one.path == path.replace(question.goal, "{goal}")]
        see_that_it_fits(operation.answer, answer.json)
    assert (
        api.get(f"/goals/{question.goal}/plan").headers["etag"] == api.get(f"/approvals/{question.id}").headers["etag"]
    )


def test_what_can_be_read_can_be_asked_for_without_its_document(api: Api, done: Goal) -> None:
    """HEAD, with the version."""
    answer = api.ask("HEAD", f"{ROOT}/goals/{done.id}")

    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["etag"] == api.get(f"/goals/{done.id}").headers["etag"]


def test_every_operation_is_described(api: Api) -> None:
    """The document has each with its address and its method, and everything it refers to."""
    document = api.ask("GET", "/openapi.json").json

    assert document == describe(OPERATIONS)
    for one in OPERATIONS:
        assert document["paths"][ROOT + one.path][one.method.lower()]["operationId"] == one.name
    names = [one.name for one in OPERATIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_an_address_declares_the_right_it_needs(operation: Operation, office: Office) -> None:
    """Whoever changes something needs more than to read; each method of an address says its right."""
    resource = Resource(lambda: office, [operation])

    assert resource.rights[operation.method] is operation.right
    assert (operation.right is Right.READ) is (operation.method == "GET")


@pytest.mark.parametrize("operation", [one for one in WRITES if one.body is not None], ids=named)
def test_a_body_is_described_with_an_example_that_is_taken(operation: Operation) -> None:
    """Whoever reads the description can copy it; what can be left out may be."""
    assert operation.body is not None
    operation.body.model_validate_json(json.dumps(example(operation)))


def test_what_is_another_brands_is_not_there(lived_in: Office, done: Goal, question: Approval) -> None:
    """
    By the id of a row that is there: not found, whatever is asked of it, in the words of one that is nowhere. Lists are empty,
    and sums are of nothing.
    """
    stranger = Caller("stranger", Role.ADMIN, "another brand")
    path = {**there(done, question), "goal": question.goal}
    nowhere = {
        "goal": "g987654", "task": "g987654-1", "approval": "a987654", "event": "e987654", "revision": "0",
        "schedule": "weekly-seo", "learning": "m987654",
    }  # fmt: skip
    for operation in OPERATIONS:
        # Schedules are files of the installation; which are on is a brand's.
        if "{" in operation.path and "{schedule}" not in operation.path:
            body = (
                None if operation.body is None else operation.body.model_validate_json(json.dumps(example(operation)))
            )
            said = []
            for ids in (path, nowhere):
                with pytest.raises((NotFound, Problem)) as refused:
                    operation.do(lived_in, stranger, Asked(ids, operation.query(), body, version="x"))
                assert getattr(refused.value, "status", 404) == 404, operation.name
                said.append(re.sub(r"[gaem]\d+(-1)?", "ID", str(refused.value)))
            assert said[0] == said[1], operation.name
    for do, name in (
        (list_goals, "goals"),
        (list_approvals, "approvals"),
        (list_events, "events"),
        (list_calls, "calls"),
        (list_learnings, "learnings"),
    ):
        [operation] = [one for one in OPERATIONS if one.do is do]
        assert do(lived_in, stranger, Asked(query=operation.query())).document[name] == []
    costs = get_costs(lived_in, stranger, Asked(query=WhichCosts())).document
    assert (costs["paid"], costs["rehearsed"]) == (None, None)
    with lived_in.store.read() as tx:
        assert tx.approvals.get(question.id).state is ApprovalState.OPEN


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if "{" in one.path], ids=named)
def test_what_is_not_there_is_not_found(operation: Operation, api: Api) -> None:
    """An id of nothing, one that can be none, and one that no database takes."""
    for goal, ident in (("g99", "99"), ("nonsense", "x"), ("%00", "%00"), ("g0", "0"), ("g1%0A", "1%0A")):
        path = operation.path.format(
            goal=goal, task=f"{goal}-1", approval=f"a{ident}", event=f"e{ident}", revision="99", schedule=goal,
            learning=f"m{ident}",
        )  # fmt: skip
        version = '"x"' if operation.seen is not SeenBefore.NEVER else None
        answer = (
            api.get(path)
            if operation.method == "GET"
            else api.send(operation.method, path, example(operation), version=version)
        )
        problem(answer, 404)
