"""Whatever the description allows, and what it does not: no fault of ours, and no answer that the description does not have."""

from typing import Any, Final

import pytest
import schemathesis
from falcon.testing import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from director.access import tokens
from director.access.roles import Role
from director.office import Office
from director.words.models import Approval, Goal
from tests.web.api.asked import Api
from web.api.registry import OPERATIONS
from web.app import create_app

#: Each operation is asked so often each way.
EXAMPLES = 8

#: Whose body fits its description and may be refused all the same: a plan's tasks are a graph of specialists that are there,
#: each key once and none in a circle, which no schema says.
BEYOND_A_SCHEMA: Final = ("change_plan",)

#: What names something, which has to be there, as the parts of an address have to; what is not is a test of its own.
THERE: Final[dict[str, Any]] = {"skill": "copywriting", "pipeline": "Social Week", "piece": None, "answer": "approve"}

#: What may be said depends on the settings (no goal may cost more than a month), or on what is said beside it (no day either).
LIMITS: Final = {"budget_usd": 1000, "daily_usd": 0}


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_nothing_that_is_asked_is_a_fault_of_ours(
    mode: schemathesis.GenerationMode, lived_in: Office, done: Goal, question: Approval
) -> None:
    """
    All checks that schemathesis has: each status, type and document is described; what fits is taken, what does not is
    refused; nothing is answered with 5xx.
    """
    _, secret = tokens.create(lived_in, "schemathesis", Role.ADMIN)
    headers = {"Authorization": f"Bearer {secret}"}
    app = create_app(lambda: lived_in)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=headers)
    there = {"goal": done.id, "task": f"{done.id}-1", "approval": question.id, "event": "e1", "revision": "0"}
    there |= {"schedule": "weekly-seo", "learning": "m1"}
    asked = set()
    for result in schema.exclude(path_regex="stream$").get_all_operations():
        operation = result.ok()
        asked.add(operation.label)
        own = {name: value for name, value in there.items() if f"{{{name}}}" in operation.path}

        ask(operation, mode, own, headers, Api(TestClient(app)))

    assert len(asked) == len(OPERATIONS)


def ask(
    operation: schemathesis.APIOperation,
    mode: schemathesis.GenerationMode,
    own: dict[str, str],
    headers: dict[str, str],
    api: Api,
) -> None:
    """Ask the operation what fits its description, or what does not."""
    fits = mode is schemathesis.GenerationMode.POSITIVE
    if not (fits or list(operation.iter_parameters()) or operation.body):
        return  # nothing can be wrong with it
    name = operation.definition.raw["operationId"]
    excluded = [positive_data_acceptance] if name in BEYOND_A_SCHEMA else []

    @seed(0)
    @settings(max_examples=EXAMPLES, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: schemathesis.Case) -> None:
        if fits:
            put_in(case, own, headers, api)
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    one()


def put_in(case: schemathesis.Case, own: dict[str, str], headers: dict[str, str], api: Api) -> None:
    """What is there, in place of what a schema makes up."""
    case.path_parameters.update(own)
    (case.query or {}).pop("cursor", None)  # one that was not answered is none
    if case.headers and "If-Match" in case.headers:
        case.headers["If-Match"] = version(case, headers, api)
    if isinstance(case.body, dict):
        case.body.update({field: there for field, there in THERE.items() if field in case.body})
        case.body.update({
            field: min(most, said) for field, most in LIMITS.items() if (said := case.body.get(field)) is not None
        })  # fmt: skip


def version(case: schemathesis.Case, headers: dict[str, str], api: Api) -> str:
    """Of what is changed: it can be read at the same address, or at one above it."""
    path = case.formatted_path
    while (seen := api.ask("GET", path, headers=headers)).status_code != 200 or "etag" not in seen.headers:
        path = path.rpartition("/")[0]
    return str(seen.headers["etag"])
