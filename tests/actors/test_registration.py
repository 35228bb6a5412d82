"""Importing `actors` declares the whole team, connects to nothing, and stops with a sentence where a setting is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from director.office import DIRECTOR, REVIEWER
from director.redis.bus import QUEUE
from skills.loader import OWN
from tests.conftest import VERBS

#: The actor that is no member of the team, and the queue of its own. Importing it here would declare the team here.
CLOCK, TICKS = "clock", "ticks"

ROOT = Path(__file__).parents[2]

#: Our own specialists, by the names of their folders.
FOLDERS = {file.parent.name for file in OWN.glob("*/SKILL.md")}

#: Imports the actors as a worker does, and says what it found and what it touched.
PROGRAM = """
import json, sys

touched = []

def watch(event, args):
    if event in ("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen", "os.fork", "os.mkdir"):
        touched.append(f"{event} {args!r}")
    elif event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        touched.append(f"{event} {args!r}")

sys.addaudithook(watch)
import actors
import actors.director, actors.reviewer, actors.specialists
from actors.broker import broker

declared = {name: broker.get_actor(name) for name in broker.get_declared_actors()}
print(json.dumps({
    "actors": {name: actor.queue_name for name, actor in declared.items()},
    "queues": sorted(broker.get_declared_queues()),
    "verbs": {
        "director": sorted(actors.director.VERBS),
        "reviewer": sorted(actors.reviewer.VERBS),
        "specialists": sorted(actors.specialists.VERBS),
    },
    "same": all(
        verbs[name].__module__ + "." + verbs[name].__name__ == expected
        for verbs in (actors.director.VERBS, actors.reviewer.VERBS, actors.specialists.VERBS)
        for name, expected in json.loads(sys.argv[1]).items() if name in verbs
    ),
    "specialists": sorted(actors.specialists.SPECIALISTS),
    "touched": touched,
    "heavy": [name for name in ("anthropic", "httpx2") if name in sys.modules],
    "fresh": __import__("dramatiq").get_broker() is broker,
}))
"""


def run(folder: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def imported(folder: Path, **environ: str) -> dict[str, Any]:
    names = {name: f"{verb.__module__}.{verb.__name__}" for name, verb in VERBS.items()}
    done = run(folder, "-c", PROGRAM, json.dumps(names), **environ)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `import actors` declares, in a process of its own where nothing can be reached."""
    folder = tmp_path_factory.mktemp("elsewhere")
    away = {
        "REDIS_URL": "redis://127.0.0.1:1",
        "DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/gnomes",
        "WORKSPACE_DIR": str(folder / "workspace"),
    }
    found = imported(folder, **away)
    assert list(folder.iterdir()) == []
    return found


def test_every_skill_folder_has_its_actor(team: dict[str, Any]) -> None:
    """
    One actor by each folder's name, the Director, the reviewer and the clock; nobody else.
    """
    assert FOLDERS
    assert set(team["actors"]) == FOLDERS | {DIRECTOR, REVIEWER, CLOCK}
    assert set(team["specialists"]) == FOLDERS


def test_all_who_do_turns_answer_on_the_one_queue(team: dict[str, Any]) -> None:
    """
    Order and urgency are decided before the bell rings, so there is nothing to have two queues for. Ticks are no turns, and
    whoever hears them need not be able to do any.
    """
    assert {name: queue for name, queue in team["actors"].items() if queue != QUEUE} == {CLOCK: TICKS}
    assert team["queues"] == sorted([QUEUE, TICKS])
    assert team["fresh"]


def test_the_actors_verbs_together_are_all_there_are(team: dict[str, Any]) -> None:
    """
    What any actor can do is what the tests drain goals with: the same names, the same functions.
    """
    verbs = {name for names in team["verbs"].values() for name in names}

    assert verbs == set(VERBS)
    assert team["same"]


def test_every_turn_the_domain_creates_finds_its_verb(team: dict[str, Any]) -> None:
    """
    Who drafts, who reviews, who judges, who plans and concludes, who looks at events.
    """
    assert team["verbs"] == {
        "director": ["conclude", "event", "judge", "notify", "plan", "replan", "report", "warm"],
        "reviewer": ["calibrate", "review"],
        "specialists": ["draft", "judge"],
    }


def test_importing_the_actors_connects_to_nothing(team: dict[str, Any]) -> None:
    """
    No socket, no database, no process, no file written: a fork after it is safe, and `--help` never waits.
    """
    assert team["touched"] == []
    assert team["heavy"] == []


def test_a_skill_folder_of_ones_own_has_an_actor_too(tmp_path: Path) -> None:
    """
    A specialist is added by adding a folder, without code.
    """
    folder = tmp_path / "skills" / "gnome-naming"
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text("---\nname: gnome-naming\ndescription: Names gnomes.\n---\nName it.\n")
    found = imported(tmp_path, SKILLS_PATH=str(folder.parent))

    assert set(found["actors"]) == FOLDERS | {DIRECTOR, REVIEWER, CLOCK, "gnome-naming"}
    assert found["actors"]["gnome-naming"] == QUEUE


def test_a_name_that_is_taken_stays_with_the_first(tmp_path: Path) -> None:
    """
    A collection of somebody else's may have a copywriting of its own: ours works, theirs is left out and the log says so.
    """
    for name in ("copywriting", "gnome-naming"):
        folder = tmp_path / "skills" / name
        folder.mkdir(parents=True)
        (folder / "SKILL.md").write_text(f"---\nname: {name}\ndescription: For gnomes.\n---\nWrite it.\n")
    program = "from actors.broker import roster; print(roster.skills['copywriting'].squad, *roster.skills)"
    done = run(tmp_path, "-c", program, SKILLS_PATH=str(tmp_path / "skills"))

    squad, *names = done.stdout.split()
    assert squad == "creative"
    assert sorted(names) == sorted(FOLDERS | {"gnome-naming"})
    assert done.stderr.count("left out of SKILLS_PATH: copywriting") == 1


def test_a_worker_comes_up_beside_a_broken_guest(tmp_path: Path) -> None:
    """
    Who restarts a worker must not have to mend somebody else's folder first; the log names it, once.
    """
    folder = tmp_path / "skills" / "gnome-naming"
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text("no front matter")
    done = run(tmp_path, "-c", "import actors", SKILLS_PATH=str(folder.parent))

    assert done.returncode == 0
    assert done.stderr.count("gnome-naming") == 1


def test_a_worker_says_once_which_pipelines_it_cannot_use(tmp_path: Path) -> None:
    """
    One that needs a skill only another worker has is that worker's.
    """
    file = tmp_path / "workspace" / "pipelines" / "gnomes.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("name: Gnomes\ndescription: x\npriority: P2\nsteps: [gnome-naming]\n")
    done = run(tmp_path, "-c", "import actors", WORKSPACE_DIR=str(tmp_path / "workspace"))

    assert done.returncode == 0
    assert done.stderr.count("left out: gnomes") == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BUDGET_MONTHLY", "lots", "BUDGET_MONTHLY has to be an amount in USD"),
        ("REDIS_URL", "localhost", "REDIS_URL has to be a redis://"),
        ("SKILLS_PATH", "/nowhere", "SKILLS_PATH has to be folders that exist"),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path: Path, name: str, value: str, said: str) -> None:
    """
    A worker that cannot start says why in one line and ends with 1; no stack.
    """
    done = run(tmp_path, "-c", "import actors", **{name: value})

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def test_dramatiqs_own_command_ends_too(tmp_path: Path) -> None:
    """
    `dramatiq actors` with a wrong setting ends by itself, with the sentence and without a stack.
    """
    done = run(tmp_path, "-m", "dramatiq", "--processes", "1", "actors", BUDGET_MONTHLY="lots")

    assert done.returncode != 0
    assert "BUDGET_MONTHLY has to be an amount in USD" in done.stderr
    assert "Traceback" not in done.stderr
