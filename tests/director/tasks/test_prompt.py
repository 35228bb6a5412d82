"""What a task's writer was asked, shown again: the same bytes as went over the wire, or a word that they cannot be had."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from director.catalog import catalog_of
from director.claude.rehearsal.asked import Purpose
from director.goals.submit import submit
from director.inbox import approvals
from director.office import Office
from director.prompting.request import digest_of
from director.store import schema
from director.tasks.prompt import Delivery, Prompt, look
from director.words.errors import NotFound, WrongCall
from director.words.models import Goal
from director.words.states import Answer, GoalState
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]
Pipeline = Callable[..., str]
AReview = Callable[..., str]

GNOMES = "Sell singing gnomes to people without gardens"

GUEST = "---\nname: gnome-naming\ndescription: Names garden gnomes.\n---\nName it.\n\n- [Names taken](references/taken.md)\n"


def everything(office: Office) -> dict[str, list[object]]:
    """Every row there is."""
    with office.store.read() as tx:
        return {name: list(tx.conn.execute(select(table))) for name, table in schema.metadata.tables.items()}


def prompts(office: Office, goal: Goal) -> list[Prompt]:
    with office.store.read() as tx:
        tasks = tx.tasks.of_goal(goal.id)
    return [look(office, task.id) for task in tasks]


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    """The folder of a skill that is not ours, with a reference."""
    folder = tmp_path / "skills" / "gnome-naming"
    (folder / "references").mkdir(parents=True)
    (folder / "SKILL.md").write_text(GUEST)
    (folder / "references" / "taken.md").write_text("# Taken\n\nGeorge.\n")
    return folder


def test_what_is_shown_is_what_went_over_the_wire(
    asking: Office, claude: ClaudeDouble, drain: Drain, tmp_path: Path
) -> None:
    """
    For every task of a goal, with its context and what it builds on: the very words that were sent, and its call.
    """
    context = tmp_path / "gnomeland.md"
    context.write_text("# Gnomeland\n\nHand-painted.\n")
    goal = drain(asking, submit(asking, GNOMES, pipeline="Conversion Sprint", context=context))
    sent = [document for document in claude.documents() if "format" not in document["output_config"]]
    found = prompts(asking, goal)

    assert goal.state is GoalState.COMPLETED
    assert [prompt.request.digest() for prompt in found] == [digest_of(document) for document in sent]
    assert {prompt.delivery for prompt in found} == {Delivery.SENT}
    assert [prompt.call.purpose for prompt in found if prompt.call] == ["draft"] * 4


def test_the_latest_revision_is_shown_with_what_it_was_told(
    asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain, a_review: AReview
) -> None:
    """
    The draft that was sent back and the notes on it, as they went over the wire; also after the revision was approved.
    """
    claude.says(Purpose.REVIEW, a_review(6, ("major", "Hooks")))
    goal = drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))

    (prompt,) = prompts(asking, goal)
    last = [document for document in claude.documents() if "format" not in document["output_config"]][-1]
    assert goal.state is GoalState.COMPLETED
    assert (prompt.task.revision, prompt.delivery) == (1, Delivery.SENT)
    assert prompt.request.digest() == digest_of(last)
    assert "Say it plainly." in prompt.request.user.text


def test_what_a_person_asked_for_is_shown_again(office: Office, open_with: Callable[..., Office], drain: Drain) -> None:
    """
    A revision by a person's own words is no other than one by the reviewer's.
    """
    strict = open_with(rehearsal="escalate=1")
    goal = drain(strict, submit(strict, GNOMES, pipeline="Social Week"))
    with strict.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    approvals.answer(office, question.id, Answer.REVISE, "Sing louder.")
    drain(office, goal)

    (prompt,) = prompts(office, goal)
    assert prompt.delivery is Delivery.SENT
    assert "A person asks for this: Sing louder." in prompt.request.user.text


def test_the_directors_report_has_its_prompt(office: Office, drain: Drain) -> None:
    """
    A report is asked like a draft, and shown like one.
    """
    drain(office, submit(office, GNOMES, pipeline="Social Week"))
    goal = drain(office, submit(office, "Look back", pipeline="Performance Review"))

    last = prompts(office, goal)[-1]
    assert last.task.skill == "director"
    assert last.delivery is Delivery.SENT
    assert "<record>" in last.request.user.text


def test_before_it_ran_it_is_what_would_be_sent(office: Office, pipeline: Pipeline, drain: Drain) -> None:
    """
    With what is known; what is still missing is named. When nothing more comes to be known, it is what is sent then.
    """
    goal = submit(office, GNOMES, pipeline=pipeline("copywriting", "page-cro"), confirm=True)
    drain(office, goal)
    before = prompts(office, goal)
    with office.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    approvals.answer(office, question.id, Answer.APPROVE, None)
    drain(office, goal)
    after = prompts(office, goal)

    assert [prompt.delivery for prompt in before] == [Delivery.NOT_SENT] * 2
    assert [prompt.call for prompt in before] == [None] * 2
    assert [[need.skill for need in prompt.missing] for prompt in before] == [[], ["copywriting"]]
    assert [prompt.delivery for prompt in after] == [Delivery.SENT] * 2
    assert before[0].request == after[0].request
    assert before[1].request != after[1].request


def test_a_changed_skill_cannot_be_shown_as_it_was(
    open_with: Callable[..., Office], guest: Path, pipeline: Pipeline, drain: Drain
) -> None:
    """
    The record keeps what was written, not every edition of a skill: when a reference changed since, it is said to be another.
    """
    office = open_with(skills_path=(guest.parent,))
    goal = drain(office, submit(office, GNOMES, pipeline=pipeline("gnome-naming")))
    (before,) = prompts(office, goal)
    (guest / "references" / "taken.md").write_text("# Taken\n\nGeorge and Paul.\n")
    catalog_of.cache_clear()  # as in another process
    (after,) = prompts(open_with(skills_path=(guest.parent,)), goal)

    assert (before.delivery, after.delivery) == (Delivery.SENT, Delivery.CHANGED)
    assert before.call == after.call
    assert "George and Paul." in after.request.system[1].text


def test_who_was_asked_stays_who_was_asked(
    open_with: Callable[..., Office], office: Office, pipeline: Pipeline, drain: Drain
) -> None:
    """
    Another model in the settings since does not make it another request.
    """
    goal = drain(office, submit(office, GNOMES, pipeline="Social Week"))
    (prompt,) = prompts(open_with(model="claude-haiku-5-5"), goal)

    assert (prompt.delivery, prompt.request.model) == (Delivery.SENT, "claude-sonnet-5-5")


def test_looking_buys_nothing_and_changes_nothing(office: Office, drain: Drain) -> None:
    """
    No call, no row of any table is another afterwards.
    """
    goal = drain(office, submit(office, GNOMES, pipeline="Social Week"))
    before = everything(office)

    prompts(office, goal)

    assert everything(office) == before


def test_a_review_has_no_prompt_to_show(office: Office, drain: Drain) -> None:
    """
    One sentence says so, and what can be shown instead.
    """
    goal = drain(office, submit(office, GNOMES, pipeline="Copywriting Review Chain"))

    with pytest.raises(WrongCall, match=rf"{goal.id}-2 reviews {goal.id}-1.*show --prompt {goal.id}-1`"):
        look(office, f"{goal.id}-2")


def test_no_such_task_is_a_sentence(office: Office) -> None:
    """
    As everywhere.
    """
    with pytest.raises(NotFound, match="no task 'g9-9'"):
        look(office, "g9-9")
