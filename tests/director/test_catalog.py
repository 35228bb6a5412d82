"""A guest, a skill of SKILLS_PATH, that cannot be used is left out and named; it stops nobody. Ours are held to all rules."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from director.catalog import Catalog
from director.claude.rehearsal.asked import Purpose
from director.goals.submit import submit
from director.office import Office
from director.progress.roles import skill_of
from director.words.errors import BrokenFile, NotFound, WrongCall
from director.words.models import Goal
from director.words.settings import Settings
from director.words.states import GoalState
from skills import loader
from tests.director.claude_double import ClaudeDouble
from tests.director.plan_answers import answer, step

Drain = Callable[[Office, Goal], Goal]

GOOD = "---\nname: gnome-care\ndescription: Waters gnomes. Use when it is dry.\n---\nWater them.\n"


def _text(text: str | bytes) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / "SKILL.md").write_bytes(text.encode() if isinstance(text, str) else text)

    return make


def _judged_by(rubric: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / "SKILL.md").write_text(GOOD)
        (folder / "rubric.yaml").write_text(rubric)

    return make


def _linked(name: str, to: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / "SKILL.md").write_text(GOOD)
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(to)

    return make


def _piped(folder: Path) -> None:
    os.mkfifo(folder / "SKILL.md")


def _without(folder: Path) -> None:
    (folder / "notes.md").write_text("soon")


#: What is wrong with a folder, and what the reason says.
BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "a long description": (_text(GOOD.replace("Waters", "x" * 1068)), "at most 1024 characters"),
    "no description": (_text(GOOD.replace("description", "summary")), "description: expected"),
    "another name": (_text(GOOD.replace("name: gnome-care", "name: gnomes")), "the folder's name gnome-care"),
    "no YAML": (_text(GOOD.replace("name: gnome-care", "name: [")), "expected YAML"),
    "no front matter": (_text("Water them."), "the first line to be ---"),
    "another encoding": (_text(GOOD.encode() + b"\xff"), "expected UTF-8"),
    "too much": (_text(GOOD + "x" * 300_000), "at most 256 kB"),
    "nothing": (_text(""), "the first line to be ---"),
    "a pipe": (_piped, "expected a file"),
    "no SKILL.md": (_without, "expected a SKILL.md"),
    "a link out of it": (_linked("SKILL.md", "/etc/hostname"), "a link that leads out of it"),
    "a link to itself": (_linked("SKILL.md", "SKILL.md"), "a broken link"),
    "a whole disk for references": (_linked("references", "/"), "a link that leads out of it"),
    "a broken rubric": (_judged_by("- {"), "expected YAML"),
}


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A folder of guests: one that can be used, and a folder for one that cannot."""
    folder = tmp_path / "guests"
    for name in ("gnome-care", "gnome-herald"):
        (folder / name).mkdir(parents=True)
    _text(GOOD.replace("gnome-care", "gnome-herald"))(folder / "gnome-herald")
    return folder


@pytest.mark.parametrize(("break_it", "why"), BAD.values(), ids=BAD)
def test_a_guest_that_cannot_be_used_is_left_out_and_stops_nobody(
    collection: Path, open_with: Callable[..., Office], drain: Drain, break_it: Callable[[Path], None], why: str
) -> None:
    """Its reason is there to be read; its neighbour is on the team, and goals are done as if it were not there."""
    break_it(collection / "gnome-care")
    office = open_with(skills_path=(collection,))

    assert list(office.catalog.left_out) == ["gnome-care"]
    assert why in office.catalog.left_out["gnome-care"]
    assert "gnome-herald" in office.skills
    assert "gnome-care" not in office.skills
    assert drain(office, submit(office, "Sell gnomes", plan_by="template")).state is GoalState.COMPLETED


@contextmanager
def _nobody() -> Iterator[None]:
    """Without the rights of the user who may read everything."""
    user = os.geteuid()
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.skipif(os.geteuid() != 0, reason="only who may read everything can become somebody else")
@pytest.mark.parametrize(("path", "mode"), [("gnome-care", 0o644), ("gnome-care/SKILL.md", 0o200), ("", 0o744)])
def test_what_may_not_be_read_is_left_out(collection: Path, tmp_path: Path, path: str, mode: int) -> None:
    """A folder that may be listed and not entered, a file that is somebody else's, a whole collection."""
    _text(GOOD)(collection / "gnome-care")
    above = [tmp_path, *list(tmp_path.parents)[:-2]]
    modes = {folder: folder.stat().st_mode for folder in above}
    for folder in above:
        folder.chmod(0o755)
    (collection / path).chmod(mode)
    try:
        with _nobody():
            roster = loader.load([collection])
    finally:
        for folder in above:
            folder.chmod(modes[folder])

    assert "gnome-care" not in roster.skills
    assert ("gnome-herald" in roster.skills) is bool(path)
    assert not path or "cannot be read (Permission denied)" in roster.left_out["gnome-care"]


def test_a_folder_of_ours_that_is_broken_stops_everything(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it the team is not the one that was installed."""
    copytree(loader.OWN / "copywriting", tmp_path / "ours" / "copywriting")
    (tmp_path / "ours" / "copywriting" / "SKILL.md").write_text("x")
    monkeypatch.setattr(loader, "OWN", tmp_path / "ours")

    with pytest.raises(BrokenFile, match=r"A skill is broken: .*ours/copywriting/SKILL\.md.*skills validate"):
        _ = Catalog(settings).roster


def test_a_skill_in_place_of_a_collection_is_left_out(collection: Path, settings: Settings) -> None:
    """SKILLS_PATH names the folder above; whoever names one skill is told, and has the rest of the team."""
    catalog = Catalog(replace(settings, skills_path=(collection / "gnome-herald",)))

    assert "copywriting" in catalog.roster.skills
    assert "name the one above it" in catalog.left_out["gnome-herald"]


def test_a_folder_of_collections_says_what_to_name(collection: Path, settings: Settings) -> None:
    """The root of a public repository holds its skills one folder deeper."""
    _text(GOOD)(collection / "gnome-care")

    assert (
        "name this folder in SKILLS_PATH"
        in Catalog(replace(settings, skills_path=(collection.parent,))).left_out["guests"]
    )


def test_the_name_of_a_folder_cannot_break_a_line(collection: Path) -> None:
    """It is shown as it can be: no byte of it reaches a terminal that would turn it around, and none is unprintable."""
    bad = os.fsencode(collection) + b"/gn\x1b[31mome\xff"
    os.mkdir(bad)  # noqa: PTH102 - a name that is no text
    Path(os.fsdecode(bad), "SKILL.md").write_text("x")

    (fault,) = [fault for fault in loader.load([collection]).faults if "ome" in fault.skill]
    for line in (str(fault), fault.skill, fault.why):
        assert line.isprintable()


def test_a_plan_that_needs_a_guest_that_is_left_out_says_so(
    collection: Path, open_with: Callable[..., Office], drain: Drain
) -> None:
    """Claude is told why its plan cannot be taken, not that there is no such skill."""
    _text(GOOD.replace("Waters", "x" * 1068))(collection / "gnome-care")
    with ClaudeDouble() as claude:
        office = open_with(skills_path=(collection,), anthropic_base_url=claude.url)
        for _ in range(2):
            claude.says(Purpose.PLAN, answer(step("care", "gnome-care")))
        goal = drain(office, submit(office, "Water the gnomes"))

    assert goal.plan is not None
    assert "asks for 'gnome-care', which was left out: description: expected at most 1024" in goal.plan["note"]


def test_a_pipeline_that_needs_it_says_so_and_stops_no_other(
    collection: Path, settings: Settings, open_with: Callable[..., Office], drain: Drain
) -> None:
    """Naming it is refused with the reason, before anything is made; other goals, also of its category, go on."""
    _text("x")(collection / "gnome-care")
    folder = settings.workspace_dir / "pipelines"
    folder.mkdir(parents=True)
    (folder / "care.yaml").write_text(
        "name: Gnome Care\ndescription: x\npriority: P2\ncategory: strategic\nsteps: [copywriting, gnome-care]\n"
    )
    office = open_with(skills_path=(collection,))

    with pytest.raises(WrongCall, match="Gnome Care needs the skill gnome-care, which was left out: front matter"):
        submit(office, "Water the gnomes", pipeline="gnome care")
    assert drain(office, submit(office, "Plan gnomes", category="strategic", plan_by="template")).plan is not None


def test_a_task_whose_guest_broke_since_says_why(collection: Path, open_with: Callable[..., Office]) -> None:
    """Its folder is there; what has to be mended is not its place."""
    _text("x")(collection / "gnome-care")
    with pytest.raises(NotFound, match="it was left out: front matter: expected the first line"):
        skill_of(open_with(skills_path=(collection,)), "gnome-care")
