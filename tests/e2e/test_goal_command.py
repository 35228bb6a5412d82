"""`goal` and `pipeline`: from a sentence to approved deliverables, and what is said about it."""

from collections.abc import Callable

import pytest
import yaml

from director.prompting.pieces import take_apart
from director.words.question import Kind
from director.words.states import TaskState
from tests.e2e.installation import ROOT, Done, Installation, at_once, lines, paths

pytestmark = pytest.mark.measured

GOAL = "Write a blog about the garden gnomes of Thuringia"

#: The documents scripts read. What is here stays; what is added to them is added here.
GOAL_FIELDS = {
    "id",
    "text",
    "category",
    "priority",
    "state",
    "waits_for",
    "reason",
    "started_by",
    "given_at",
    "finished_at",
    "report",
    "rehearsal",
    "paused_at",
    "version",
}
TASK_FIELDS = {
    "id", "skill", "kind", "state", "revision", "score", "cost_usd", "deliverable", "pieces", "rests_on_earlier",
    "version",
}  # fmt: skip
COST_FIELDS = {"spent_usd", "rehearsed_usd", "without_cache_usd", "cap_usd", "spent_nano", "cap_nano"}
FIELDS = {"goal", "plan", "tasks", "cost", "forecast", "calls", "tokens", "seconds", "model", "approvals"}

Story = tuple[Installation, Done]


@pytest.fixture(scope="module")
def stories(install: Callable[..., Installation], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Story]:
    """Calls of the program, each in an installation of its own."""

    def told(*arguments: str, place: Installation | None = None, **settings: str) -> Callable[[], Story]:
        place = place or install()
        return lambda: (place, place.run(*arguments, **settings))

    # A workspace where people have them: deep in somebody's home.
    deep = tmp_path_factory.mktemp("e")
    deep /= "x" * max(1, 74 - len(f"{deep}/")) + "/home"
    with_context = install(deep)
    context = with_context.workspace / "context" / "product-marketing-context.md"
    context.parent.mkdir(parents=True)
    context.write_bytes((ROOT / "examples/dramatiq/product-marketing-context.md").read_bytes())

    with_pipeline = install()
    with_pipeline.add_pipeline("Gnome Week", "social-content", priority="P0")
    measured = ("Audit how we measure gnome sales", "--json", "--budget", "2.50", "--priority", "p1")
    return at_once(
        plain=told("goal", GOAL, place=with_context),
        document=told("goal", *measured, "--category", "Competitive", "--plan", "template"),
        dry=told("goal", GOAL, "--dry-run"),
        pipeline=told("pipeline", "gnome-week", "Post about gnomes", "--json", place=with_pipeline),
    )


def test_a_goal_is_followed_to_its_completion(stories: dict[str, Story]) -> None:
    """Exit code 0 means completed; what happened is told line by line, and nothing is complained about."""
    place, done = stories["plain"]

    assert (done.code, done.err) == (0, "")
    assert [goal.state for goal in place.goals()] == ["completed"]
    told = [line.split("  ", 2)[1:] for line in lines(done.out)]
    assert ["g1", "planning"] in told
    assert told.index(["g1", "running"]) < told.index(["g1-1", "content-strategy: drafting"])
    assert told.index(["g1", "concluding"]) < told.index(["g1", "completed"])


def test_nothing_is_left_running(stories: dict[str, Story]) -> None:
    """Whoever runs a goal without a worker finds no process and no server of it afterwards."""
    assert [place.left_running() for place, _ in stories.values()] == [[]] * len(stories)


def test_what_is_no_terminal_gets_no_escapes(stories: dict[str, Story]) -> None:
    """Output that goes into a file is plain text."""
    assert not any("\x1b" in done.out for _, done in stories.values())


def test_the_deliverables_and_the_report_are_where_the_table_says(stories: dict[str, Story]) -> None:
    """Every path that is printed is a file, printed in one piece, however deep the workspace."""
    place, done = stories["plain"]
    with place.record() as tx:
        expected = [place.workspace / (task.path or "") for task in tx.tasks.of_goal("g1")]

    assert paths(done.out) == [*expected, place.workspace / "reports" / "g1.md"]
    assert [path for path in paths(done.out) if not path.is_file()] == []


def test_a_deliverable_is_the_text_that_was_approved(stories: dict[str, Story]) -> None:
    """A piece is its words, byte for byte; the notes behind it say in their front matter what it is."""
    place, _ = stories["plain"]
    with place.record() as tx:
        task = tx.tasks.of_goal("g1")[1]
        approved = tx.text(tx.drafts.get(task.deliverable or 0).text_hash)
    written = (place.workspace / (task.path or "")).read_text(encoding="utf-8")
    notes = place.workspace / "outputs" / "g1" / "notes" / "02-copywriting.md"
    _, head, _ = notes.read_text(encoding="utf-8").split("---\n", 2)

    assert [piece.text for piece in take_apart(approved).pieces] == [written.strip()]
    assert yaml.safe_load(head).items() >= {"goal": GOAL, "skill": "copywriting", "revision": task.revision}.items()


def test_what_was_rehearsed_says_so_everywhere(stories: dict[str, Story]) -> None:
    """Without a key every file, the table and the document are labelled as rehearsal."""
    place, done = stories["plain"]
    files = [*place.workspace.glob("outputs/**/*.md"), *place.workspace.glob("reports/*.md")]

    assert len(files) == 11, "five pieces, the notes behind each, and the report"
    assert [file for file in files if "Rehearsal: written by" not in file.read_text(encoding="utf-8")] == []
    assert "rehearsal" in done.out
    assert {stories[name][1].document["model"] for name in ("document", "pipeline")} == {"rehearsal"}


def test_the_report_answers_what_was_asked_delivered_and_spent(stories: dict[str, Story]) -> None:
    """One file tells a goal's owner all of it, with links that lead somewhere."""
    place, _ = stories["plain"]
    report = place.workspace / "reports" / "g1.md"
    text = report.read_text(encoding="utf-8")
    titles = [
        "What came of it",
        "What to do now",
        "What is assumed",
        "What was written",
        "What it cost",
    ]
    links = [part.partition(")")[0] for part in text.split("](")[1:]]

    assert [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")] == titles
    assert GOAL in text
    assert len(links) > 5, "each piece, and those a step is done with"
    assert all((report.parent / link).is_file() for link in links)


def test_the_product_context_of_the_workspace_is_read(stories: dict[str, Story]) -> None:
    """What people write down about the product reaches what is written for it."""
    place, _ = stories["plain"]
    written: dict[str, str] = {}
    for file in place.workspace.glob("outputs/**/*.md"):
        written[file.name[:2]] = written.get(file.name[:2], "") + file.read_text(encoding="utf-8")

    assert len(written) == 5
    assert all("Dramatiq" in text for text in written.values()), "a task's pieces, or the notes behind them"


def test_json_is_one_document_with_the_documented_fields(stories: dict[str, Story]) -> None:
    """`--json` prints one document and nothing else, and nothing on standard error."""
    _, done = stories["document"]
    document = done.document

    assert (done.code, done.err) == (0, "")
    assert set(document) == FIELDS
    assert set(document["goal"]) == GOAL_FIELDS
    assert {frozenset(task) for task in document["tasks"]} == {frozenset(TASK_FIELDS)}
    assert set(document["cost"]) == COST_FIELDS


def test_the_document_says_what_the_record_says(stories: dict[str, Story]) -> None:
    """Numbers in the document are the ledger's, and its deliverables are files."""
    place, done = stories["document"]
    document = done.document
    with place.record() as tx:
        calls = tx.calls.of_goal("g1")
    spent = sum(call.cost_nano for call in calls) / 1e9

    assert document["goal"]["state"] == "completed"
    assert document["calls"] == len(calls)
    assert document["tokens"]["output"] == sum(call.output_tokens for call in calls) > 0
    assert document["tokens"]["cache_read"] == sum(call.cache_read_tokens for call in calls)
    assert document["cost"]["spent_usd"] == pytest.approx(spent, abs=1e-6)
    assert 0 < sum(task["cost_usd"] for task in document["tasks"]) < spent
    assert document["seconds"] > 0
    assert {task["state"] for task in document["tasks"]} == {"approved"}
    assert [task for task in document["tasks"] if not place.folder.joinpath(task["deliverable"]).is_file()] == []


def test_what_was_given_goes_before_what_is_inferred(stories: dict[str, Story]) -> None:
    """--category, --priority, --budget and --plan are taken as they are, in any case."""
    _, done = stories["document"]
    document = done.document

    assert (document["goal"]["category"], document["goal"]["priority"]) == ("competitive", "P1")
    assert document["cost"]["cap_usd"] == 2.5
    assert document["plan"] == "template:Competitive Response"
    assert [task["skill"] for task in document["tasks"]] == [
        "competitor-alternatives", "copywriting", "pricing-strategy", "paid-ads",
    ]  # fmt: skip


def test_a_plan_of_the_template_is_free(stories: dict[str, Story]) -> None:
    """`--plan template` asks nobody for a plan."""
    place, _ = stories["document"]
    with place.record() as tx:
        purposes = {call.purpose for call in tx.calls.of_goal("g1")}

    assert "plan" not in purposes


def test_a_dry_run_costs_no_more_than_its_plan(stories: dict[str, Story]) -> None:
    """`--dry-run` asks for the plan and stops: no task starts, nothing is written; the plan waits for a yes."""
    place, done = stories["dry"]
    with place.record() as tx:
        purposes = [call.purpose for call in tx.calls.of_goal("g1")]
        turns = [turn.verb for turn in tx.turns.of_goal("g1")]
        tasks = {task.state for task in tx.tasks.of_goal("g1")}
        questions = tx.approvals.open()

    assert (done.code, done.err) == (0, "")
    assert (purposes, turns, [question.kind for question in questions]) == (["plan"], ["plan"], [Kind.PLAN])
    assert tasks == {TaskState.PLANNED}
    assert not (place.workspace / "outputs").exists()


def test_a_dry_run_shows_tasks_order_cost_and_time(stories: dict[str, Story]) -> None:
    """Before money is spent a person sees what will be done, in which order, and what it will likely cost and take."""
    _, done = stories["dry"]
    rows = [cells[:3] for line in lines(done.out) if (cells := line.split()) and cells[0].isdecimal()]

    assert [row[1] for row in rows] == ["content-strategy", "copywriting", "copy-editing", "seo-audit", "schema-markup"]
    assert [row[2] for row in rows[1:]] == ["1", "2", "3", "4"]
    assert "Likely $" in done.out
    assert "of at most $100.00" in done.out


def test_a_pipeline_brings_its_own_priority_and_plan(stories: dict[str, Story]) -> None:
    """`pipeline NAME` finds a file of the workspace, by its slug too; its steps are the plan, and its priority holds."""
    _, done = stories["pipeline"]
    document = done.document

    assert done.code == 0
    assert [task["skill"] for task in document["tasks"]] == ["social-content"]
    assert (document["plan"], document["calls"]) == ("template:Gnome Week", 4)
    assert document["goal"]["priority"] == "P0"


def test_status_and_show_tell_the_same_afterwards(stories: dict[str, Story]) -> None:
    """What `--json` printed at the end is what `status --json` prints later; `show` prints report and deliverable."""
    place, done = stories["document"]
    later = place.run("status", "g1", "--json")
    report = place.run("show", "g1")
    deliverable = place.run("show", "g1-1")

    assert later.document == done.document
    assert report.out == (place.workspace / "reports" / "g1.md").read_text(encoding="utf-8")
    assert deliverable.out.startswith("# ")
