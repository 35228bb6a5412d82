"""What lies in `examples/` can be used: contexts without gaps, and goals the team completes with them."""

import re
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from director.goals.submit import submit
from director.mailbox import handling
from director.office import Office
from director.progress.facts import deliverable_of
from director.progress.on_turn_failure import after_failure
from director.tasks.prompt import look
from director.words.models import Goal
from director.words.states import GoalState, PlanBy
from pipelines.plan import from_document
from skills.context import WRITER, Standing, judge, parts_of
from tests.conftest import VERBS
from tests.skills.test_collection import quoted

Drain = Callable[[Office, Goal], Goal]

EXAMPLES = sorted(path for path in (Path(__file__).parents[1] / "examples").iterdir() if path.is_dir())
SHOP = next(path for path in EXAMPLES if path.name == "brindle-street-cycles")

#: What only somebody knows who has read about the shop, and what only the other example knows.
OF_THE_SHOP = (
    "loan bicycle", "puncture", "Standing Repair", "workshop book", "Spoke & Sons", "Harrowmere", "mechanic", "41 subscribers",
    "Station Bridge", "a bicycle from the wall", "no puns on wheels",
)  # fmt: skip
OF_SOFTWARE = ("dramatiq", "celery", "redis", "python", "broker", "task queue")


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_every_section_of_an_example_says_enough(office: Office, folder: Path) -> None:
    """
    Whoever begins from it sees what a context should be like; and it says what it does not know.
    """
    text = (folder / "product-marketing-context.md").read_text(encoding="utf-8")
    writer = office.skills[WRITER]
    found = judge(text, parts_of(writer), writer)

    assert {one.part.title: one.standing for one in found if one.standing is not Standing.THERE} == {}
    assert text.lower().count("unknown") >= 3


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_what_was_played_lies_there_as_its_owner_gets_it(folder: Path) -> None:
    """
    A page, the pieces it links, and a word on how it was made; `make example` shows it and needs nothing but make.
    """
    page = folder / "played" / "reports" / "g1.md"
    links = re.findall(r"\]\((\.\./outputs/[^)]+)\)", page.read_text(encoding="utf-8"))
    shown = subprocess.run(
        ["make", "--no-print-directory", "example", f"EXAMPLE={folder.name}"],
        cwd=folder.parents[1], capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert len(links) >= 3
    assert [link for link in links if not (page.parent / link).resolve().is_file()] == []
    assert "How it was made" in shown.stdout
    assert "## What to do now" in shown.stdout
    assert Path(links[0]).name in shown.stdout


def test_the_shop_says_that_it_is_made_up() -> None:
    """
    Before its first fact.
    """
    before = (SHOP / "product-marketing-context.md").read_text(encoding="utf-8").partition("\n## ")[0]

    assert "Fictional: neither the shop nor the town of Harrowmere exists" in before


def test_the_shop_s_goal_is_completed_with_the_shop_s_facts(office: Office, drain: Drain) -> None:
    """
    Not everything is software: it is planned as a local business's goal, each deliverable builds on facts of the shop, all on
    several, and none on another product's.
    """
    given = (SHOP / "goal.txt").read_text(encoding="utf-8")
    goal = drain(office, submit(office, given, context=SHOP / "product-marketing-context.md"))
    with office.store.read() as tx:
        written = {task.skill: deliverable_of(tx, task) or "" for task in tx.tasks.of_goal(goal.id)}

    assert goal.state is GoalState.COMPLETED
    assert list(written) == [task.skill for task in office.library.find("Local Content").tasks]
    assert len([fact for fact in OF_THE_SHOP if any(fact in text for text in written.values())]) >= 3
    for skill, text in written.items():
        body = text.replace(given.strip(), "")
        assert "# Brindle Street Cycles: " in body, skill
        assert [fact for fact in OF_THE_SHOP if fact in body], skill
        assert [word for word in OF_SOFTWARE if word in body.lower()] == [], skill


@pytest.mark.parametrize(
    ("folder", "names"),
    [
        ("brindle-street-cycles", ["Local Retention", "Local Content"]),
        ("dramatiq", ["Retention Sprint", "Content Production"]),
    ],
)
@pytest.mark.parametrize("plan_by", ["claude", "template"])
def test_a_shop_is_planned_as_a_shop_and_software_as_software(
    office: Office, folder: str, names: list[str], plan_by: str
) -> None:
    """
    In rehearsal, too, and without anybody being asked.
    """
    context = SHOP.parent / folder / "product-marketing-context.md"
    for text, name in zip(("Reduce churn", "Write a newsletter"), names, strict=True):
        goal = submit(office, text, context=context, plan_by=PlanBy(plan_by))
        with office.store.read() as tx:
            (turn,) = tx.turns.of_goal(goal.id)
        handling.handle(office, turn.id, VERBS, after_failure)
        with office.store.read() as tx:
            plan = from_document(tx.goals.get(goal.id).plan)

        wanted = office.library.find(name)
        assert [(task.skill, task.needs) for task in plan.tasks] == [(task.skill, task.needs) for task in wanted.tasks]


def test_in_the_shop_s_sprint_each_finds_what_it_takes_from_the_one_before(office: Office, drain: Drain) -> None:
    """
    Page CRO, copywriting, test, tracking: of the pieces and sections each says it reads, those that were written are sent.
    """
    context = SHOP / "product-marketing-context.md"
    goal = drain(office, submit(office, "More trial repairs", pipeline="Conversion Sprint", context=context))
    assert goal.state is GoalState.COMPLETED
    with office.store.read() as tx:
        tasks = tx.tasks.of_goal(goal.id)

    for before, after in pairwise(tasks):
        sent = look(office, after.id).request.user.text
        taken = [
            title for named, title in quoted(office.skills[after.skill], "Read first") if named.name == before.skill
        ]
        found = {title.lower() for title in re.findall(r'(?m)^(?:## |<piece title=")([^"\n]+)', sent)}
        assert found & set(map(str.lower, taken)), (after.skill, taken)
