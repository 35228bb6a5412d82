"""A plan as a tree and as a picture: every task once, what needs what, nothing that runs or reaches out."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from director.goals.submit import submit
from director.office import Office
from director.views.plan import Step, in_a_tree, plan_document, steps
from director.views.plan_picture import picture
from director.words.models import Goal
from director.words.states import GoalState
from pipelines.plan import Plan, from_document
from tests.director import plan_answers
from tests.director.claude_double import ClaudeDouble, Purpose
from tests.director.plan_answers import step

Drain = Callable[[Office, Goal], Goal]

SVG = "{http://www.w3.org/2000/svg}"

HARD = 'Sell <script>alert(1)</script> & "gnomes" \u202e to all'


@pytest.fixture
def goal(asking: Office, claude: ClaudeDouble, drain: Drain) -> Goal:
    """Two side by side, and two that need both and each other."""
    claude.says(
        Purpose.PLAN,
        plan_answers.answer(
            step("page-cro", brief="<b>Gnomes</b> & more"),
            step("seo-audit"),
            step("copywriting", None, "page-cro", "seo-audit"),
            step("cold-email", None, "page-cro", "copywriting"),
        ),
    )
    made = drain(asking, submit(asking, HARD))
    assert made.state is GoalState.COMPLETED
    return made


def found(office: Office, goal: Goal) -> list[Step]:
    """Its plan as it stands."""
    with office.store.read() as tx:
        return steps(tx, goal)


def drawn(office: Office, goal: Goal) -> ET.Element:
    """Its picture, which is well-formed."""
    text = picture(goal, found(office, goal), office.clock())
    return ET.fromstring(text)  # noqa: S314 - we wrote it


def test_each_task_stands_once_with_its_state_and_its_cost(asking: Office, goal: Goal) -> None:
    """As text, which can be read out, searched and copied."""
    said = [text.text or "" for text in drawn(asking, goal).iter(f"{SVG}text")]

    for one in found(asking, goal):
        assert sum(line == f"{one.number} {one.planned.skill}" for line in said) == 1
    assert sum(line.startswith("approved · $0.") for line in said) == 4
    assert said[0].startswith(f"{goal.id}  Sell <script>")


def test_there_is_an_arrow_for_each_need_and_no_box_over_another(asking: Office, goal: Goal) -> None:
    """What needs nothing of each other stands one below the other."""
    image = drawn(asking, goal)
    boxes = [
        (int(box.attrib["x"]), int(box.attrib["y"])) for box in image.iter(f"{SVG}rect") if box.get("class") == "box"
    ]

    assert sum(path.get("class") == "edge" for path in image.iter(f"{SVG}path")) == 4
    assert len(set(boxes)) == 4
    assert boxes[0][0] == boxes[1][0] < boxes[2][0] < boxes[3][0]


def test_nothing_in_it_runs_or_reaches_out(asking: Office, goal: Goal) -> None:
    """No script, no link, no font or picture of elsewhere; others' words are only words."""
    image = drawn(asking, goal)
    text = ET.tostring(image, encoding="unicode")

    assert {node.tag.removeprefix(SVG) for node in image.iter()} <= {
        "svg", "title", "style", "defs", "marker", "path", "rect", "text", "g",
    }  # fmt: skip
    assert not any(name.startswith("on") or "href" in name for node in image.iter() for name in node.attrib)
    assert "url(http" not in text
    assert "\u202e" not in text
    assert "prefers-color-scheme:dark" in text


def test_the_tree_has_each_task_below_the_last_of_what_it_needs(asking: Office, goal: Goal) -> None:
    """What else it needs is said beside it."""
    rows = [(lines, one.planned.key, also) for lines, one, also in in_a_tree(found(asking, goal))]

    assert rows == [
        ("├─ ", "page-cro", ()),
        ("└─ ", "seo-audit", ()),
        ("   └─ ", "copywriting", (1,)),
        ("      └─ ", "cold-email", (1,)),
    ]


def test_programs_are_told_all_of_it(asking: Office, goal: Goal) -> None:
    """Each task as the plan has it, how it stands and what it cost."""
    with asking.store.read() as tx:
        document = plan_document(asking, tx, goal)
    planned: Plan = from_document(goal.plan)

    assert [task["key"] for task in document["plan_tasks"]] == [task.key for task in planned.tasks]
    assert {task["state"] for task in document["plan_tasks"]} == {"approved"}
    assert all(task["cost_usd"] > 0 for task in document["plan_tasks"])
    assert document["plan_changes"] == []
