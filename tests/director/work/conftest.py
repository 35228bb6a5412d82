"""Pipelines short enough to follow by eye, and goals followed to their rest."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from director.models import Goal
from director.office import Office
from director.settings import Settings
from director.states import WaitFor, is_final
from skills.loader import DIMENSIONS
from tests.conftest import SetClock


@pytest.fixture
def pipeline(settings: Settings) -> Callable[..., str]:
    """A pipeline of the workspace's own: `pipeline("copywriting", {"review": "page-cro"})` gives its name."""

    def write(*steps: object, name: str = "Gnome Line") -> str:
        folder = settings.workspace_dir / "pipelines"
        folder.mkdir(parents=True, exist_ok=True)
        document = {"name": name, "description": "For tests.", "priority": "P2", "steps": list(steps)}
        (folder / "own.yaml").write_text(json.dumps(document))
        return name

    return write


@pytest.fixture
def to_rest(drain: Callable[[Office, Goal], Goal], clock: SetClock) -> Callable[[Office, Goal], Goal]:
    """Go on with a goal, through every wait that time ends, until it is over or waits for a person."""

    def work(office: Office, goal: Goal) -> Goal:
        for _ in range(30):
            now = drain(office, goal)
            if is_final(now.state) or now.wait_for in (WaitFor.PERSON, WaitFor.MONEY):
                return now
            clock.forward(timedelta(minutes=2))
        raise AssertionError(f"goal {goal.id} does not come to rest: {now.state}, {now.reason}")

    return work


@pytest.fixture
def a_review() -> Callable[..., str]:
    """A review as Claude would answer it, the same score everywhere: `a_review(6.5, ("major", "Headline"))`."""

    def answer(score: float, *findings: tuple[str, str], **scores: float) -> str:
        return json.dumps(
            {
                "scores": {**dict.fromkeys(DIMENSIONS, score), **scores},
                "findings": [
                    {"severity": severity, "where": where, "what": "It is vague.", "change": "Say it plainly."}
                    for severity, where in findings
                ],
                "summary": f"The gnomes get {score:g}.",
            }
        )

    return answer
