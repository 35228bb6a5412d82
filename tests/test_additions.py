"""What CONTRIBUTING says of additions: a new specialist is a folder and nothing else, a new kind of question two places."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from director.claude.rehearsal.asked import Purpose
from director.goals.submit import submit
from director.office import Office
from director.words.models import Goal
from director.words.settings import Settings
from director.words.states import GoalState
from skills.loader import OWN
from tests.director.claude_double import ClaudeDouble
from tests.director.plan_answers import answer, step

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


def copied(to: Path) -> Path:
    """
    This repository, to be added to. What was compiled and what mypy knows comes along: both go by a file's time and size,
    which stay, so that only what is added takes time.
    """
    copy = to / "troupe"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".[!m]*", "*.egg-info", "workspace"))
    shutil.copy(ROOT / ".env.example", copy)
    return copy


def add_specialist(skills: Path) -> None:
    """A whole folder, as somebody would write it: one of ours under another name."""
    shutil.copytree(OWN / "referral-program", skills / "gnome-herald")
    file = skills / "gnome-herald" / "SKILL.md"
    file.write_text(file.read_text(encoding="utf-8").replace("name: referral-program", "name: gnome-herald", 1))


def outputs(office: Office) -> list[str]:
    """Whose notes stand behind deliverables, and of which squad."""
    found = (office.settings.workspace_dir / "outputs").glob("*/notes/*.md")
    fronts = [yaml.safe_load(file.read_text(encoding="utf-8").split("---\n")[1]) for file in sorted(found)]
    return [f"{front['squad']}/{front['skill']}" for front in fronts]


def test_the_director_plans_with_a_new_specialist(
    tmp_path: Path, open_with: Callable[..., Office], drain: Drain
) -> None:
    """
    It stands in the roster with its squad and its consumers, a plan may name it, and its deliverable names its squad.
    """
    add_specialist(tmp_path / "skills")
    with ClaudeDouble() as claude:
        office = open_with(skills_path=(tmp_path / "skills",), anthropic_base_url=claude.url)
        claude.says(Purpose.PLAN, answer(step("herald", "gnome-herald")))
        goal = drain(office, submit(office, "Get us into the papers"))
        (asked,) = claude.asked(Purpose.PLAN)

    assert re.search(
        r"\n- gnome-herald \(activate; pieces: [^;]+; consumers: analytics-tracking\): Designs customer", asked.role
    )
    assert goal.state is GoalState.COMPLETED
    assert outputs(office) == ["activate/gnome-herald"]


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
    assert sorted(outputs(office)) == ["activate/gnome-herald", "creative/copywriting"]


@pytest.mark.timeout(600)
def test_nothing_else_is_touched_by_a_new_specialist(tmp_path: Path) -> None:
    """
    With one folder more in a copy of this repository, the tests of the collection and of the documents pass as they are.
    """
    copy = copied(tmp_path)
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


#: A kind of question as somebody would add it: its word, its class, its row and its consequence.
ADDED: dict[str, tuple[tuple[str, str], ...]] = {
    "director/words/question.py": (
        ("\n\n@dataclass(frozen=True, slots=True)\nclass AboutPlan", '\n    GNOME = "gnome"{}'),
        (
            "\n\nAbout: TypeAlias = ",
            "\n\n@dataclass(frozen=True, slots=True)\nclass AboutGnome:\n"
            "    kind: ClassVar = Kind.GNOME\n    name: str\n{}AboutGnome | ",
        ),
    ),
    "director/inbox/kinds.py": (
        ("import About, ", "{}AboutGnome, "),
        (
            "        case _:\n            assert_never(about)",
            "        case AboutGnome():\n            return Rule(_YES_OR_NO, 'it stays', partial(_gnome, about))\n{}",
        ),
        (
            "\n\ndef _plan(",
            "\n\ndef _gnome(about: AboutGnome, a: Answered) -> None:\n    fail_goal(a.tx, a.goal.id, about.name, by=a.by)\n{}",
        ),
    ),
}

#: It is asked, found among the open ones as what it was, and answered; what follows is what its row says.
ASKED_AND_ANSWERED = """
from director.inbox.approvals import answer
from director.progress import questions
from director.words.question import AboutGnome
from director.words.states import Answer


def test_it(office, given_goal):
    goal = given_goal()
    with office.store.write() as tx:
        asked = questions.ask(tx, goal, AboutGnome("Rumpelstilz"), "May I?", version="1")
    with office.store.read() as tx:
        assert [one.about for one in tx.approvals.open(goal.id)] == [AboutGnome("Rumpelstilz")]
    answer(office, asked.id, Answer.REJECT)
    with office.store.read() as tx:
        assert tx.goals.get(goal.id).reason == "Rumpelstilz"
"""


def add(copy: Path, name: str) -> None:
    """Write the parts of a new kind that stand in the file *name*, around what is there."""
    text = (copy / name).read_text(encoding="utf-8")
    for before, added in ADDED[name]:
        assert text.count(before) == 1, before
        text = text.replace(before, added.format(before))
    (copy / name).write_text(text, encoding="utf-8")


@pytest.mark.timeout(600)
def test_a_kind_of_question_is_a_class_and_a_row(tmp_path: Path) -> None:
    """
    Without its row mypy refuses the kind, at the table; with it, it is asked and answered, and nothing else was touched.
    """
    copy = copied(tmp_path)
    (copy / "tests" / "director" / "test_gnome.py").write_text(ASKED_AND_ANSWERED)
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(command, cwd=copy, env=plain, capture_output=True, text=True, check=False)

    table = "director/inbox/kinds.py"
    add(copy, "director/words/question.py")
    without = run("mypy", table)
    add(copy, table)
    with_row = run("mypy", table)
    done = run("pytest", "-q", "-n", "0", "--no-cov", "-p", "no:cacheprovider", "tests/director/test_gnome.py")

    assert (without.returncode, without.stdout.count("error:")) == (1, 1), without.stdout
    assert 'incompatible type "AboutGnome"' in without.stdout
    assert with_row.returncode == 0, with_row.stdout
    assert done.returncode == 0, done.stdout[-8_000:]
