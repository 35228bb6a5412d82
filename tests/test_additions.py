"""What CONTRIBUTING says of a new specialist: a folder, and nothing else. No code, no second list, no number anywhere."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from director.claude.rehearsal.asked import Purpose
from director.goals.submit import submit
from director.office import Office
from director.words.models import Goal
from director.words.settings import Settings
from director.words.states import GoalState
from skills.loader import OWN
from tests.director.claude_double import ClaudeDouble

ROOT = Path(__file__).parents[1]

#: Tests that look at our own collection as a whole. Whoever counts it, or lists it, is red with one specialist more.
OF_THE_COLLECTION = (
    "tests/skills",
    "tests/pipelines/test_library.py",
    "tests/pipelines/test_routing.py",
    "tests/director/prompting/test_knowledge.py",
    "tests/actors/test_registration.py::test_every_skill_folder_has_its_actor",
    "tests/actors/test_registration.py::test_a_skill_folder_of_ones_own_has_an_actor_too",
    "tests/actors/test_registration.py::test_a_name_that_is_taken_stays_with_the_first",
    "tests/e2e/test_context_command.py::TestTemplate::test_a_script_is_told_all_of_it",
    "tests/test_documents.py",
)

Drain = Callable[[Office, Goal], Goal]


def add_specialist(skills: Path) -> None:
    """A whole folder, as somebody would write it: one of ours under another name."""
    shutil.copytree(OWN / "referral-program", skills / "gnome-herald")
    file = skills / "gnome-herald" / "SKILL.md"
    file.write_text(file.read_text(encoding="utf-8").replace("name: referral-program", "name: gnome-herald", 1))


def outputs(office: Office) -> list[str]:
    """The folders in which deliverables stand."""
    found = (office.settings.workspace_dir / "outputs").glob("*/*/*.md")
    return [file.parent.relative_to(office.settings.workspace_dir).as_posix() for file in found]


def test_the_director_plans_with_a_new_specialist(
    tmp_path: Path, open_with: Callable[..., Office], drain: Drain
) -> None:
    """
    It stands in the roster with its squad and its consumers, a plan may name it, and its deliverable stands under its squad.
    """
    add_specialist(tmp_path / "skills")
    task = {"id": "herald", "skill": "gnome-herald", "brief": "Say what is new.", "needs": []}
    with ClaudeDouble() as claude:
        office = open_with(skills_path=(tmp_path / "skills",), anthropic_base_url=claude.url)
        claude.says(Purpose.PLAN, json.dumps({"category": "content", "reasoning": "It is news.", "tasks": [task]}))
        goal = drain(office, submit(office, "Get us into the papers"))
        (asked,) = claude.asked(Purpose.PLAN)

    assert "\n- gnome-herald (activate; consumers: analytics-tracking): Designs customer" in asked.role
    assert goal.state is GoalState.COMPLETED
    assert outputs(office) == ["outputs/activate/gnome-herald"]


def test_a_pipeline_names_a_new_specialist(
    tmp_path: Path, settings: Settings, open_with: Callable[..., Office], drain: Drain
) -> None:
    """
    As it names any other: the file of the pipeline and the folder are all there is to it.
    """
    add_specialist(tmp_path / "skills")
    folder = settings.workspace_dir / "pipelines"
    folder.mkdir(parents=True)
    (folder / "herald.yaml").write_text(
        "name: Herald Line\ndescription: For tests.\npriority: P2\nsteps: [copywriting, gnome-herald]\n"
    )
    office = open_with(skills_path=(tmp_path / "skills",))

    assert drain(office, submit(office, "Get us into the papers", pipeline="Herald Line")).state is GoalState.COMPLETED
    assert sorted(outputs(office)) == ["outputs/activate/gnome-herald", "outputs/creative/copywriting"]


@pytest.mark.timeout(600)
def test_nothing_else_is_touched_by_a_new_specialist(tmp_path: Path) -> None:
    """
    With one folder more in a copy of this repository, the tests of the collection and of the documents pass as they are.
    """
    copy = tmp_path / "troupe"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "workspace"))
    shutil.copy(ROOT / ".env.example", copy)
    add_specialist(copy / "skills")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "--no-header", "-p", "no:cacheprovider", *OF_THE_COLLECTION],
        cwd=copy,
        # Coverage is of this tree; the copy is gone before the report is written.
        env={name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "test_what_a_skill_hands_over_stands_in_its_deliverable[gnome-herald] PASSED" in done.stdout, done.stderr
    assert done.returncode == 0, done.stdout[-8_000:]
