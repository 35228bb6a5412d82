"""Before the owner reads, deliverables are made to agree: the Director's corrections are edits, and what is left is said."""

import json
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest

from director.claude.rehearsal import drafting
from director.claude.rehearsal.asked import Asked, Purpose
from director.goals import conclude
from director.goals.cancel import cancel
from director.goals.submit import submit
from director.office import Office
from director.progress.facts import not_mended
from director.store.tx import Tx
from director.tasks import prompt
from director.tasks.prompt import Delivery
from director.words.models import Goal, Task
from director.words.states import GoalState
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]
AReview = Callable[..., str]

GNOMES = "Sell singing gnomes to people without gardens"
TWELVE, FOURTEEN = "A gnome costs 12 EUR.", "A gnome costs 14 EUR."

#: What the reviewer says of every draft, of its words and of words that stand nowhere.
HATS, PRICE, BOTH, NOBODYS = (
    "Hats",
    f'Price: "{FOURTEEN}"',
    f'Both: "{FOURTEEN}" and "Gnomes sing."',
    '"Gnomes are cheap."',
)


def edit(finding: int, old: str, new: str) -> dict[str, Any]:
    return {"finding": finding, "old": old, "new": new}


def conclusion(contradictions: list[str], *corrections: dict[str, Any]) -> str:
    return json.dumps(
        {
            "summary": "Gnomes now have a price.",
            "next_steps": ["Send the first gnome."],
            "contradictions": contradictions,
            "corrections": corrections,
        }
    )


@pytest.fixture
def concluded(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: AReview
) -> Callable[[str], tuple[Goal, list[Task]]]:
    """A goal of three tasks, the first of which says 12 EUR and the second 14, concluded with the given answer."""

    def run(answer: str) -> tuple[Goal, list[Task]]:
        prices = iter((TWELVE, FOURTEEN))

        def draft(asked: Asked) -> str:
            return drafting.draft(asked).replace('">\n', f'">\n{next(prices, "Gnomes.")}\n\nGnomes sing.\n\n', 1)

        claude.always(Purpose.DRAFT, draft)
        claude.always(Purpose.REVIEW, a_review(8, *(("minor", where) for where in (HATS, PRICE, BOTH, NOBODYS))))
        claude.says(Purpose.CONCLUSION, answer)
        goal = drain(asking, submit(asking, GNOMES, pipeline="Outreach Campaign"))
        with asking.store.read() as tx:
            return goal, tx.tasks.of_goal(goal.id)

    return run


def text_of(tx: Tx, task: Task) -> str:
    return tx.text(tx.drafts.get(task.deliverable or 0).text_hash)


def report_of(office: Office, goal: Goal) -> str:
    return (office.settings.workspace_dir / "reports" / f"{goal.id}.md").read_text("utf-8")


def test_a_contradiction_is_put_right_before_the_owner_reads(
    asking: Office, concluded: Callable[[str], tuple[Goal, list[Task]]]
) -> None:
    """
    The corrected version is the next revision and the deliverable, in its file; the report tells of no contradiction; what was
    found in the version before still stands, and what its author was asked can still be shown.
    """
    goal, (first, second, _) = concluded(conclusion(["12 EUR and 14 EUR."], edit(1, FOURTEEN, TWELVE)))

    assert goal.state is GoalState.COMPLETED
    with asking.store.read() as tx:
        text = text_of(tx, second)
        drafts = tx.drafts.of_task(second.id)
        assert not_mended(tx, second)[0].startswith("minor, Hats")
        before = tx.text(drafts[0].text_hash)
    assert text == before.replace(FOURTEEN, TWELVE)
    assert (first.revision, second.revision, second.score) == (0, 1, 8)
    assert TWELVE in (asking.settings.workspace_dir / (second.path or "")).read_text("utf-8")
    assert "Contradiction" not in report_of(asking, goal)
    assert (goal.summary or {})["contradictions"] == []
    assert prompt.look(asking, second.id).delivery is Delivery.SENT


@pytest.mark.parametrize("new", [TWELVE, f"{FOURTEEN} {TWELVE}"])
def test_what_was_found_in_corrected_words_is_mended(
    asking: Office, concluded: Callable[[str], tuple[Goal, list[Task]]], new: str
) -> None:
    """
    Also where they stand in what they became. A finding of several places is mended when all are; one that quotes words of
    nobody, or none, stays.
    """
    _, (_, second, _) = concluded(conclusion([], edit(0, FOURTEEN, new)))

    with asking.store.read() as tx:
        left = not_mended(tx, second)
    assert [line.partition(": It is vague.")[0] for line in left] == [
        f"minor, {said}" for said in (HATS, BOTH, NOBODYS)
    ]


@pytest.mark.parametrize(
    "corrections",
    [
        [],
        [edit(1, "words of nobody", "x")],
        [edit(1, "## ", "# ")],
        [edit(1, FOURTEEN, "[insert price here]")],
        [edit(1, TWELVE, "A gnome costs 99 EUR.")],
        [edit(1, FOURTEEN, TWELVE), edit(1, "words of nobody", "x")],
    ],
    ids=["none", "no place", "many places", "a placeholder", "a price of nobody's", "by half"],
)
def test_what_is_not_put_right_is_said(
    asking: Office, concluded: Callable[[str], tuple[Goal, list[Task]]], corrections: list[dict[str, Any]]
) -> None:
    """
    Where no correction fits, or only some of those of a contradiction, it stands among what is to be decided.
    """
    goal, _ = concluded(conclusion(["12 EUR and 14 EUR."], *corrections))

    assert goal.state is GoalState.COMPLETED
    assert "Contradiction: 12 EUR and 14 EUR." in report_of(asking, goal)


def test_words_that_stand_in_two_deliverables_are_no_place(
    asking: Office, concluded: Callable[[str], tuple[Goal, list[Task]]]
) -> None:
    """
    Nobody guesses which of them was meant.
    """
    goal, tasks = concluded(conclusion(["EUR."], edit(1, "A gnome costs 1", "A gnome costs 2")))

    assert [task.revision for task in tasks] == [0, 0, 0]
    assert "Contradiction: EUR." in report_of(asking, goal)


def test_another_fault_is_corrected_under_the_number_nought(
    asking: Office, concluded: Callable[[str], tuple[Goal, list[Task]]]
) -> None:
    """
    What an owner would have to change before using a piece is changed for them; contradictions stay what they are.
    """
    goal, (first, *_) = concluded(conclusion(["EUR."], edit(0, TWELVE, "A gnome costs nothing.")))

    with asking.store.read() as tx:
        assert "A gnome costs nothing." in text_of(tx, first)
    assert "Contradiction: EUR." in report_of(asking, goal)


@pytest.mark.parametrize("line", ["correct", "mirror_task", "write"])
def test_a_process_that_dies_at_the_end_buys_no_second_conclusion(
    asking: Office,
    claude: ClaudeDouble,
    concluded: Callable[[str], tuple[Goal, list[Task]]],
    to_rest: Drain,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
) -> None:
    """
    Before the corrections are made, or after: who takes over finds the answer, or the corrected deliverables with it, and makes
    each correction once.
    """
    with monkeypatch.context() as plug:
        plug.setattr(conclude, line, Mock(side_effect=RuntimeError("pulled")))
        with pytest.raises(RuntimeError, match="pulled"):
            concluded(conclusion(["12 EUR and 14 EUR."], edit(1, FOURTEEN, TWELVE)))

    with asking.store.read() as tx:
        goal = tx.goals.get("g1")
        assert tx.tasks.get("g1-2").revision == (0 if line == "correct" else 1)
    goal = to_rest(asking, goal)

    with asking.store.read() as tx:
        assert [draft.revision for draft in tx.drafts.of_task("g1-2")] == [0, 1]
    assert goal.state is GoalState.COMPLETED, goal.reason
    assert "Contradiction" not in report_of(asking, goal)
    assert len(claude.asked(Purpose.CONCLUSION)) == 1


def test_who_lost_the_turn_corrects_nothing(
    asking: Office,
    claude: ClaudeDouble,
    concluded: Callable[[str], tuple[Goal, list[Task]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    A goal that is cancelled while its conclusion is on the wire keeps its deliverables as they were.
    """

    def meanwhile(_: Asked) -> str:
        cancel(asking, "g1")
        return conclusion(["12 EUR and 14 EUR."], edit(1, FOURTEEN, TWELVE))

    goal, (_, second, _) = concluded(meanwhile)  # type: ignore[arg-type]  # an answer, or what makes one

    assert (goal.state, goal.summary) == (GoalState.CANCELLED, None)
    assert second.revision == 0
