"""What a full disk kept back, or somebody took away, is written from the record."""

from collections.abc import Callable

import pytest

from director.goals.missing_files import write_all_missing, write_missing
from director.goals.submit import submit
from director.office import Office
from director.words.models import Goal


@pytest.fixture
def done(office: Office, drain: Callable[[Office, Goal], Goal]) -> Goal:
    """A goal that is over."""
    return drain(office, submit(office, "More people who look at gnomes buy one", pipeline="Conversion Sprint"))


def test_what_is_missing_is_written_by_whoever_starts_next(office: Office, done: Goal) -> None:
    """
    Files are made from the record: the same bytes, for a deliverable and for the report; what is there is left alone.
    """
    files = {file: file.read_bytes() for file in office.settings.workspace_dir.rglob("*.md")}
    lost, kept, *_ = sorted(files)
    lost.unlink()
    kept.write_text("a person's words")
    (office.settings.workspace_dir / "reports" / "g1.md").unlink()
    write_all_missing(office)

    assert {file: file.read_bytes() for file in files} == {**files, kept: b"a person's words"}


def test_what_still_cannot_be_written_is_named(office: Office, done: Goal) -> None:
    """
    With its reason, and whose text it is, so that a person can be told where to read it.
    """
    report = office.settings.workspace_dir / "reports" / "g1.md"
    report.unlink()
    report.mkdir()
    (found,) = write_missing(office, done)

    assert (found.file, found.subject) == (report, "g1")
    assert "directory" in found.reason
