"""The routing rules make a plan where no pipeline does."""

from pathlib import Path

import pytest

from pipelines import routing
from pipelines.plan import PipelineError, StepKind, check
from pipelines.routing import Stages, as_text, plan_for, read_rules
from skills import loader

#: The rules the system was designed with, as the Director is shown them. The shipped ones may say more.
DESIGNED = """\
- strategic: content-strategy, pricing-strategy, launch-strategy, marketing-ideas, marketing-psychology, competitor-alternatives → analytics-tracking
- content: content-strategy → copywriting, copy-editing, social-content, programmatic-seo, schema-markup → seo-audit, analytics-tracking
- optimization: page-cro, form-cro, signup-flow-cro, popup-cro → copywriting → ab-test-setup, analytics-tracking
- retention: onboarding-cro, email-sequence, paywall-upgrade-cro, referral-program → ab-test-setup, analytics-tracking
- competitive: competitor-alternatives → copywriting, paid-ads → pricing-strategy → analytics-tracking
- measurement: seo-audit, analytics-tracking, ab-test-setup
"""  # noqa: E501 - as they are shown, a line each

RULES: dict[str, Stages] = {
    category: tuple(tuple(stage.split(", ")) for stage in stages.split(" → "))
    for category, stages in (line[2:].split(": ") for line in DESIGNED.splitlines())
}

SHIPPED = routing.rules()

#: Who uses whose deliverable, circle and all.
CONSUMERS = loader.load([loader.OWN]).consumers


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules are those of the design, so that a rule that is added to the shipped ones changes no test of how they work."""
    monkeypatch.setattr(routing, "rules", lambda: RULES)


def needs(category: str) -> dict[str, set[str]]:
    """What each task of a category's plan needs."""
    return {task.key: set(task.needs) for task in plan_for(category, CONSUMERS).tasks}


def test_a_stage_waits_for_the_last_tasks_of_the_stage_before() -> None:
    """
    Optimization: forms and popups build on the page review; the copy waits for the ends of the stage, and needs the review.
    """
    audits = {"form-cro", "signup-flow-cro", "popup-cro"}
    assert {
        "page-cro": set(),
        "form-cro": {"page-cro"},
        "signup-flow-cro": set(),
        "popup-cro": {"page-cro"},
        "copywriting": {"page-cro", *audits},
        "ab-test-setup": {"copywriting"},
        "analytics-tracking": {"copywriting"},
    } == needs("optimization")


def test_a_consumer_waits_for_its_producer_within_a_stage() -> None:
    """
    Content: the editor edits what was written; everybody else writes side by side.
    """
    last = {"copy-editing", "social-content", "programmatic-seo", "schema-markup"}
    assert {
        "content-strategy": set(),
        "copywriting": {"content-strategy"},
        "copy-editing": {"content-strategy", "copywriting"},
        "social-content": {"content-strategy"},
        "programmatic-seo": {"content-strategy"},
        "schema-markup": {"content-strategy"},
        "seo-audit": last,
        "analytics-tracking": last,
    } == needs("content")


def test_skills_that_do_not_use_each_other_run_side_by_side() -> None:
    """
    Measurement is one stage of three, strategy one of six before the tracking.
    """
    assert {"seo-audit": set(), "analytics-tracking": set(), "ab-test-setup": set()} == needs("measurement")
    strategic = needs("strategic")
    assert {"analytics-tracking"} == {key for key, needed in strategic.items() if needed}
    assert set(strategic) - {"analytics-tracking"} == strategic["analytics-tracking"]


@pytest.mark.parametrize("category", RULES)
def test_every_category_gets_a_plan_of_its_skills(category: str) -> None:
    """
    Each skill of the rule drafts once, and the plan holds up to every check.
    """
    plan = plan_for(category, CONSUMERS)

    assert check(plan.tasks, CONSUMERS) == ()
    assert f"routing:{category}" == plan.source
    assert [skill for stage in RULES[category] for skill in stage] == [task.skill for task in plan.tasks]
    assert {StepKind.DRAFT} == {task.kind for task in plan.tasks}


def test_everybody_using_everybody_is_still_no_circle() -> None:
    """
    Only a skill listed later can wait for one listed earlier, whatever the folders say.
    """
    plan = plan_for("strategic", dict.fromkeys(CONSUMERS, ("all",)))

    assert [len(task.needs) for task in plan.tasks] == [0, 1, 2, 3, 4, 5, 6]


def test_every_rule_the_system_was_designed_with_is_there() -> None:
    """
    Each skill in its stage. More may join one.
    """
    for category, stages in RULES.items():
        for designed, shipped in zip(stages, SHIPPED[category], strict=True):
            assert set(designed) <= set(shipped), category


def test_as_text_the_rules_are_a_line_a_category() -> None:
    """
    The way the Director is shown them, to the byte.
    """
    assert as_text() == DESIGNED


def test_an_unknown_category_names_the_nearest() -> None:
    """
    The sentence says what there is.
    """
    with pytest.raises(PipelineError, match=r"\(strategic, .*\), found 'retain'; nearest: retention\.$"):
        plan_for("retain", CONSUMERS)


def test_a_rule_with_a_skill_that_is_not_there_is_a_sentence() -> None:
    """
    A broken skill folder is found out before money is spent.
    """
    roster = {name: consumers for name, consumers in CONSUMERS.items() if name != "paid-ads"}

    with pytest.raises(PipelineError, match=r"^The routing rules for competitive .* 'paid-ads', which is no skill"):
        plan_for("competitive", roster)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "expected stages for each category, found nothing"),
        ("content: copywriting", "content: expected lists of skills' names, found 'copywriting'"),
        ("content: [[]]", "content: expected lists of skills' names"),
        ("content: [[7]]", "content: expected lists of skills' names"),
        ("content: [[a], [a]]", "content: expected each skill once, found a, a"),
        ("content: [", "expected YAML"),
    ],
)
def test_broken_rules_are_one_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    """
    It names the file, the category, what was expected and what came.
    """
    file = tmp_path / "routing.yaml"
    file.write_text(text)

    with pytest.raises(PipelineError) as caught:
        read_rules(file)

    assert str(caught.value).startswith(f"{file}: {complaint}")
