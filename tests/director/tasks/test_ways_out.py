"""A secret in what the model writes: it reaches no file, no question, no screen and no record, whatever way it takes."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from director.claude.rehearsal import director_and_reviewer, drafting
from director.claude.rehearsal.asked import Asked, Purpose
from director.claude.rehearsal.script import Script
from director.files.mirror import write
from director.goals.conclude import report
from director.goals.submit import submit
from director.office import Office
from director.prompting.forms import Conclusion
from director.tasks.on_verdict import MOST_REVISIONS
from director.words.models import Goal
from director.words.states import GoalState, TaskState
from tests.director.claude_double import ClaudeDouble
from tests.director.tasks.test_checks import KEYS
from tests.director.words.test_own_secrets import everything

Drain = Callable[[Office, Goal], Goal]

GNOMES = "Sell singing gnomes to people without gardens"

#: Three of the kinds.
PLANTED = {kind: KEYS[kind] for kind in ("an Anthropic key", "a password in an address", "a private key")}


#: What a conclusion may leave out.
MORE = {
    "otherwise": [],
    "decisions": [],
    "noticed": [],
    "assumptions": [],
    "effect": "",
    "corrections": [],
    "lessons": [],
}


def planted_in(answer: str, key: str) -> str:
    """The form, with *key* in every text of it."""

    def plant(part: Any) -> Any:
        if isinstance(part, dict):
            # What has to be one of our words, or names another task, stays; a plan with a key for a title is not taken.
            fixed = ("id", "skill", "needs", "category", "size", "pieces", "severity", "scores", "rewrite")
            of_a_form = [name for name in ("unknowns", "sketch", "lacks") if not part.get(name)]
            return {name: one if name in (*fixed, *of_a_form) else plant(one) for name, one in part.items()}
        if isinstance(part, list):
            return [plant(one) for one in part] or [f"Also {key}."]
        return f"{part} Use {key} for it."

    return json.dumps({**plant(json.loads(answer)), **_untouched(answer)})


def planted_edit(asked: Asked, key: str) -> str:
    """An edit that puts *key* into the deliverable."""
    line = next(line for line in asked.text("deliverable").splitlines() if line.strip() and "piece" not in line)
    return json.dumps({"edits": [{"finding": 1, "old": line, "new": f"{line} Use {key} for it."}]})


def _untouched(answer: str) -> dict[str, Any]:
    # An empty list of findings stays one: a finding has a form of its own.
    document = json.loads(answer)
    return {"findings": []} if document.get("findings") == [] else {}


def files(office: Office) -> dict[Path, str]:
    """What was written for people."""
    root = office.settings.workspace_dir
    found = [file for name in ("outputs", "reports") for file in (root / name).rglob("*") if file.is_file()]
    return {file: file.read_text() for file in found}


def is_anywhere(office: Office, secret: str) -> bool:
    """Whether *secret* is in a row of the record or in a file, as it is or as JSON or Python write it."""
    forms = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}
    return any(form in place for form in forms for place in (everything(office.store), *files(office).values()))


@pytest.fixture
def leaky(claude: ClaudeDouble) -> Callable[[str], None]:
    """Claude puts a key into every answer; into each task's first draft only, as it is told to leave it out."""

    def make(key: str) -> None:
        script = Script()
        claude.always(Purpose.PLAN, lambda asked: planted_in(director_and_reviewer.plan(asked), key))
        claude.always(Purpose.REVIEW, lambda asked: planted_in(director_and_reviewer.review(asked, script), key))
        claude.always(Purpose.EDITS, lambda asked: planted_edit(asked, key))
        claude.always(Purpose.CONCLUSION, lambda asked: planted_in(director_and_reviewer.conclusion(asked), key))

        def draft(asked: Asked) -> str:
            text = drafting.draft(asked)
            return text if asked.text("notes") else text.replace("\n\n## ", f"\n\nUse {key} for it.\n\n## ", 1)

        claude.always(Purpose.DRAFT, draft)

    return make


@pytest.mark.parametrize("kind", PLANTED)
def test_a_goal_whose_every_answer_holds_a_key_holds_none_at_its_end(
    asking: Office, claude: ClaudeDouble, drain: Drain, leaky: Callable[[str], None], kind: str
) -> None:
    """
    Plan, drafts, reviews and conclusion: the drafts were sent back, the rest goes on without it, and each time the journal
    says so. It was never sent to the model again.
    """
    key = PLANTED[kind]
    leaky(key)
    goal = drain(asking, submit(asking, GNOMES))

    assert goal.state is GoalState.COMPLETED, goal.reason
    with asking.store.read() as tx:
        tasks = tx.tasks.of_goal(goal.id)
        lines = [line for line in tx.journal(goal.id) if line.what == "secret removed"]
        summary = report(asking, tx, goal, Conclusion.model_validate(goal.summary))
    assert {task.revision for task in tasks} == {1}
    assert (goal.plan or {})["source"] == "claude"
    assert "[removed: " in tasks[0].brief
    assert "[removed: " in summary
    mended = len(claude.asked(Purpose.EDITS))
    assert mended > 0
    assert (
        len(lines) == 1 + 2 * len(tasks) + mended + 1
    )  # the plan, each task's first draft, review, edits, the conclusion
    assert sum(file.parent.name == "notes" for file in files(asking)) == len(tasks)
    assert not is_anywhere(asking, key)
    assert key not in json.dumps(claude.documents(), ensure_ascii=False)


@pytest.mark.parametrize("kind", PLANTED)
def test_a_colleagues_review_is_written_without_it(
    asking: Office, claude: ClaudeDouble, drain: Drain, leaky: Callable[[str], None], kind: str
) -> None:
    """
    Three colleagues' reviews are files of their own, and what they found is shown to the author.
    """
    leaky(PLANTED[kind])
    goal = drain(asking, submit(asking, GNOMES, pipeline="Copywriting Review Chain"))

    assert goal.state is GoalState.COMPLETED, goal.reason
    assert sum("review-of" in file.name for file in files(asking)) == 3
    assert not is_anywhere(asking, PLANTED[kind])


@pytest.mark.parametrize("kind", PLANTED)
@pytest.mark.parametrize("score", [2, 5])
def test_a_question_does_not_repeat_it(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: Callable[..., str], kind: str, score: int
) -> None:
    """
    Neither the reason of a reviewer who gave up, nor the notes of one who sent back what did not get better.
    """
    low = a_review(score, ("major", "Headline"), ("major", "Button"), ("major", "End"))
    claude.always(Purpose.REVIEW, planted_in(low, PLANTED[kind]))
    goal = drain(asking, submit(asking, GNOMES, pipeline="Social Week"))
    with asking.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)

    assert "[removed: " in question.question + question.about.notes
    assert not is_anywhere(asking, PLANTED[kind])


def test_it_is_found_behind_escapes(asking: Office, claude: ClaudeDouble, to_rest: Drain) -> None:
    """
    A form is JSON: a letter can be written as its number, a sign of nothing put in between, a name given twice. The last
    cannot be read, and is kept as it was paid: without it as well.
    """
    key = PLANTED["an Anthropic key"]
    numbered = "".join(f"\\u{ord(letter):04x}" for letter in key)
    split = f"{key[:9]}\\u0000{key[9:]}"
    claude.says(
        Purpose.CONCLUSION,
        f'{{"summary": "Use {key}.", "summary": "Use {numbered}.", "contradictions": ["{split}"], "next_steps": []}}',
        f'{{"summary": "Use {numbered}.", "contradictions": ["{split}"], "next_steps": []}}',
    )
    goal = to_rest(asking, submit(asking, GNOMES, pipeline="Social Week"))

    assert goal.summary == {
        **MORE,
        "summary": "Use [removed: an API key].",
        "contradictions": ["[removed: an API key]"],
        "next_steps": [],
    }
    assert not is_anywhere(asking, key)
    assert not is_anywhere(asking, numbered)
    assert not is_anywhere(asking, split)


def test_a_form_without_secrets_is_kept_byte_for_byte(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    Also where an address and another's mail, put next to each other, look like a password in one.
    """
    plain = '{"summary":"See https://gnomes.example","contradictions":["x:y@z.example","ü"],"next_steps":[]}'
    spaced = json.dumps({"summary": "Ü", "contradictions": [], "next_steps": []}, ensure_ascii=False, indent=1)
    for answer in (plain, spaced):
        claude.says(Purpose.CONCLUSION, answer)
        goal = drain(asking, submit(asking, GNOMES, pipeline="Social Week"))

        assert goal.summary == {**MORE, **json.loads(answer)}


def test_our_own_key_is_one_too(claude: ClaudeDouble, open_with: Callable[..., Office], drain: Drain) -> None:
    """
    Whatever it looks like: a proxy may put it into an answer that is fine otherwise.
    """
    key = "gnome-proxy-key-0815"
    office = open_with(anthropic_base_url=claude.url, anthropic_api_key=key)
    claude.says(Purpose.CONCLUSION, json.dumps({"summary": f"Gnomes, {key}.", "contradictions": [], "next_steps": []}))
    goal = drain(office, submit(office, GNOMES, pipeline="Social Week"))

    assert (goal.summary or {})["summary"] == "Gnomes, [removed: a secret of this installation]."
    assert not is_anywhere(office, key)


@pytest.mark.parametrize("kind", KEYS)
def test_what_a_person_said_becomes_a_file_without_it(asking: Office, drain: Drain, kind: str) -> None:
    """
    A goal's words stand in each deliverable and in the report.
    """
    goal = drain(asking, submit(asking, f"{GNOMES}, {KEYS[kind]}", pipeline="Social Week", plan_by="template"))

    assert goal.text.endswith(KEYS[kind])
    assert goal.state is GoalState.COMPLETED
    assert {file.parent.name for file in files(asking)} == {"g1", "notes", "reports"}
    assert all(KEYS[kind] not in text for text in files(asking).values())


def test_a_file_is_written_without_it_whatever_way_it_came(asking: Office, open_with: Callable[..., Office]) -> None:
    """
    The last line: an earlier Troupe's record may hold one, and its files are made from it.
    """
    ours = "s3cret-garden-gate"
    office = replace(asking, settings=replace(asking.settings, webhook_token=ours))
    for kind, key in KEYS.items():
        assert write(office, "reports/g1.md", f"It is {key}, and {ours}.\n") is None
        (text,) = files(office).values()
        assert key not in text, kind
        assert ours not in text


def test_a_draft_that_keeps_it_is_never_published(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    Sent back as often as may be, then put before a person; no reviewer is asked, and its author is not shown the key again.
    """
    key = PLANTED["an Anthropic key"]
    claude.always(Purpose.DRAFT, lambda asked: drafting.draft(asked).replace("\n\n## ", f"\n\nUse {key}.\n\n## ", 1))
    goal = drain(asking, submit(asking, GNOMES, pipeline="Social Week"))
    with asking.store.read() as tx:
        (task,) = tx.tasks.of_goal(goal.id)

    assert (task.state, task.revision) == (TaskState.ESCALATED, MOST_REVISIONS)
    assert claude.asked(Purpose.REVIEW) == []
    assert "contains an API key: leave it out" in claude.asked(Purpose.DRAFT)[1].text("notes")
    assert key not in json.dumps(claude.documents())
    assert files(asking) == {}
    assert not is_anywhere(asking, key)
