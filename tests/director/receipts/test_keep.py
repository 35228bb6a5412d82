"""What is approved gets a receipt in the transaction that approves it: what was known of it then, under its text's hash."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from director.claude.rehearsal import drafting
from director.claude.rehearsal.asked import Asked, Purpose
from director.cli.receipt import show_receipt
from director.goals.cancel import cancel
from director.goals.submit import submit
from director.inbox.approvals import answer
from director.inbox.revise_approved import revise
from director.office import Office
from director.receipts.chain import whole_receipts
from director.receipts.receipt import Receipt, from_text
from director.store.receipts import digest
from director.words.errors import NotFound, WrongCall
from director.words.models import Goal
from director.words.states import Answer
from tests.conftest import SetClock
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]
Pipeline = Callable[..., str]
AReview = Callable[..., str]

GNOMES = "Sell singing gnomes to people without gardens"
CONTEXT = "# Gnomes\n\n## Prices\n\nA gnome costs 12 EUR.\n\n## Place\n\nWe are in Leeds.\n"
STATED = "A gnome costs 12 EUR. It knows 340 songs."


def receipts_of(office: Office, goal: Goal) -> list[Receipt]:
    with office.store.read() as tx:
        return whole_receipts(tx, goal.id)


@pytest.fixture
def sold(asking: Office, claude: ClaudeDouble, pipeline: Pipeline, drain: Drain) -> tuple[Office, Goal]:
    """A goal whose only deliverable states a price that the context gives, and songs that nobody does."""
    folder = asking.settings.workspace_dir / "context"
    folder.mkdir(parents=True)
    (folder / "product-marketing-context.md").write_text(CONTEXT)

    def draft(asked: Asked) -> str:
        return drafting.draft(asked).replace('">\n', f'">\n{STATED}\n\n', 1)

    claude.always(Purpose.DRAFT, draft)
    return asking, drain(asking, submit(asking, GNOMES, pipeline=pipeline("social-content")))


def test_each_fact_has_its_source(sold: tuple[Office, Goal]) -> None:
    """
    Of what the context gives its section, of what nobody vouches for nothing.
    """
    first, _ = receipts_of(*sold)
    found = {fact.words: (fact.where, fact.by) for fact in first.facts}

    assert found["12 EUR"] == ("context", "the product context, Prices")
    assert found["340"] == ("nowhere", "")


def test_a_receipt_says_what_was_known(sold: tuple[Office, Goal]) -> None:
    """
    Whose text it is, by whom approved, with what model and prompt, and what all calls of the task cost: kept under its hash.
    """
    office, goal = sold
    first, end = receipts_of(office, goal)
    with office.store.read() as tx:
        task = tx.tasks.get(f"{goal.id}-1")
        draft = tx.drafts.get(task.deliverable or 0)
        calls = [call for call in tx.calls.of_goal(goal.id) if call.task == task.id]
        row, last = tx.receipts.of_goal(goal.id)

    assert (first.task, first.draft, first.text, first.by) == (task.id, draft.id, draft.text_hash, "reviewer")
    assert row.text_hash == draft.text_hash
    assert (first.calls, first.cost_nano) == (len(calls), sum(call.cost_nano for call in calls))
    [writing] = [call for call in calls if call.purpose == "draft"]
    assert (first.model, first.prompt) == (writing.answered_by, writing.key.rpartition(":")[2])
    assert (first.checks, first.computed) == ([], [1])
    assert (first.before, end.before, end.task) == (None, row.hash, None)
    assert goal.receipt_hash == last.hash


def test_a_receipt_is_read_as_it_was_written(sold: tuple[Office, Goal]) -> None:
    """
    The same receipt makes the same bytes, so its hash can be computed again; what is no receipt is refused.
    """
    office, goal = sold
    with office.store.read() as tx:
        rows = tx.receipts.of_goal(goal.id)
        texts = tx.receipts.documents(row.hash for row in rows)
    for row in rows:
        assert digest(from_text(texts[row.hash]).to_text()) == row.hash
    for nothing in ("", "7", "[]", '{"goal": "g1"}'):
        with pytest.raises(ValueError, match=r"."):
            from_text(nothing)


def test_what_a_person_takes_has_their_answer(
    open_with: Callable[..., Office], pipeline: Pipeline, drain: Drain, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """
    The version the reviewer brought to a person says that a person took it.
    """
    office = open_with(rehearsal="escalate=1")
    goal = drain(office, submit(office, GNOMES, pipeline=pipeline("social-content")))
    answer(office, "a1", Answer.APPROVE)
    drain(office, goal)
    first, _ = receipts_of(office, goal)
    monkeypatch.setenv("WORKSPACE_DIR", str(office.settings.workspace_dir))
    show_receipt(f"{goal.id}-1", json=False)

    assert first.by == "person"
    assert first.rows["approvals"]["a1"]["answer"] == "approve"
    assert "Asked: a1, approve at 2026-11-22T09:00:00Z" in capsys.readouterr().out


def test_every_end_of_a_goal_has_a_receipt(sold: tuple[Office, Goal], clock: SetClock) -> None:
    """
    Also one that a person stopped; of one that ends as before, once a change was given up, the report is still that of then.
    """
    office, goal = sold
    clock.forward(timedelta(minutes=1))
    revise(office, f"{goal.id}-1", "Shorter.")
    cancel(office, goal.id)
    _, end, again = receipts_of(office, goal)
    assert (again.task, again.by, again.files) == (None, "person", end.files)
    assert again.rows["goals"][goal.id]["finished_at"] == again.at

    stopped = submit(office, GNOMES, pipeline="Social Week")
    cancel(office, stopped.id)
    [only] = receipts_of(office, stopped)
    assert (only.rows["goals"][stopped.id]["state"], only.files) == ("cancelled", {})


def test_each_version_that_is_approved_has_its_own(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: AReview
) -> None:
    """
    A correction of the Director makes another text, and another receipt.
    """
    claude.always(Purpose.REVIEW, a_review(8))
    prices = iter(("A gnome costs 12 EUR.", "A gnome costs 14 EUR."))
    claude.always(
        Purpose.DRAFT,
        lambda asked: drafting.draft(asked).replace('">\n', f'">\n{next(prices, "Gnomes.")}\n\n', 1),
    )
    edit = {"finding": 1, "old": "A gnome costs 14 EUR.", "new": "A gnome costs 12 EUR."}
    said = {"summary": "Gnomes.", "next_steps": [], "contradictions": ["12 or 14?"], "corrections": [edit]}
    claude.says(Purpose.CONCLUSION, json.dumps(said))
    goal = drain(asking, submit(asking, GNOMES, pipeline="Outreach Campaign"))
    found = receipts_of(asking, goal)

    assert [one.task for one in found] == [*(f"{goal.id}-{n}" for n in (1, 2, 3)), f"{goal.id}-2", None]
    assert found[3].by == "director"
    assert found[3].text != found[1].text


def test_a_receipt_is_shown_for_people(
    sold: tuple[Office, Goal], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    What is open stands first; of a file of a piece, as of its task.
    """
    office, goal = sold
    monkeypatch.setenv("WORKSPACE_DIR", str(office.settings.workspace_dir))
    [path] = [path for path in receipts_of(office, goal)[0].files if "notes" not in path]
    shown = {}
    for ident in (f"{goal.id}-1", path, str(Path(office.settings.workspace_dir / path))):
        show_receipt(ident, json=False)
        shown[ident] = capsys.readouterr().out
    said = shown[f"{goal.id}-1"]

    assert said.index("nobody: open") < said.index("the product context, Prices")
    assert "12 EUR" in said
    assert "Certain checks: nothing found." in said
    assert all("Of it: " in shown[ident] for ident in shown if "/" in ident)
    show_receipt(path, json=True)
    document = json.loads(capsys.readouterr().out)
    assert {"words": "12 EUR", "where": "context", "by": "the product context, Prices", "piece": document["piece"]} in (
        document["facts"]
    )


@pytest.mark.parametrize(
    ("ident", "problem", "words"),
    [
        ("g1", WrongCall, "A task has a receipt, such as g1-1"),
        ("g1-7", NotFound, "g1-7"),
        ("outputs/g1/nobody.md", NotFound, "nobody.md"),
        ("outputs", WrongCall, "is neither"),
    ],
)
def test_what_has_no_receipt_is_said(
    sold: tuple[Office, Goal], monkeypatch: pytest.MonkeyPatch, ident: str, problem: type[Exception], words: str
) -> None:
    """
    In a sentence, with what to type instead.
    """
    monkeypatch.setenv("WORKSPACE_DIR", str(sold[0].settings.workspace_dir))
    with pytest.raises(problem, match=words):
        show_receipt(ident, json=False)


def test_a_draft_has_no_receipt(
    open_with: Callable[..., Office], pipeline: Pipeline, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Nothing is known of what nobody approved.
    """
    office = open_with(rehearsal="escalate=1")
    goal = drain(office, submit(office, GNOMES, pipeline=pipeline("social-content")))
    monkeypatch.setenv("WORKSPACE_DIR", str(office.settings.workspace_dir))

    assert receipts_of(office, goal) == []
    with pytest.raises(WrongCall, match="has no receipt: it is escalated"):
        show_receipt(f"{goal.id}-1", json=False)
