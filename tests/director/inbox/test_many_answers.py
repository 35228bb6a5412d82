"""The same said two hundred times by eight processes at once has one effect, on either database."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from director.goals.submit import submit
from director.inbox.version import version_of_question
from director.office import Office
from director.words.models import Goal
from director.words.states import Answer, ApprovalState, GoalState, TaskState, WaitFor
from tests.conftest import SetClock
from tests.director.store.test_postgresql import server, template, url  # noqa: F401 - the fixtures

Drain = Callable[[Office, Goal], Goal]

PROCESSES: Final = 8
COPIES: Final = 25

#: Eight processes that begin together, forked so that only one has to be started; what of all they said was heard.
SAYERS: Final = """
import multiprocessing, sys
from director.bootstrap import opened
from director.inbox.approvals import answer
from director.inbox.revise_approved import revise
from director.words.errors import ChangedSince
from director.words.settings import from_env
from director.words.states import Answer

question, version, task, words = sys.argv[1:5]
processes, copies = map(int, sys.argv[5:])
fork = multiprocessing.get_context("fork")
ready, heard = fork.Barrier(processes), fork.Queue()

def answered(office):
    try:
        answer(office, question, Answer.REVISE, words, version=version)
    except ChangedSince:
        return False
    return True

def say():
    with opened(from_env()) as office:
        ready.wait()
        answers = sum(answered(office) for _ in range(copies))
        heard.put((answers, sum(revise(office, task, words).is_new for _ in range(copies))))

several = [fork.Process(target=say) for _ in range(processes)]
for one in several:
    one.start()
told = [heard.get(timeout=120) for _ in several]
for one in several:
    one.join()
print(sum(answers for answers, _ in told), sum(changes for _, changes in told))
sys.exit(any(one.exitcode for one in several))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """Where the record is."""
    return str(request.getfixturevalue("url")) if request.param == "postgresql" else None


def test_what_is_said_by_many_at_once_is_heard_once(
    open_with: Callable[..., Office], drain: Drain, clock: SetClock, database_url: str | None
) -> None:
    """
    An answer to the version that all of them saw: the goal that waited for it, and had no turn and so no slot meanwhile, has
    one turn more and one draft. A change of what was approved: one turn of its author, one version and one conclusion more.
    """
    clock.now = datetime.now(UTC)  # as it is for those processes
    stuck = open_with(database_url=database_url, rehearsal="stuck=1")
    waiting = drain(stuck, submit(stuck, "Post about gnomes", pipeline="Social Week"))
    office = open_with(database_url=database_url)
    done = drain(office, submit(office, "Post about elves", pipeline="Social Week"))
    with office.store.read() as tx:
        (question,) = tx.approvals.open(waiting.id)
        version = version_of_question(tx, question)
        drafts = len(tx.drafts.of_task(f"{waiting.id}-1"))
        assert tx.turns.open_of_goal(waiting.id) == []
    assert (waiting.wait_for, done.state) == (WaitFor.PERSON, GoalState.COMPLETED)

    assert heard(office, question.id, version, f"{done.id}-1") == (1, 1)

    with office.store.read() as tx:
        closed, task = tx.approvals.get(question.id), tx.tasks.get(f"{waiting.id}-1")
        assert (closed.state, closed.answer) == (ApprovalState.ANSWERED, Answer.REVISE)
        assert (task.state, task.revision) == (TaskState.DRAFTING, drafts)
        assert [line.what for line in tx.journal(waiting.id)].count(Answer.REVISE) == 1
        assert len(tx.changes.of_goal(done.id)) == 1
        for goal in (waiting, done):
            assert [turn.verb for turn in tx.turns.open_of_goal(goal.id)] == ["draft"]
    clock.forward(timedelta(minutes=1))  # what they wrote lies in this clock's past
    assert drain(office, done).state is GoalState.COMPLETED
    with office.store.read() as tx:
        assert len(tx.drafts.of_task(f"{done.id}-1")) == 2
        assert [turn.verb for turn in tx.turns.of_goal(done.id)].count("conclude") == 2


def heard(office: Office, question: str, version: str, task: str) -> tuple[int, int]:
    """Of all who answer *question*, and then ask for a change of *task*, how many are told that theirs was the one."""
    settings = office.settings
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_PROCESS")}
    environment = {**kept, "WORKSPACE_DIR": str(settings.workspace_dir), "REDIS_URL": settings.redis_url or ""}
    if settings.database_url:
        environment["DATABASE_URL"] = settings.database_url
    command = [
        sys.executable,
        "-c",
        SAYERS,
        question,
        version,
        task,
        "Shorter, and in verse.",
        str(PROCESSES),
        str(COPIES),
    ]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[3], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answers, changes = map(int, done.stdout.split())
    return answers, changes
