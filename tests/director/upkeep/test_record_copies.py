"""A record that was copied, beside the one it was copied from, at one Redis: neither takes the other's bells unknowingly."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from director.office import Office
from director.redis.embedded import EmbeddedServer
from director.upkeep.heartbeat import RENEW_EVERY, Heartbeat
from director.upkeep.record_copies import take_own_names, warning
from tests.conftest import SetClock

OpenWith = Callable[..., Office]
Begun = Callable[..., "Worker"]

SAME_BELLS = "hears the same bells at this Redis"


class Worker:
    """A worker's process, as far as this is about; its heart beats when a test says so."""

    def __init__(self, office: Office, clock: SetClock) -> None:
        take_own_names(office)
        self.office = office
        self.heartbeat = Heartbeat(office, standing=True, monotonic=lambda: clock().timestamp())

    @property
    def namespace(self) -> str:
        """What the keys of its bells start with."""
        return self.office.bus.namespace


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A Redis that all use."""
    with EmbeddedServer(tmp_path / "redis") as server:
        yield server.url


@pytest.fixture
def beat(clock: SetClock) -> Callable[..., None]:
    """As long passes as until the next announcement; these announce themselves."""

    def all_of(*workers: Worker) -> None:
        clock.forward(RENEW_EVERY)
        for worker in workers:
            worker.heartbeat.beat()

    return all_of


@pytest.fixture
def begun(open_with: OpenWith, url: str, clock: SetClock, beat: Callable[..., None]) -> Begun:
    """A worker for the workspace of a folder."""

    def make(workspace: Path, **settings: str) -> Worker:
        worker = Worker(open_with(workspace_dir=workspace, redis_url=url, **settings), clock)
        beat(worker)
        return worker

    return make


def copied(workspace: Path) -> Path:
    """A copy of it, as `cp -r` makes one while somebody works for it."""
    copy = workspace.with_name("copy")
    shutil.copytree(workspace, copy)
    return copy


def test_a_copy_has_names_of_its_own_once_both_are_worked_for(
    tmp_path: Path, begun: Begun, beat: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    """Who starts second says so, and they stay with its record. The first goes on with those it has."""
    first = begun(tmp_path / "workspace")
    copy = copied(tmp_path / "workspace")
    beat(first)
    second = begun(copy)
    said = caplog.text
    again = begun(copy)
    beat(first, second, again)

    assert first.namespace != second.namespace == again.namespace
    assert said.count("it has names of its own from now on") == 1
    assert SAME_BELLS not in caplog.text


def test_a_copy_of_a_moment_ago_is_told(
    tmp_path: Path, begun: Begun, beat: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing tells its record yet from the first one; then it works already, and both say it, once, with what to do."""
    first = begun(tmp_path / "workspace")
    second = begun(copied(tmp_path / "workspace"))
    for _ in range(4):
        beat(first, second)
    status = warning(second.office)

    assert first.namespace == second.namespace
    assert caplog.text.count(SAME_BELLS) == 2
    assert status is not None
    assert SAME_BELLS in status
    assert "stop all workers of one of them" in status


def test_names_that_were_set_stay_and_both_are_told(
    tmp_path: Path, begun: Begun, beat: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    """Until one of them goes; `status` has it too."""
    one, other = (begun(tmp_path / name, redis_namespace="gnomes") for name in ("one", "other"))
    for _ in range(3):
        beat(one, other)
    status = warning(one.office)
    other.heartbeat.stop()
    alone = warning(one.office)

    assert one.namespace == other.namespace == "gnomes"
    assert caplog.text.count(SAME_BELLS) == 2
    assert "give one of them another REDIS_NAMESPACE" in (status or "")
    assert alone is None


def test_who_shares_a_record_keeps_its_names_under_whatever_path(
    tmp_path: Path, begun: Begun, beat: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    """Containers mount one workspace in several places."""
    first = begun(tmp_path / "workspace")
    (tmp_path / "mounted").symlink_to(tmp_path / "workspace")
    second = begun(tmp_path / "mounted")
    for _ in range(3):
        beat(first, second)
    first.heartbeat.stop()
    beat(second)

    assert first.namespace == second.namespace
    assert warning(second.office) is None
    assert caplog.text == ""


def test_a_record_that_was_moved_or_restored_keeps_its_names(
    tmp_path: Path, begun: Begun, beat: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody works for what was there before."""
    first = begun(tmp_path / "workspace")
    copy = copied(tmp_path / "workspace")
    beat(first)
    first.heartbeat.stop()
    moved = begun(copy)
    beat(moved)

    assert moved.namespace == first.namespace
    assert caplog.text == ""


def test_a_worker_that_was_killed_is_nobody_elses(
    tmp_path: Path, begun: Begun, beat: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    """It says no word in Redis either, and its row may be gone before."""
    begun(tmp_path / "workspace")
    second = begun(tmp_path / "workspace")
    for _ in range(4):
        beat(second)
    second.heartbeat.stop()  # takes away what is over
    third = begun(tmp_path / "workspace")

    assert third.namespace == second.namespace
    assert caplog.text == ""


def test_a_redis_that_was_flushed_changes_nothing(
    tmp_path: Path, url: str, begun: Begun, beat: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    """Who is there says so again."""
    first = begun(tmp_path / "workspace")
    copy = copied(tmp_path / "workspace")
    with redis.Redis.from_url(url) as line:
        line.flushall()
    beat(first)
    beat(first)

    assert caplog.text == ""
    assert begun(copy).namespace != first.namespace
