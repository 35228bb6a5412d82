"""Whatever the description allows, and what it does not: no fault of ours, and no answer that the description does not have."""

import json
import re
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from director.access import tokens
from director.access.roles import Caller, Role
from director.office import Office
from director.words.models import Approval, Goal
from web.api.operations import ROOT, Asked
from web.api.registry import OPERATIONS
from web.app import create_app

#: Each operation is asked so often each way.
EXAMPLES = 6

#: Whose body fits its description and may be refused all the same: a plan's tasks are a graph of specialists that are there,
#: each key once and none in a circle, which no schema says.
BEYOND_A_SCHEMA: Final = ("change_plan",)

#: What names something, which has to be there, as the parts of an address have to; what is not is a test of its own.
THERE: Final[dict[str, Any]] = {
    "skill": "copywriting", "pipeline": "Social Week", "piece": None, "answer": "approve", "at_most_usd": None,
    "cron": "0 7 * * 1",
}  # fmt: skip

#: What no text has (`words/characters.py`), and no pattern says that all readers of patterns take.
BEYOND_A_PATTERN: Final = re.compile(
    "[\U000f0000-\U0010ffff]|" + "|".join(chr(n << 16 | 0xFFFE) + "|" + chr(n << 16 | 0xFFFF) for n in range(1, 15))
)

ADMIN: Final = Caller("schemathesis", Role.ADMIN, "default")

#: What reads each address.
READS: Final = {one.path: one.do for one in OPERATIONS if one.method == "GET"}

#: What may be said depends on the settings (no goal may cost more than a month), or on what is said beside it (no day either).
LIMITS: Final = {"budget_usd": 1000, "daily_usd": 0, "cap_usd": 0}


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

        ask(operation, mode, own, headers, lived_in)

    assert len(asked) == len(OPERATIONS)


def ask(
    operation: schemathesis.APIOperation,
    mode: schemathesis.GenerationMode,
    own: dict[str, str],
    headers: dict[str, str],
    office: Office,
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
            put_in(case, own, office)
        answer = case.call(headers=headers)
        # Too long a body is refused before it is read, which is none of the statuses that schemathesis takes for a no.
        beyond = [negative_data_rejection] if answer.status_code == 413 else []
        case.validate_response(answer, headers=headers, excluded_checks=[*excluded, *beyond])

    one()


def put_in(case: schemathesis.Case, own: dict[str, str], office: Office) -> None:
    """What is there, in place of what a schema makes up."""
    case.path_parameters.update(own)
    (case.query or {}).pop("cursor", None)  # one that was not answered is none
    if case.headers and "If-Match" in case.headers:
        case.headers["If-Match"] = version(case, office)
    if isinstance(case.body, dict):
        assume("\\u0000" not in json.dumps(case.body))  # in an event's data, of which the schema says nothing
        assume(not any(isinstance(said, str) and BEYOND_A_PATTERN.search(said) for said in case.body.values()))
        case.body.update({field: there for field, there in THERE.items() if field in case.body})
        case.body.update({
            field: min(most, said) for field, most in LIMITS.items() if (said := case.body.get(field)) is not None
        })  # fmt: skip


def version(case: schemathesis.Case, office: Office) -> str:
    """Of what is changed, as it is read: at the same address, or at one above it."""
    path = case.path.removeprefix(ROOT)
    while path not in READS or (read := READS[path](office, ADMIN, Asked(case.path_parameters)).version) is None:
        path = path.rpartition("/")[0]
    return f'"{read}"'
