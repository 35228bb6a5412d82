"""How what a team rests on is doing, looked at by a team that is up."""

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from director.words.health import ComponentName, Health
from tests.e2e.installation import Installation, until
from tests.e2e.standing import ORDER, Up, free_port

pytestmark = pytest.mark.timeout(300)


def test_a_team_that_is_up_looks_and_says_what_it_found(install: Callable[..., Installation]) -> None:
    """`status --health` and the web app say the same, with exit code 0 where all is well."""
    port = str(free_port())
    place = install(web_port=port, webhook_token="gnome-token-0815")  # noqa: S106 - of nothing
    up = Up(place)
    up.until_running(*ORDER)

    def looked() -> dict[str, Any] | None:
        document: dict[str, Any] = json.loads(place.run("status", "--health", "--json").out)
        return document if document["recent"] else None

    found = until(looked, "somebody looks")
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/health/detail", headers={"Authorization": "Bearer gnome-token-0815"}
    )
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 - our own web app
        served = json.load(answer)
    said = place.run("status", "--health")
    place.run("down")
    up.program.wait()

    states = [(one["name"], one["state"]) for one in found["components"]]
    assert [name for name, _ in states] == list(ComponentName)
    # How full the disk is, is this machine's.
    assert {state for name, state in states if name != ComponentName.DISK} == {Health.HEALTHY}
    assert [(one["name"], one["state"]) for one in served["components"]] == states
    assert served["recent"]
    assert f"Level {found['level']} ({found['name']}): {found['does']}. So since " in said.out
    assert said.code == int((ComponentName.DISK, Health.HEALTHY) not in states)
