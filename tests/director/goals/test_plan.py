"""A goal becomes tasks and the order between them, stored before money is spent on them."""

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from director.catalog import catalog_of
from director.claude.rehearsal.asked import Purpose
from director.cli.plan_view import plan_view
from director.inbox import approvals
from director.mailbox import handling
from director.office import Office
from director.progress.advance import startable
from director.progress.on_turn_failure import after_failure
from director.words.amounts import NANO
from director.words.models import Goal, Task
from director.words.states import Answer, Category, GoalState, HeldWhy, TaskState, WaitFor
from pipelines import routing
from pipelines.plan import MOST_TASKS_OF_CLAUDE, from_document, sinks
from tests.conftest import VERBS
from tests.director.claude_double import ClaudeDouble
from tests.director.plan_answers import answer, step
from tests.director.tasks.test_checks import KEYS

Planned = Callable[..., Goal]


GOOD = answer(
    step("emails", "email-sequence", "start", brief="Three letters from a gnome."),
    step("start", "onboarding-cro", brief="The first\n  day with a gnome."),
    step("test", "ab-test-setup", "emails", "start"),
)

#: Answers that make no plan, and a word of the reason each is sent back with.
BROKEN = {
    "an unknown skill": (answer(step("gnome-painting")), "gnome-painting"),
    "the director as a writer": (answer(step("director")), "director"),
    "a circle": (answer(step("a", "copywriting", "b"), step("b", "page-cro", "a")), "circle"),
    "a task that needs itself": (answer(step("a", "copywriting", "a")), "needs itself"),
    "a need that is not there": (answer(step("a", "copywriting", "zz")), "zz"),
    "one key twice": (answer(step("a", "copywriting"), step("a", "page-cro")), "key a"),
    "a key nobody can type": (answer(step("a b", "copywriting")), "a b"),
    "no tasks": (answer(), "no tasks"),
    "too many tasks": (
        answer(*(step(f"t{n}", "copywriting") for n in range(MOST_TASKS_OF_CLAUDE + 1))),
        str(MOST_TASKS_OF_CLAUDE + 1),
    ),
    "200 tasks": (
        answer(*({**step(f"t{n}", "copywriting", brief=""), "pieces": []} for n in range(200))),
        "The plan has 200 tasks",
    ),
    "pieces of one title": (
        answer(*({**step(skill), "pieces": ["A page"]} for skill in ("copywriting", "page-cro"))),
        "2 pieces are called",
    ),
    "a title with a secret": (
        answer({**step("copywriting"), "pieces": [f"Letter {KEYS['an Anthropic key']}"]}),
        "contains an API key",
    ),
    "a size nobody knows": (answer({**step("copywriting"), "size": "book"}), "size"),
    "no JSON": ("I would begin with the gnomes.", "not JSON"),
    "a list": ("[]", "could not be read"),
    "a number longer than Python reads": ("1" * 5000, "could not be read"),
    "another category": (answer(step("copywriting"), category="gardening"), "category"),
    "a field too many": (GOOD.replace('"brief"', '"gnome": 1, "brief"'), "gnome"),
    "half an answer": (GOOD[: len(GOOD) // 2], "not JSON"),
}

SHOP = Path(__file__).parents[3] / "examples" / "brindle-street-cycles" / "product-marketing-context.md"


def tasks_of(office: Office, goal: Goal) -> list[Task]:
    with office.store.read() as tx:
        return tx.tasks.of_goal(goal.id)


def shape(office: Office, goal: Goal) -> list[tuple[str, tuple[str, ...]]]:
    """Skills with the skills they need."""
    with office.store.read() as tx:
        tasks = {task.id: task for task in tx.tasks.of_goal(goal.id)}
        needs = tx.tasks.needs(goal.id)
    return [(task.skill, tuple(tasks[need].skill for need in needs.get(ident, ()))) for ident, task in tasks.items()]


def test_a_person_is_shown_how_large_it_is_and_what_each_task_hands_over(
    asking: Office, claude: ClaudeDouble, planned: Planned
) -> None:
    """
    With the price, before anything runs: whom the goal can reach, and the pieces with the most words they may have.
    """
    claude.says(Purpose.PLAN, GOOD)
    goal = planned(asking)
    out = Console(width=400, file=StringIO(), record=True)
    with asking.store.read() as tx:
        out.print(plan_view(asking, tx, goal, 400))
    shown = " ".join(out.export_text().split())

    assert "Whom it can reach: forty gnomes" in shown
    assert "How the effect is seen: gnomes that come back" in shown
    assert "Three letters from a gnome. Hands over: “Words of emails” (sheet, at most 1,000 words)." in shown


def test_claudes_plan_is_what_is_stored(asking: Office, claude: ClaudeDouble, planned: Planned) -> None:
    """
    Its tasks in an order that can be done, its edges, its briefs, its reasons; those without needs begin.
    """
    claude.says(Purpose.PLAN, GOOD)
    goal = planned(asking)

    assert shape(asking, goal) == [
        ("onboarding-cro", ()),
        ("email-sequence", ("onboarding-cro",)),
        ("ab-test-setup", ("onboarding-cro", "email-sequence")),
    ]
    assert [task.key for task in tasks_of(asking, goal)] == ["start", "emails", "test"]
    assert tasks_of(asking, goal)[0].brief == "The first day with a gnome."
    assert [task.state for task in tasks_of(asking, goal)] == [TaskState.DRAFTING, TaskState.PLANNED, TaskState.PLANNED]
    assert goal.state is GoalState.RUNNING
    plan = from_document(goal.plan)
    assert (plan.source, plan.note) == ("claude", "Gnomes must stay.")


def test_a_brief_that_goes_on_for_ever_is_cut_where_one_sees_it(
    asking: Office, claude: ClaudeDouble, planned: Planned
) -> None:
    """
    Asked for once more before; then behind a whole word, and with a mark: whoever writes by it knows that there was more.
    """
    claude.says(Purpose.PLAN, *[answer(step("copywriting", brief="Feed the gnome. " * 400))] * 2)
    brief = tasks_of(asking, planned(asking))[0].brief

    assert len(brief) < 1_600
    assert brief.removesuffix(" …").split()[-1] in ("Feed", "the", "gnome.")
    assert brief.endswith(" …")


#: What of a plan would be cut or leads nowhere, and what its maker is told.
NOT_TO_THE_LETTER = {
    "a brief": ({"brief": "Feed. " * 400}, {}, "The brief of copywriting has 2,400 characters, and 1,500 are read"),
    "a sketch": (
        {},
        {"sketch": "Words of copywriting. " * 500},
        "The sketch and what it lacks have 10,999 characters, and 9,000 are read",
    ),
    "a piece": (
        {},
        {"sketch": "Sing."},
        "The piece 'Words of copywriting' of copywriting stands nowhere in the sketch",
    ),
    "unknowns": ({}, {"unknowns": [{"question": "Who?", "default": "All."}] * 4}, "There are 4 unknowns: keep the 3"),
}


@pytest.mark.parametrize("name", NOT_TO_THE_LETTER)
def test_a_plan_that_would_be_cut_is_asked_for_once_more_and_then_taken(
    asking: Office, claude: ClaudeDouble, planned: Planned, name: str
) -> None:
    """
    Its maker is told what would be lost; said again it is taken with what fits, since no other plan would be better.
    """
    task, sizing, reason = NOT_TO_THE_LETTER[name]
    claude.says(Purpose.PLAN, *[answer({**step("copywriting"), **task}, **sizing)] * 2)
    plan = from_document(planned(asking).plan)

    assert reason in claude.asked(Purpose.PLAN)[1].text("reasons")
    assert plan.source == "claude"
    assert (len(plan.sketch) <= 9_002, len(plan.unknowns) <= 3) == (True, True)


def test_a_fenced_answer_is_a_plan_too(asking: Office, claude: ClaudeDouble, planned: Planned) -> None:
    """
    Servers without structured output put Markdown around the JSON.
    """
    claude.says(Purpose.PLAN, f"```json\n{GOOD}\n```\n")

    assert from_document(planned(asking).plan).source == "claude"


def test_claude_may_correct_the_category(asking: Office, claude: ClaudeDouble, planned: Planned) -> None:
    """
    What was inferred from words is only a proposal.
    """
    claude.says(Purpose.PLAN, answer(step("copywriting"), category="competitive"))
    goal = planned(asking, "Reduce churn")

    assert claude.asked(Purpose.PLAN)[0].text("inferred_category") == "retention"
    assert goal.category is Category.COMPETITIVE


def test_a_category_that_nobody_said_offers_no_plan(
    office: Office, asking: Office, claude: ClaudeDouble, planned: Planned
) -> None:
    """
    A plan for a guess is noise to whoever sizes the goal; a rehearsal has no other to show.
    """
    planned(asking, "Paint gnomes by May")
    (asked,) = claude.asked(Purpose.PLAN)

    assert (asked.text("inferred_category"), asked.all("ready_made_plan")) == ("unknown", ())
    assert (
        "It is the usual plan of a goal that is strategic"
        in from_document(planned(office, "Paint gnomes by May").plan).note
    )


def test_the_roster_says_what_is_whose_and_not_what_people_say(
    asking: Office, claude: ClaudeDouble, planned: Planned
) -> None:
    """
    What each does and what it leaves to others; the words by which a person finds it would be a seventh of the prompt.
    """
    planned(asking, "Reduce churn")
    role = claude.asked(Purpose.PLAN)[0].role

    assert role.count("Not for") >= len(asking.skills)
    assert "Use when" not in role


def test_the_director_is_given_what_a_plan_needs(asking: Office, claude: ClaudeDouble, planned: Planned) -> None:
    """
    The goal, the roster, the pipelines, the routing rules, the ready-made plan and the money there is.
    """
    planned(asking, "Reduce churn", cap_nano=12 * NANO)

    asked = claude.asked(Purpose.PLAN)[0]
    assert asked.goal == "Reduce churn"
    assert asked.text("money_left") == "$12.00"
    assert "- paywall-upgrade-cro | paywall-upgrade-cro | needs: email-sequence" in asked.text("ready_made_plan")
    for skill in asking.skills:
        assert f"- {skill} (" in asked.role
    for template in asking.library.templates.values():
        whom = f" (for {template.business.said})" if template.business else ""
        assert f"- {template.name}{whom}: " in asked.role


#: Of whom a product context speaks; the plan for keeping customers, and what is not offered.
BUSINESSES = {
    "a shop": (
        "A gnome workshop in Mill Street, open Tuesday to Saturday. Neighbours come by.",
        "Local Retention",
        {"Retention Sprint", "Product Launch", "Content Production"},
    ),
    "software": (
        "Open source software for gnomes, with a command line; install it from GitHub.",
        "Retention Sprint",
        {"Local Retention", "Local Launch", "Local Content"},
    ),
}


@pytest.mark.parametrize("whose", BUSINESSES)
def test_the_ready_made_plan_is_that_of_the_business_the_context_is_about(
    asking: Office, claude: ClaudeDouble, planned: Planned, tmp_path: Path, whose: str
) -> None:
    """
    It is offered to the Director, and is the plan without Claude; it says by which words it was chosen. Pipelines for another
    kind of business are not shown.
    """
    written, name, others = BUSINESSES[whose]
    context = tmp_path / "context.md"
    context.write_text(written, encoding="utf-8")
    planned(asking, context=context)
    stored = from_document(planned(asking, context=context, plan_by="template").plan)

    (asked,) = claude.asked(Purpose.PLAN)
    (offered,) = asked.all("ready_made_plan")
    assert stored.source == offered.attributes["source"] == f"template:{name}"
    assert stored.note in offered.text
    quoted = re.findall("“([^”]+)”", stored.note)
    assert len(quoted) >= 3
    assert [word for word in quoted if word not in written] == []
    assert {found.name for found in asking.library.templates.values() if f"- {found.name}" not in asked.role} == others


def test_both_ready_made_plans_are_offered_where_the_context_does_not_say(
    asking: Office, claude: ClaudeDouble, planned: Planned
) -> None:
    """
    Each says for whom it is. Without Claude software's runs, and a person is told that there is another.
    """
    planned(asking)
    stored = from_document(planned(asking, plan_by="template").plan)

    software, local = claude.asked(Purpose.PLAN)[0].all("ready_made_plan")
    assert [software.attributes["source"], local.attributes["source"]] == [
        "template:Retention Sprint",
        "template:Local Retention",
    ]
    assert software.text.startswith("It is for software;")
    assert local.text.startswith("It is for a local business;")
    assert (stored.source, stored.note in software.text) == ("template:Retention Sprint", True)
    assert "Local Retention is for a local business" in stored.note


def test_what_a_ready_made_plan_hands_over_is_offered_with_it(
    office: Office, asking: Office, claude: ClaudeDouble, planned: Planned
) -> None:
    """
    Pieces and sizes; the rehearsed Director plans just these, and says which plan it is and for whom.
    """
    planned(asking, context=SHOP)
    (offered,) = claude.asked(Purpose.PLAN)[0].all("ready_made_plan")
    rehearsed = from_document(planned(office, context=SHOP).plan)
    template = office.library.find("Local Retention")

    assert '- copywriting | copywriting | needs: email-sequence | note: "Counter script"' in offered.text
    assert [(task.key, task.pieces, task.size, task.needs) for task in rehearsed.tasks] == [
        (task.key, task.pieces, task.size, task.needs) for task in template.tasks
    ]
    assert "It is the ready-made plan Local Retention; whether it fits was judged by nobody." in rehearsed.note
    assert "It is for a local business, because the product context has “shop”" in rehearsed.note


def test_every_rule_of_the_routing_reaches_the_director(
    asking: Office, claude: ClaudeDouble, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Also those of categories that have a pipeline: whichever rule is changed, the Director is shown something else.
    """
    shipped = routing.rules()
    planned(asking, confirm=True)  # so that no task's turn takes the place of the next plan's
    for category in shipped:
        changed = {**shipped, category: (*shipped[category], ("free-tool-strategy",))}
        monkeypatch.setattr(routing, "rules", lambda changed=changed: changed)
        planned(asking, confirm=True)

    shown = [asked.role for asked in claude.asked(Purpose.PLAN)]
    assert set(shipped) == set(Category)
    assert len(set(shown)) == len(shown) == 1 + len(Category)


@pytest.mark.parametrize("name", BROKEN)
def test_a_plan_that_cannot_be_is_asked_for_once_more(
    asking: Office, claude: ClaudeDouble, planned: Planned, name: str
) -> None:
    """
    The second request says why the first answer was not taken; a good second answer is the plan.
    """
    broken, reason = BROKEN[name]
    claude.says(Purpose.PLAN, broken, GOOD)
    goal = planned(asking)

    first, second = claude.asked(Purpose.PLAN)
    assert not first.text("reasons")
    assert reason in second.text("reasons")
    assert from_document(goal.plan).source == "claude"
    assert len(tasks_of(asking, goal)) == 3


@pytest.mark.parametrize("name", ["an unknown skill", "a circle", "200 tasks", "no JSON"])
def test_after_a_second_broken_plan_the_ready_made_one_runs(
    asking: Office, claude: ClaudeDouble, planned: Planned, name: str
) -> None:
    """
    Two tries, then the category's pipeline; the plan says that and why Claude's were not taken.
    """
    broken, reason = BROKEN[name]
    claude.says(Purpose.PLAN, broken, broken)
    goal = planned(asking)

    plan = from_document(goal.plan)
    assert len(claude.asked(Purpose.PLAN)) == 2
    assert plan.source == "template:Retention Sprint"
    assert reason in plan.note
    assert [task.skill for task in plan.tasks] == [
        "onboarding-cro",
        "email-sequence",
        "paywall-upgrade-cro",
        "ab-test-setup",
    ]
    assert goal.state is GoalState.RUNNING
    assert goal.category is Category.RETENTION


def test_a_plan_dearer_than_the_cap_is_not_taken(asking: Office, claude: ClaudeDouble, planned: Planned) -> None:
    """
    A plan that would cost more than the goal may even when all goes well is sent back with both amounts.
    """
    dear = answer(*(step(f"t{n}", "pricing-strategy") for n in range(MOST_TASKS_OF_CLAUDE)))
    claude.says(Purpose.PLAN, dear, GOOD)
    goal = planned(asking, cap_nano=NANO // 2)

    assert "$0.5000" in claude.asked(Purpose.PLAN)[1].text("reasons")
    assert len(tasks_of(asking, goal)) == 3


def test_after_a_second_plan_that_is_too_dear_the_ready_made_one_runs(
    asking: Office, claude: ClaudeDouble, planned: Planned
) -> None:
    """
    As after two that cannot be.
    """
    dear = answer(*(step(f"t{n}", "pricing-strategy") for n in range(MOST_TASKS_OF_CLAUDE)))
    claude.says(Purpose.PLAN, dear, dear)
    goal = planned(asking, cap_nano=NANO // 2)

    plan = from_document(goal.plan)
    assert plan.source == "template:Retention Sprint"
    assert "It would cost $" in plan.note


def test_a_plan_that_was_paid_is_not_bought_again_when_a_person_gives_more(
    asking: Office, claude: ClaudeDouble, planned: Planned, drain: Callable[[Office, Goal], Goal]
) -> None:
    """
    The first answer was no plan and asking once more did not fit. With more money the same turn runs again, finds the first
    answer where it is kept, and buys the second only.
    """
    claude.always(Purpose.PLAN, "I would begin with the gnomes.")
    with asking.store.read() as tx:
        (held,) = tx.turns.held(HeldWhy.MONEY, planned(asking, cap_nano=0).id)
    worst = held.held_for.worst_nano
    goal = planned(asking, cap_nano=worst + NANO // 100)
    with asking.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    assert len(claude.asked(Purpose.PLAN)) == 1
    claude.always(Purpose.PLAN, GOOD)
    approvals.answer(asking, question.id, Answer.APPROVE)
    drain(asking, goal)

    first, second = (str(document) for document in claude.documents()[:2])
    assert len(claude.asked(Purpose.PLAN)) == 2
    assert ["not JSON" in text for text in (first, second)] == [False, True]


def test_as_many_tasks_as_allowed_are_a_plan(asking: Office, claude: ClaudeDouble, planned: Planned) -> None:
    """
    The limit itself is within it.
    """
    claude.says(Purpose.PLAN, answer(*(step(f"t{n}", "copywriting") for n in range(MOST_TASKS_OF_CLAUDE))))

    assert len(tasks_of(asking, planned(asking))) == MOST_TASKS_OF_CLAUDE
    assert len(claude.asked(Purpose.PLAN)) == 1


@pytest.mark.parametrize(
    ("category", "pipeline"),
    [
        (Category.CONTENT, "Content Production"),
        (Category.OPTIMIZATION, "Conversion Sprint"),
        (Category.RETENTION, "Retention Sprint"),
        (Category.COMPETITIVE, "Competitive Response"),
        (Category.MEASUREMENT, "SEO Cycle"),
    ],
)
def test_without_claude_the_categorys_pipeline_is_the_plan(
    asking: Office, claude: ClaudeDouble, planned: Planned, category: Category, pipeline: str
) -> None:
    """
    A template plan asks nobody anything and costs nothing.
    """
    goal = planned(asking, "Gnomes", category=category, plan_by="template")

    assert from_document(goal.plan).source == f"template:{pipeline}"
    assert claude.asked(Purpose.PLAN) == []
    with asking.store.read() as tx:
        assert tx.calls.of_goal(goal.id) == []


def test_a_strategic_goal_goes_by_the_routing_rules(office: Office, planned: Planned) -> None:
    """
    The strategy squad first, side by side where none consumes another; what measures comes after all of them.
    """
    goal = planned(office, "Gnomes", category=Category.STRATEGIC, plan_by="template")

    plan = from_document(goal.plan)
    assert plan.source == "routing:strategic"
    strategy, measure = routing.rules()[Category.STRATEGIC]
    by_skill = {task.skill: task for task in plan.tasks}
    assert set(by_skill) == {*strategy, *measure}
    for skill in measure:
        assert set(sinks([by_skill[name] for name in strategy])) <= set(by_skill[skill].needs)
    with office.store.read() as tx:
        beginning = [task.skill for task in startable(tx, goal)]
        [warming] = tx.turns.open_of_goal(goal.id)
    assert beginning == [task.skill for task in plan.tasks if not task.needs]
    assert len(beginning) > 1
    assert warming.verb == "warm"


def test_a_named_pipeline_is_the_plan(asking: Office, claude: ClaudeDouble, planned: Planned) -> None:
    """
    Naming a pipeline leaves nothing to plan, whoever was to make the plan.
    """
    goal = planned(asking, pipeline="Page Launch", plan_by="claude")

    assert from_document(goal.plan).source == "template:Page Launch"
    assert claude.asked() == []


def test_the_stored_plan_is_what_runs(
    open_with: Callable[..., Office], planned: Planned, drain: Callable[[Office, Goal], Goal]
) -> None:
    """
    A template that is edited while a goal runs, and a process that starts after the edit, change nothing of it.
    """
    before = open_with()
    file = before.settings.workspace_dir / "pipelines" / "gnomes.yaml"
    file.parent.mkdir(parents=True)
    written = "name: Gnome Line\ndescription: For tests.\npriority: P2\nsteps: [{skills}]\n"
    file.write_text(written.format(skills="social-content, copy-editing"))
    goal = planned(before, pipeline="Gnome Line")
    file.write_text(written.format(skills="cold-email"))
    catalog_of.cache_clear()  # as in another process
    after = open_with()

    assert [task.skill for task in after.library.find("Gnome Line").tasks] == ["cold-email"]
    assert drain(after, goal).state is GoalState.COMPLETED
    assert shape(after, goal) == [("social-content", ()), ("copy-editing", ("social-content",))]
    assert all(task.state is TaskState.APPROVED for task in tasks_of(after, goal))


def test_a_plan_to_be_agreed_to_waits_for_a_person(office: Office, planned: Planned) -> None:
    """
    The plan is stored and shown with its likely cost, an approval is open, and no task has a turn.
    """
    goal = planned(office, pipeline="Page Launch", confirm=True)

    assert (goal.state, goal.wait_for) == (GoalState.WAITING, WaitFor.PERSON)
    assert {task.state for task in tasks_of(office, goal)} == {TaskState.PLANNED}
    with office.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
        assert tx.turns.open_of_goal(goal.id) == []
    assert question.kind == "plan"
    assert question.question.startswith(
        "Run this plan of 4 tasks? It is a rehearsal and costs nothing; with Claude it would likely cost $"
    )
    assert goal.reason is not None
    assert question.id in goal.reason


def test_a_plan_that_is_agreed_to_runs(office: Office, planned: Planned, drain: Callable[[Office, Goal], Goal]) -> None:
    """
    With the answer the first tasks begin, and the goal comes to its end.
    """
    goal = planned(office, pipeline="Social Week", confirm=True)
    with office.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    approvals.answer(office, question.id, Answer.APPROVE)

    assert [task.state for task in tasks_of(office, goal)] == [TaskState.DRAFTING]
    assert drain(office, goal).state is GoalState.COMPLETED


def test_a_goal_is_planned_once(asking: Office, claude: ClaudeDouble, planned: Planned) -> None:
    """
    A second bell for the planning turn makes no second plan.
    """
    goal = planned(asking)
    before = shape(asking, goal)
    with asking.store.read() as tx:
        turn = next(turn for turn in tx.turns.of_goal(goal.id) if turn.verb == "plan")

    handling.handle(asking, turn.id, VERBS, after_failure)

    assert shape(asking, goal) == before
    assert len(claude.asked(Purpose.PLAN)) == 1
