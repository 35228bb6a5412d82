"""A plan as a person meets it: re-planned by the Director, looked at, changed in a file and in an editor."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import pytest

from director.words.states import GoalState
from tests.e2e.installation import Done, Installation, at_once
from tests.e2e.test_context_command import terminal

#: Writes an unknown specialist at first; when that is complained of, a known one.
EDITOR = """\
#!/bin/sh
if grep -q "Not taken" "$1"; then sed -i 's/skill: gnomes/skill: cold-email/' "$1"
else sed -i 's/skill: paid-ads/skill: gnomes/' "$1"; fi
"""


@dataclass(frozen=True, slots=True)
class Story:
    """A goal that was re-planned, and one whose plan a person changed before it ran."""

    place: Installation
    first: Done
    tree: Done
    picture: Done
    document: Done
    shown: Done
    changed: Done
    unknown: Done
    both: Done
    nobody: Done
    over: Done
    second: Done


@pytest.fixture(scope="module")
def story(install: Callable[..., Installation]) -> Story:
    """The whole of it."""
    place = install(rehearsal="declines=page-cro")

    def say(*words: str) -> Callable[[], Done]:
        return lambda: place.run(*words)

    first = place.run("goal", "Increase signup conversion by 20%", "--category", "optimization")
    place.run("pipeline", "Product Launch", "Launch gnomes", "--dry-run")
    file, wrong = place.folder / "plan.yaml", place.folder / "wrong.yaml"
    text = place.run("plan", "g2", "--yaml").out
    head, _, last = text.partition("- id: paid-ads\n")
    assert last
    wrong.write_text(text.replace("skill: paid-ads", "skill: gnomes"))
    looks = at_once(
        tree=say("plan", "g1"),
        picture=say("plan", "g1", "--svg", "-"),
        document=say("plan", "g1", "--json"),
        shown=say("show", "g1"),
        unknown=say("plan", "g2", "--file", str(wrong)),
        both=say("plan", "g2", "--yaml", "--edit"),
        nobody=say("plan", "g2", "--edit"),
    )
    file.write_text(head + "- id: letter\n  skill: cold-email\n  needs: [copywriting]\n  brief: To lapsed members.\n")
    changed = place.run("plan", "g2", "--file", str(file))
    second = place.run("watch", "g2", "--yes")
    return Story(
        place, first, **looks, changed=changed, second=second, over=place.run("plan", "g2", "--file", str(file))
    )


def test_a_task_that_fails_for_good_is_replanned_and_the_goal_completes(story: Story) -> None:
    """Exit code 0; the report says what was re-planned and why."""
    assert story.first.code == 0
    assert story.place.goals()[-1].state is GoalState.COMPLETED
    assert "## What was re-planned" in story.shown.out
    assert re.search(r"page-cro \(g1-1\): g1-5 \([a-z-]+\) takes its place", story.shown.out)


def test_the_plan_is_a_tree_a_picture_and_a_document(story: Story) -> None:
    """All of the same: four tasks, the new one first."""
    assert re.search(r"└─ 1 [a-z-]+ +g1-5 +approved +\$0\.", story.tree.out)
    assert "Changed by the director: g1-1: g1-5 (" in story.tree.out
    assert ET.fromstring(story.picture.out).tag.endswith("svg")  # noqa: S314 - our own
    document = story.document.document
    assert [task["id"] for task in document["plan_tasks"]] == ["g1-5", "g1-2", "g1-3", "g1-4"]


def test_a_file_changes_what_has_not_begun_and_that_is_what_runs(story: Story) -> None:
    """What was changed is said, with what it will cost; no task that was taken out is done."""
    assert story.changed.code == 0
    assert "Changed: letter is new; paid-ads is taken out. g2 will likely cost $" in story.changed.out
    assert story.second.code == 0
    with story.place.record() as tx:
        done = [task.skill for task in tx.tasks.of_goal("g2")]
    assert done == ["launch-strategy", "copywriting", "email-sequence", "social-content", "cold-email"]


def test_what_cannot_be_is_a_sentence(story: Story) -> None:
    """Exit code 2, nothing changed."""
    said = [story.unknown, story.both, story.nobody, story.over]

    assert [done.code for done in said] == [2, 2, 2, 2]
    assert "The task paid-ads asks for 'gnomes', which is no skill" in story.unknown.err
    assert "name one of them" in story.both.err
    assert "An editor needs a terminal, and here is none" in story.nobody.err
    assert "g2 is completed, with no task left to be done" in story.over.err


def test_a_plan_is_opened_in_the_editor_until_it_is_one(install: Callable[..., Installation]) -> None:
    """Complained of above the file, and opened again; then the plan is shown, and asked about, as it is then."""
    place = install()
    script = place.folder / "editor"
    script.write_text(EDITOR)
    script.chmod(0o755)
    place = install(place.folder, editor=str(script), columns="100")
    with terminal(place, "goal", "Launch gnomes", "--pipeline", "Product Launch", "--edit") as person:
        person.until("cold-email")
        person.until("Run this plan as a rehearsal?")
        person.type("y\n")
        assert person.end() == 0
    with place.record() as tx:
        assert "paid-ads" not in [task.skill for task in tx.tasks.of_goal("g1")]
    assert place.goals()[0].state is GoalState.COMPLETED
