"""A calibration: bought once, gone on with where it was, and what a model said of texts whose faults are known."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from director.calibration import begin
from director.calibration.judge import PURPOSE, request_for
from director.calibration.texts import Known, find, texts
from director.claude.rehearsal.asked import Asked, Purpose, understand
from director.goals.pause import pause, resume
from director.goals.set_caps import set_caps
from director.goals.submit import submit
from director.inbox.approvals import answer
from director.mailbox import admission, turns
from director.mailbox.failures import fail
from director.office import REVIEWER, Office
from director.progress.on_turn_failure import after_failure
from director.prompting import reviewing
from director.tasks.known_error import CLEAN, KINDS, measured
from director.words.amounts import NANO
from director.words.errors import NoPrice, WrongCall
from director.words.models import Goal
from director.words.states import Answer, CallState, GoalState, TurnState, WaitFor
from skills.loader import DIMENSIONS
from tests.conftest import SetClock
from tests.director.claude_double import ClaudeDouble
from tests.director.plan_answers import answer as plan
from tests.director.plan_answers import step

Drain = Callable[[Office, Goal], Goal]

GOOD = '{"scores": {%s}, "findings": [], "rewrite": false, "summary": "Good."}' % ", ".join(  # noqa: UP031 - braces
    f'"{name}": 8.0' for name in DIMENSIONS
)
BAD = GOOD.replace('"findings": []', '"findings": [{"severity": "critical", "where": "w", "what": "w", "change": "c"}]')

CLEAN_TEXTS = {known.text for known in texts() if known.kind == CLEAN}


def sees_all(asked: Asked) -> str:
    """What a reviewer answers who knows which texts are clean, and scores all others lower."""
    return GOOD if asked.text("deliverable") in CLEAN_TEXTS else BAD.replace("8.0", "7.5")


@pytest.fixture
def claude() -> Iterator[ClaudeDouble]:
    """A service that can be paid."""
    with ClaudeDouble() as double:
        yield double


@pytest.fixture
def paying(claude: ClaudeDouble, open_with: Callable[..., Office]) -> Office:
    """An office that pays."""
    return open_with(anthropic_base_url=claude.url)


def ran(office: Office, drain: Drain, **wanted: object) -> Goal:
    todo = begin.look(office, **wanted)
    return drain(office, begin.begin(office, todo, rehearsal=office.claude.rehearses), most=2_000)


def test_what_was_judged_is_not_bought_again(paying: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    A part is run, then another with some of the same texts: each text is asked about once.
    """
    claude.always(Purpose.REVIEW, sees_all)

    first = ran(paying, drain, kinds=["vague-step", CLEAN])
    second = begin.look(paying, kinds=["vague-step", "other-brand", CLEAN])

    assert first.state is GoalState.COMPLETED
    assert len(claude.asked()) == 8 + 24
    assert second.known_before == 8 + 24
    assert {known.kind for known in second.ask} == {"other-brand"}


def test_a_calibration_that_was_interrupted_goes_on(paying: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    While one is not over, beginning another goes on with it: no text has two turns.
    """
    claude.always(Purpose.REVIEW, sees_all)
    todo = begin.look(paying, kinds=["vague-step"])
    begun = begin.begin(paying, todo, rehearsal=False)

    again = begin.begin(paying, todo, rehearsal=False)
    drain(paying, again)

    assert again.id == begun.id
    assert len(claude.asked()) == 8


def test_while_it_runs_only_counts_are_told(paying: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    Whoever answers in the model's place may read the goal's lines: none says which text was judged, or what became of it.
    """
    claude.always(Purpose.REVIEW, sees_all)
    claude.says(Purpose.REVIEW, "nonsense")

    goal = ran(paying, drain, kinds=["vague-step", CLEAN])

    with paying.store.read() as tx:
        told = [(line.what, line.detail or "") for line in tx.journal(goal.id) if line.by == REVIEWER]
    counted = [(what, detail.partition(":")[0]) for what, detail in told if "judged" in what]
    assert counted == [("not judged", "1 of 32"), *(("judged", f"{number} of 32") for number in range(2, 33))]
    assert not re.search(rf"/|{'|'.join(KINDS)}|{CLEAN}|approved|sent back", " ".join(detail for _, detail in told))


def test_it_is_paid_under_caps_of_its_own(paying: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    The goal that pays has a cap, its calls are in the ledger by their own purpose, and it ends without a plan or a report.
    """
    claude.always(Purpose.REVIEW, sees_all)
    goal = ran(paying, drain, kinds=["vague-step"])

    with paying.store.read() as tx:
        calls = tx.calls.of_goal(goal.id)
    assert {(call.purpose, call.state) for call in calls} == {(PURPOSE, CallState.ANSWERED)}
    assert 0 < sum(call.cost_nano for call in calls) <= goal.cap_nano
    assert goal.plan is goal.summary is None


@pytest.mark.parametrize("missing", [0, 1])
def test_it_is_begun_where_the_month_has_what_it_will_likely_cost(paying: Office, missing: int) -> None:
    """
    One that stops in its middle says little and is paid for all the same; to the nano-dollar, what is left decides, also what
    a person set.
    """
    todo = begin.look(paying, kinds=["vague-step"])
    set_caps(paying, monthly_nano=todo.likely_nano - missing, daily_nano=None)

    if missing:
        with pytest.raises(
            WrongCall, match=r"will likely cost .* is left of the month 2026-11: .* Nothing was begun\."
        ):
            begin.begin(paying, todo, rehearsal=False)
    else:
        begin.begin(paying, todo, rehearsal=False)

    with paying.store.read() as tx:
        assert (not missing) == bool(tx.goals.all())


def test_a_month_whose_money_went_meanwhile_holds_it(paying: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    It fits under no cap any more, so nothing is sent and a person is asked, as for any goal.
    """
    goal = begin.begin(paying, begin.look(paying, kinds=["vague-step"]), rehearsal=False)
    set_caps(paying, monthly_nano=NANO // 100, daily_nano=None)

    goal = drain(paying, goal)

    assert (goal.state, goal.wait_for) == (GoalState.WAITING, WaitFor.MONEY)
    assert claude.asked() == []


def test_an_answer_that_cannot_be_read_says_nothing(paying: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    It is neither seen nor missed: the text stays as not judged, and the next calibration asks about it.
    """
    claude.always(Purpose.REVIEW, sees_all)
    claude.says(Purpose.REVIEW, "nonsense")

    goal = ran(paying, drain, kinds=["vague-step"])

    assert goal.state is GoalState.COMPLETED
    assert len(begin.look(paying, kinds=["vague-step"]).ask) == 1


@pytest.mark.parametrize("known", [find("email-sequence/wrong-arithmetic"), find("copywriting/off-voice")])
def test_the_reviewer_is_shown_what_it_is_shown_of_a_goals_draft(
    paying: Office, claude: ClaudeDouble, drain: Drain, clock: SetClock, tmp_path: Path, known: Known
) -> None:
    """
    The same goal, planned and written on the same day: the request about its draft is the same, byte for byte.
    """
    written = known.written
    clock.now = datetime.combine(written.day, time(9), UTC)
    context = tmp_path / "context.md"
    context.write_text(written.context, encoding="utf-8")
    planned = step(known.skill, brief=written.task.brief) | {
        "pieces": [*written.task.pieces],
        "size": written.task.size,
    }
    claude.says(Purpose.PLAN, plan(planned, sketch=""))
    claude.says(Purpose.DRAFT, known.text)

    drain(paying, submit(paying, written.goal, context=context))

    [asked] = [document for document in claude.documents() if understand(document).purpose is Purpose.REVIEW]
    assert without_breakpoints(asked) == without_breakpoints(request_for(paying, known).body())


def without_breakpoints(document: dict[str, Any]) -> dict[str, Any]:
    """What the model is shown; how long it is kept depends on what else is asked."""
    system = [{name: of for name, of in block.items() if name != "cache_control"} for block in document["system"]]
    return {**document, "system": system}


def test_a_text_that_is_declined_is_not_judged(open_with: Callable[..., Office], drain: Drain) -> None:
    """
    Another text may be judged all the same: the calibration goes on to its end, though all are declined.
    """
    office = open_with(rehearsal="refusal=1")

    goal = ran(office, drain, kinds=["vague-step"])

    with office.store.read() as tx:
        said = [line.what for line in tx.journal(goal.id) if "judged" in line.what]
    assert goal.state is GoalState.COMPLETED
    assert said == ["not judged"] * 8


def test_what_is_known_of_a_reviewer(paying: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    One that sees everything sends back all planted and no clean text, and each dimension keeps its weight.
    """
    claude.always(Purpose.REVIEW, sees_all)
    ran(paying, drain)

    with paying.store.read() as tx:
        known = measured(tx, paying.skills, "claude-sonnet-5-5", rehearsal=False)

    assert (known.planted.sent_back, known.planted.of) == (128, 128)
    assert (known.clean.sent_back, known.clean.of) == (0, 24)
    assert known.weightless == ()
    assert known.sentence() == (
        "Known error of claude-sonnet-5-5: it sends back 128 of 128 planted faults and 0 of 24 clean texts."
    )


def test_a_rehearsal_says_nothing_of_a_model_that_is_paid(office: Office, drain: Drain) -> None:
    """
    The built-in model judges nothing: what it said is kept apart, and takes no weight from any dimension.
    """
    ran(office, drain)

    with office.store.read() as tx:
        rehearsed = measured(tx, office.skills, "claude-sonnet-5-5", rehearsal=True)
        paid = measured(tx, office.skills, "claude-sonnet-5-5", rehearsal=False)

    assert rehearsed.planted.of == 128
    assert rehearsed.weightless == ()
    assert paid.kinds == ()
    assert "is not known" in paid.sentence()


def test_a_changed_prompt_is_another_prompt(
    paying: Office, claude: ClaudeDouble, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What a model said under words that are shown no more says nothing of those that are; that is said, and all is asked anew.
    """
    claude.always(Purpose.REVIEW, sees_all)
    ran(paying, drain, kinds=["vague-step"])
    text = reviewing.text

    monkeypatch.setattr(reviewing, "text", lambda name: f"{text(name)} Be severe." if name == "review" else text(name))
    with paying.store.read() as tx:
        known = measured(tx, paying.skills, "claude-sonnet-5-5", rehearsal=False)

    assert known.outdated
    assert "The review prompt changed since" in known.sentence()
    assert len(begin.look(paying, kinds=["vague-step"]).ask) == 8


def test_a_skills_rubric_is_part_of_the_prompt(office: Office) -> None:
    """
    Another criterion is another prompt, for that skill.
    """
    skill = office.skills["cold-email"]
    other = replace(skill, rubric=replace(skill.rubric, criteria=(*skill.rubric.criteria, "It rhymes.")))

    assert reviewing.prompt_version(skill) == reviewing.prompt_version(replace(skill))
    assert reviewing.prompt_version(skill) != reviewing.prompt_version(other)


def test_a_kind_that_is_none_is_refused(office: Office) -> None:
    """
    Nothing is begun for a typing error.
    """
    with pytest.raises(WrongCall, match="none of missing-section"):
        begin.look(office, kinds=["missing-sections"])


def test_a_turn_that_failed_is_tried_again_for_its_text(paying: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    A person who is asked, and says yes, has the same text judged; once all others are, the goal waits for that.
    """
    claude.always(Purpose.REVIEW, sees_all)
    goal = begin.begin(paying, begin.look(paying, kinds=["vague-step"]), rehearsal=False)
    admission.ring(paying)
    with paying.store.read() as tx:
        turn = next(turn for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED)
    held = turns.claim(paying, turn.id)
    assert held is not None
    fail(paying, held, NoPrice("It has no price."), after_failure)
    with paying.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)

    waiting = drain(paying, goal)
    answer(paying, question.id, Answer.APPROVE)
    goal = drain(paying, goal)

    assert (waiting.state, waiting.wait_for) == (GoalState.WAITING, WaitFor.PERSON)
    assert goal.state is GoalState.COMPLETED
    assert begin.look(paying, kinds=["vague-step"]).ask == ()


def test_a_key_that_is_refused_ends_it(paying: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    One sentence, not a question for each text; the next calibration does the rest.
    """
    claude.always(Purpose.REVIEW, sees_all)
    claude.says(Purpose.REVIEW, 401)

    goal = ran(paying, drain, kinds=["vague-step"])

    assert goal.state is GoalState.FAILED
    with paying.store.read() as tx:
        assert tx.approvals.open(goal.id) == []
        assert tx.turns.open_of_goal(goal.id) == []
    assert len(begin.look(paying, kinds=["vague-step"]).ask) == 8


def test_one_that_was_paused_goes_on(paying: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    As any goal does, and it is at work then, not planning.
    """
    claude.always(Purpose.REVIEW, sees_all)
    goal = begin.begin(paying, begin.look(paying, kinds=["vague-step"]), rehearsal=False)
    pause(paying, goal.id)
    resumed = resume(paying, goal.id)

    with paying.store.read() as tx:
        assert tx.goals.get(resumed.id).state is GoalState.RUNNING
    assert drain(paying, goal).state is GoalState.COMPLETED
