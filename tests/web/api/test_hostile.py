"""Whatever the description allows, and what it does not: no fault of ours, and no answer that the description does not have."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from director.access import tokens
from director.access.roles import Role
from director.office import Office
from director.words.models import Approval, Goal
from web.api.registry import OPERATIONS
from web.app import create_app

#: Each operation is asked so often each way.
EXAMPLES = 8


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
    schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(lambda: lived_in), headers=headers)
    there = {"goal": done.id, "task": f"{done.id}-1", "approval": question.id, "event": "e1", "revision": "0"}
    there |= {"schedule": "weekly-seo", "learning": "m1"}
    asked = set()
    for result in schema.exclude(path_regex="stream$").get_all_operations():
        operation = result.ok()
        asked.add(operation.label)
        own = {name: value for name, value in there.items() if f"{{{name}}}" in operation.path}

        ask(operation, mode, own, headers)

    assert len(asked) == len(OPERATIONS)


def ask(
    operation: schemathesis.APIOperation,
    mode: schemathesis.GenerationMode,
    own: dict[str, str],
    headers: dict[str, str],
) -> None:
    """Ask the operation what fits its description, or what does not."""
    fits = mode is schemathesis.GenerationMode.POSITIVE
    if not (fits or list(operation.iter_parameters()) or operation.body):
        return  # nothing can be wrong with it
    # What fits the description of a change may be refused all the same: another version, a pipeline that is not there.
    excluded = [positive_data_acceptance] if operation.method != "get" else []

    @seed(0)
    @settings(max_examples=EXAMPLES, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: schemathesis.Case) -> None:
        if fits:
            case.path_parameters.update(own)  # what is there; an id of nothing is a test of its own
            (case.query or {}).pop("cursor", None)  # one that was not answered is none
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    one()
