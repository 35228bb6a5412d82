"""Two workers on one record, of which only one has a skill: a turn is done by who can do it, and waits for one who can."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from director.claude.rehearsal.asked import Purpose
from director.words.models import Goal, Turn
from director.words.states import CallState, GoalState, TurnState
from tests.director.claude_double import ClaudeDouble
from tests.director.plan_answers import answer, step
from tests.e2e.installation import Done, Installation, Program, at_once, until

GUEST = "---\nname: gnome-care\ndescription: Waters gnomes. Use when it is dry.\n---\nWater them.\n"

PLAN = answer(
    step("care", "gnome-care", brief="Water them."),
    step("copy", "copywriting", brief="Say so."),
    step("more", "gnome-care", "care", "copy", brief="Water them more."),
    category="content",
)

GOALS = 3


@dataclass(frozen=True, slots=True)
class Together:
    """What became of goals while both workers were there."""

    goals: list[Goal]
    turns: list[Turn]
    plans: int
    calls: list[tuple[str, CallState]]
    by: dict[int, set[str]]  #: The verbs of turns about the guest, and of plans, by the process that did them.
    knowing: set[int]  #: The processes of the worker that has the skill.
    status: Done
    document: Done


@dataclass(frozen=True, slots=True)
class Alone:
    """What became of a goal whose worker went away, and came again."""

    held: Turn
    goal: Goal
    status: Done
    stuck: Done
    watched: Done
    after: Goal
    plans: int
    failed: list[Turn]


def guests(place: Installation) -> str:
    """A collection of one skill, beside the workspace."""
    folder = place.folder / "guests" / "gnome-care"
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text(GUEST, encoding="utf-8")
    return str(folder.parent)


def both(place: Installation, claude: ClaudeDouble, skills: str) -> tuple[Program, Program]:
    """A worker without the skill, which is there first, and one with it."""
    without = place.worker(anthropic_base_url=claude.url)
    knowing = place.start_worker(anthropic_base_url=claude.url, skills_path=skills)
    place.until(lambda tx: tx.presence.standing_workers() == 2, "both workers are there")
    return without, knowing


def stop(*workers: Program) -> None:
    """Tell them to go; they do."""
    for worker in workers:
        worker.send(signal.SIGTERM)
    assert [worker.wait().code for worker in workers] == [0 for _ in workers]


def together(place: Installation) -> Together:
    """Both are there, and some goals are given."""
    skills = guests(place)
    with ClaudeDouble() as claude:
        claude.always(Purpose.PLAN, PLAN)
        without, knowing = both(place, claude, skills)
        for n in range(1, GOALS + 1):
            place.run("goal", f"Water gnome {n}", "--detach", "--yes", anthropic_base_url=claude.url)
        status, document = place.run("status"), place.run("status", "--json")
        goals = [place.until_over(f"g{n}") for n in range(1, GOALS + 1)]
        processes = set(knowing.family())
        stop(without, knowing)
        with place.record() as tx:
            turns = [turn for goal in goals for turn in tx.turns.of_goal(goal.id)]
            calls = [(call.purpose, call.state) for goal in goals for call in tx.calls.of_goal(goal.id)]
            by: dict[int, set[str]] = {}
            for turn in turns:
                about = {turn.actor, *tx.tasks.skills_about(turn.subject)}
                if turn.verb == "plan" or "gnome-care" in about:
                    by.setdefault(_process(turn), set()).add(turn.verb)
        return Together(goals, turns, len(claude.asked(Purpose.PLAN)), calls, by, processes, status, document)


def alone(place: Installation) -> Alone:
    """The one that knows goes as soon as the plan is made; the other stays; the one that knows comes again."""
    skills = guests(place)
    with ClaudeDouble("latency_ms=300") as claude:
        claude.always(Purpose.PLAN, PLAN)
        without, knowing = both(place, claude, skills)
        place.run("goal", "Water the gnomes", "--detach", "--yes", anthropic_base_url=claude.url)
        until(lambda: claude.asked(Purpose.PLAN), "the plan is asked for")
        stop(knowing)
        held = place.until(
            lambda tx: next((turn for turn in tx.turns.of_goal("g1") if turn.state is TurnState.HELD), None),
            "a turn is put aside",
        )
        goal = place.until(
            lambda tx: tx.goals.get("g1") if tx.goals.get("g1").state is GoalState.WAITING else None, "the goal waits"
        )
        status, stuck = place.run("status", "g1"), place.run("status", "--stuck")
        watched = place.run("watch", "g1")
        knowing = place.start_worker(anthropic_base_url=claude.url, skills_path=skills)
        after = place.until_over("g1")
        stop(without, knowing)
        with place.record() as tx:
            failed = [turn for turn in tx.turns.of_goal("g1") if turn.state is TurnState.FAILED]
        return Alone(held, goal, status, stuck, watched, after, len(claude.asked(Purpose.PLAN)), failed)


@dataclass(frozen=True, slots=True)
class Stories:
    """All that happened."""

    together: Together
    alone: Alone


@pytest.fixture(scope="module")
def stories(install: Callable[..., Installation]) -> Stories:
    """Two installations, side by side."""
    first, second = install(), install()
    return Stories(**at_once(together=lambda: together(first), alone=lambda: alone(second)))  # type: ignore[arg-type]


def test_goals_that_need_what_one_worker_knows_are_completed(stories: Stories) -> None:
    """Whoever hears a bell first."""
    assert [goal.state for goal in stories.together.goals] == [GoalState.COMPLETED] * GOALS


def test_a_turn_is_done_by_who_can_do_it(stories: Stories) -> None:
    """Drafts and reviews of its work, and plans, which are made by whoever knows most."""
    assert stories.together.by.keys() <= stories.together.knowing
    assert set().union(*stories.together.by.values()) == {"plan", "draft", "review"}


def test_nothing_is_paid_twice_and_nothing_given_up(stories: Stories) -> None:
    """A plan that names the skill is asked for once, and no attempt of any turn is used up."""
    assert stories.together.plans == GOALS
    assert {state for _, state in stories.together.calls} == {CallState.ANSWERED}
    assert {(turn.attempts, turn.state) for turn in stories.together.turns} == {(0, TurnState.DONE)}


def test_status_says_who_lacks_what(stories: Stories) -> None:
    """For people, and for scripts."""
    assert "lacks gnome-care, which another worker has" in " ".join(stories.together.status.out.split())
    assert [w["lacks"] for w in stories.together.document.document["workers"] if w["lacks"]] == [["gnome-care"]]


def test_what_nobody_there_can_do_is_held(stories: Stories) -> None:
    """With a sentence that says what is missing and what to do; nothing is asked of anybody and nothing given up."""
    told = stories.alone

    assert told.held.attempts == 0
    assert told.goal.wait_for == "worker"
    for said in (told.goal.reason or "", told.status.out, told.stuck.out, told.watched.err):
        assert "No worker that is running has the skill gnome-care" in " ".join(said.split())
    assert told.stuck.code == 1
    assert told.watched.code == 1


def test_it_goes_on_when_somebody_comes_who_can(stories: Stories) -> None:
    """By itself, with what was paid before."""
    assert stories.alone.after.state is GoalState.COMPLETED
    assert stories.alone.plans == 1
    assert stories.alone.failed == []


def _process(turn: Turn) -> int:
    return int((turn.owner or "").split(":")[1])


def test_a_broken_guest_keeps_no_worker_and_no_goal(install: Callable[..., Installation]) -> None:
    """A worker comes up beside it and completes a goal; `status` says what is left out."""
    place = install()
    skills = Path(guests(place))
    (skills / "gnome-care" / "SKILL.md").write_text(GUEST.replace("Waters", "x" * 1068), encoding="utf-8")
    with place.working(skills_path=str(skills)):
        done = place.run("goal", "Sell gnomes", "--plan", "template", skills_path=str(skills))
        status = place.run("status", skills_path=str(skills))

    assert done.code == 0
    assert "gnome-care (description: expected at most 1024 characters" in " ".join(status.out.split())


def test_a_pipeline_that_only_one_can_use_keeps_nobody(install: Callable[..., Installation]) -> None:
    """The other worker comes up and stays; a goal with the pipeline is planned and done by who has its skill."""
    place = install()
    skills = guests(place)
    file = place.folder / "workspace" / "pipelines" / "care.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("name: Gnome Care\ndescription: x\npriority: P2\nsteps: [gnome-care]\n", encoding="utf-8")
    without, knowing = place.worker(), place.start_worker(skills_path=skills)
    place.until(lambda tx: tx.presence.standing_workers() == 2, "both workers are there")
    given = place.run("pipeline", "Gnome Care", "Water them", "--detach", skills_path=skills)
    goal = place.until_over("g1")
    status, processes = place.run("status"), set(knowing.family())
    stop(without, knowing)
    with place.record() as tx:
        by = {_process(turn) for turn in tx.turns.of_goal("g1") if turn.verb in {"plan", "draft"}}

    assert given.code == 0
    assert goal.state is GoalState.COMPLETED
    assert by <= processes
    assert "The pipeline Gnome Care needs the skill gnome-care, which is not here" in " ".join(status.out.split())
