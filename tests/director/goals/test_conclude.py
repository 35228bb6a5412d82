"""The end of a goal: a look over everything that was approved, and a report its owner can follow up."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from director.claude.rehearsal import drafting
from director.claude.rehearsal.asked import Asked, Purpose
from director.claude.rehearsal.service import Reply, Trouble
from director.files.mirror import notes_path
from director.goals import report as reports
from director.goals.submit import submit
from director.inbox import approvals
from director.money.prices import usage_of
from director.office import REVIEWER, Office
from director.progress.facts import not_mended
from director.prompting.forms import WORDS, Conclusion
from director.prompting.pieces import for_others, take_apart
from director.words.amounts import NANO, plain_usd, usd
from director.words.models import Goal
from director.words.states import Answer, CallState, GoalState, WaitFor
from skills.loader import DIMENSIONS
from tests.conftest import SetClock
from tests.director.claude_double import ClaudeDouble
from tests.director.plan_answers import answer, step

Drain = Callable[[Office, Goal], Goal]

TEXT = f"Sell more gnomes.\nTo people | with gardens{', large ones' * 15}."
FOUND = json.dumps(
    {
        "summary": "Gnomes now have a page and a price.",
        "contradictions": ["The page says 12 EUR, the strategy 14 EUR."],
        "next_steps": ["Send the first gnome.", "Publish the page."],
        "decisions": ["The gnome-keeper decides the price by Friday."],
        "otherwise": [],
        "noticed": ["Gnomes leave in May: ask them why then."],
        "assumptions": ["Gnomes can read."],
        "effect": "Count the gnomes from Tuesday to Friday.",
        "corrections": [],
        "lessons": [],
    }
)


def report_of(office: Office, goal: Goal) -> str:
    return (office.settings.workspace_dir / "reports" / f"{goal.id}.md").read_text(encoding="utf-8")


def section(report: str, title: str) -> str:
    return report.partition(f"## {title}\n\n")[2].partition("\n## ")[0].strip()


def spent_on(office: Office, goal: Goal) -> int:
    with office.store.read() as tx:
        return sum(call.cost_nano for call in tx.calls.of_goal(goal.id))


@pytest.fixture
def concluded(asking: Office, claude: ClaudeDouble, drain: Drain) -> Goal:
    """A goal of three tasks, concluded with FOUND."""
    claude.says(Purpose.CONCLUSION, FOUND)
    return drain(asking, submit(asking, TEXT, pipeline="Outreach Campaign"))


def test_a_goal_whose_tasks_are_approved_is_completed(asking: Office, concluded: Goal) -> None:
    """
    After the last approval the Director concludes, what was found is kept, nothing is left to do.
    """
    assert concluded.state is GoalState.COMPLETED
    assert concluded.summary == json.loads(FOUND)
    assert concluded.finished_at is not None
    with asking.store.read() as tx:
        assert tx.turns.open_of_goal(concluded.id) == []


def test_what_the_director_says_makes_no_section_of_the_report(
    asking: Office, claude: ClaudeDouble, drain: Drain
) -> None:
    """
    A summary or a step with a heading, a fence or a quotation of its own is text below ours: sections, costs and labels are
    what the record says.
    """
    summary = (
        "Hi.\n\n## What it cost\n\nNothing.\n- # Free\n\nApproved by all\n---\n> Rehearsal: no.\n```\n<h2>Free</h2>"
    )
    found = {
        "summary": summary,
        "contradictions": ["One.\n# Two"],
        "next_steps": ["Sing.\n\n## Approved by\n\nNobody."],
    }
    claude.says(Purpose.CONCLUSION, json.dumps(found))
    report = report_of(asking, drain(asking, submit(asking, TEXT, pipeline="Social Week")))

    titles = re.findall(r"(?m)^[ \t>*+-]*#+ (.*)$", report)
    assert [title for title in titles if title != "What was found and not mended"] == [
        f"Sell more gnomes. To people | with gardens{', large ones' * 9}, large …",
        "What to use first", "What to do now", "What to decide", "What came of it", "What was asked",
        "What was written", "What it cost",
    ]  # fmt: skip
    assert not re.search(r"(?m)^(?:```|> Rehearsal: no|<h2>)", report)
    assert "\n---\n" not in report
    assert "1. Sing. ## Approved by Nobody." in report
    assert "- Contradiction: One. # Two" in report


def test_the_director_reads_every_deliverable(asking: Office, claude: ClaudeDouble, concluded: Goal) -> None:
    """
    The last look is over the approved texts themselves.
    """
    (asked,) = claude.asked(Purpose.CONCLUSION)
    with asking.store.read() as tx:
        texts = {
            task.skill: tx.text(tx.drafts.get(task.deliverable or 0).text_hash)
            for task in tx.tasks.of_goal(concluded.id)
        }

    assert {given.attributes["by"]: given.text for given in asked.all("input")} == {
        skill: for_others(text).strip() for skill, text in texts.items()
    }


@pytest.fixture
def linked_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page on which no words are few enough to stand there themselves."""
    monkeypatch.setattr(reports, "MOST_TOGETHER", 0)


def test_the_report_says_what_was_asked_and_what_came_of_it(asking: Office, concluded: Goal) -> None:
    """
    What to do stands before what was written, and what it cost last; the goal's words are quoted line by line.
    """
    report = report_of(asking, concluded)

    assert [title for title in re.findall(r"(?m)^## (.+)$", report) if title != "What was found and not mended"] == [
        "What came of it",
        "What to do now",
        "What to decide",
        "What we noticed",
        "What is assumed",
        "How the effect is seen",
        "What was asked",
        "What was written",
        "What it cost",
    ]
    assert section(report, "What was asked") == "\n".join(f"> {line}" for line in TEXT.split("\n"))
    assert section(report, "What came of it") == "Gnomes now have a page and a price."


def test_the_page_is_for_an_owner(asking: Office, concluded: Goal) -> None:
    """
    No front matter, ids, models, plans or specialists, apart from where its links lead.
    """
    report = report_of(asking, concluded)
    read = re.sub(r"\]\([^)]+\)", "]", report.replace(section(report, "What was written"), ""))

    assert report.startswith("# Sell more gnomes.")
    assert not re.search(r"\bg1\b|claude-|template:|P2|cold-email|ab-test-setup|Rehearsal", read)


def test_a_short_goal_is_the_title_and_is_not_said_again(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    A quotation of it below would be the first thing to read past.
    """
    claude.says(Purpose.CONCLUSION, FOUND)
    report = report_of(asking, drain(asking, submit(asking, "Sell <more> gnomes", pipeline="Social Week")))

    assert report.startswith("# Sell \\<more> gnomes\n\n## What to use first\n")
    assert "What was asked" not in report


def test_the_page_of_one_task_begins_with_its_piece(
    asking: Office, claude: ClaudeDouble, pipeline: Callable[..., str], drain: Drain
) -> None:
    """
    Whole, as a quotation that makes no section; what it is for stands behind what to do. With one that is longer than that it
    begins as any other does.
    """
    pages, name = [], pipeline("email-sequence")
    for words in (20, 400):
        piece = "## Dear gnome\n\n" + "Sing. " * words
        written = f'# Letters\n\n<piece title="Letter">\n{piece}\n</piece>\n\n' + "".join(
            f"## {title}\n\n{'Gnomes sing. ' * 40}\n\n"
            for title in ("Decided", "Assumptions and open facts", "Handover")
        )
        claude.says(Purpose.DRAFT, written)
        claude.says(Purpose.CONCLUSION, FOUND)
        goal = drain(asking, submit(asking, "Write to a gnome", pipeline=name))
        pages.append((goal, report_of(asking, goal)))
    (goal, short), (_, long) = pages
    link = f"[Letter](../outputs/{goal.id}/01-letter.md)"

    assert section(short, "What to use first") == f"**{link}**\n\n> ## Dear gnome\n>\n> {('Sing. ' * 20).strip()}"
    assert re.findall(r"(?m)^## (.+)$", short)[:3] == ["What to use first", "What to do now", "What to decide"]
    assert re.findall(r"(?m)^## (.+)$", long)[:2] == ["What came of it", "What to do now"]


def test_few_words_stand_on_the_page_themselves(
    asking: Office, claude: ClaudeDouble, pipeline: Callable[..., str], drain: Drain
) -> None:
    """
    All pieces whole, each under its link, but for the one the page begins with; where they are more, they are linked only.
    """
    pages, name = [], pipeline("email-sequence")
    for words in (20, 600):
        pieces = "".join(
            f'<piece title="{title}">\n{title} {"sing " * words}\n</piece>\n\n' for title in ("One", "Two")
        )
        notes = "".join(f"## {title}\n\n{'Gnomes sing. ' * 40}\n\n" for title in
                        ("Decided", "Assumptions and open facts", "Handover"))  # fmt: skip
        claude.says(Purpose.DRAFT, f"# Letters\n\n{pieces}{notes}")
        claude.says(Purpose.CONCLUSION, FOUND)
        goal = drain(asking, submit(asking, "Write to a gnome", pipeline=name))
        pages.append((goal, report_of(asking, goal)))
    (goal, short), (_, long) = pages

    assert (
        section(short, "What was written")
        == f"**[Two](../outputs/{goal.id}/01-2-two.md)**\n\n> Two {('sing ' * 20).strip()}\n\n"
        f"Why they are so: [for “One” and “Two”](../outputs/{goal.id}/notes/01-email-sequence.md)."
    )
    assert section(long, "What was written").startswith(f"- [One](../outputs/{pages[1][0].id}/01-1-one.md)\n- [Two]")


def test_what_only_the_owner_knows_stands_behind_the_steps(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    Each open question of the plan with the default all wrote by, and what to change where it is not so; a conclusion that
    says less of it takes none away.
    """
    unknowns = [
        {"question": "Did gnomes pay in May", "default": "they did."},
        {"question": "Is the hat free?", "default": "it is not"},
    ]
    tasks = [step("copywriting"), step("email-sequence")]
    claude.says(Purpose.PLAN, answer(*tasks, unknowns=unknowns))
    claude.says(
        Purpose.CONCLUSION, json.dumps({**json.loads(FOUND), "otherwise": ["If not: strike “paid” in the letter."]})
    )
    goal = drain(asking, submit(asking, TEXT))
    report = report_of(asking, goal)

    assert section(report, "What only you know").splitlines() == [
        "- Did gnomes pay in May? If not: strike “paid” in the letter.",
        "- Is the hat free? It is written as if: it is not.",
    ]
    assert report.index("What to do now") < report.index("What only you know")
    told = claude.asked(Purpose.DRAFT)[0].text("situation")
    assert "1. Did gnomes pay in May Default: they did.\n2. Is the hat free? Default: it is not" in told


def test_a_piece_that_nobody_handed_over_is_told_to_the_director(
    asking: Office, claude: ClaudeDouble, drain: Drain
) -> None:
    """
    A specialist may find that a piece does not apply: the owner's page then says what to do without it, by the sketch of it.
    """
    mine = {**step("copywriting"), "pieces": ["Words of copywriting", "Dance"]}
    notes = "".join(
        f"## {title}\n\nDance: it does not apply. {'Gnomes sing. ' * 40}\n\n"
        for title in ("Decided", "Assumptions and open facts", "Handover")
    )
    claude.says(Purpose.PLAN, answer(mine))
    claude.says(Purpose.DRAFT, f'# Words\n\n<piece title="Words of copywriting">\nSing.\n</piece>\n\n{notes}')
    claude.says(Purpose.CONCLUSION, FOUND)
    drain(asking, submit(asking, TEXT))

    (asked,) = claude.asked(Purpose.CONCLUSION)
    assert asked.text("missing") == "- the piece “Dance” of copywriting"
    assert "## Dance\n\nSing." in asked.text("sketch")


def test_what_is_over_the_room_of_the_page_is_said_later(asking: Office, concluded: Goal) -> None:
    """
    In the words the form gives a field, in order; the first of each is there however long it is, and nothing is cut.
    """
    steps = [f"{n} {'step ' * 45}" for n in range(4)]
    long = "decide " * 70
    found = Conclusion.model_validate(
        {
            **json.loads(FOUND),
            "next_steps": steps,
            "decisions": [long, "Paint?"],
            "noticed": ["Gnomes leave in May: ask them then. " * 12] * 2,
            "assumptions": ["Gnomes read. " * 25] * 2,
        }
    )
    with asking.store.read() as tx:
        report = reports.report(asking, tx, concluded, found)

    assert (WORDS["next_steps"], sum(WORDS.values())) == (140, 450)
    assert section(report, "What to do now").splitlines() == [f"{n}. {s.strip()}" for n, s in enumerate(steps[:3], 1)]
    assert section(report, "What to decide").splitlines()[0] == f"- {long.strip()}"
    assert section(report, "What we noticed") == f"- {('Gnomes leave in May: ask them then. ' * 12).strip()}"
    assert section(report, "What is assumed") == f"- {('Gnomes read. ' * 25).strip()}"
    assert section(report, "Later").splitlines() == [
        f"- {steps[3].strip()}",
        "- To decide: Paint?",
        f"- Noticed: {('Gnomes leave in May: ask them then. ' * 12).strip()}",
        f"- Assumed: {('Gnomes read. ' * 25).strip()}",
    ]
    assert "## Later" not in report_of(asking, concluded)


@pytest.mark.usefixtures("linked_only")
def test_every_link_of_the_report_leads_to_its_deliverable(asking: Office, concluded: Goal) -> None:
    """
    Relative to the report's own folder there is a file, and it holds the approved text.
    """
    lines = section(report_of(asking, concluded), "What was written").splitlines()
    folder = asking.settings.workspace_dir / "reports"

    with asking.store.read() as tx:
        for task, line in zip(tx.tasks.of_goal(concluded.id), lines, strict=True):
            (piece,) = take_apart(tx.text(tx.drafts.get(task.deliverable or 0).text_hash)).pieces
            files = [(folder / link).read_text(encoding="utf-8") for link in re.findall(r"\]\(([^)]+)\)", line)]
            assert files[0].strip() == piece.text
            assert files[-1].startswith("---\n")
            assert line.endswith(f"; [why it is so](../{notes_path(task)})")


@pytest.mark.usefixtures("linked_only")
def test_the_reasons_of_several_pieces_stand_behind_all_of_them(
    asking: Office, claude: ClaudeDouble, drain: Drain
) -> None:
    """
    On the line of the last they would be taken for its own.
    """

    def draft(asked: Asked) -> str:
        return drafting.draft(asked).replace("</piece>", '</piece>\n\n<piece title="Hat">\nA hat.\n</piece>', 1)

    claude.says(Purpose.DRAFT, draft)
    claude.says(Purpose.CONCLUSION, FOUND)
    goal = drain(asking, submit(asking, TEXT, pipeline="Social Week"))

    *pieces, reasons = section(report_of(asking, goal), "What was written").splitlines()
    assert ["why" in line for line in pieces] == [False, False]
    assert reasons == "- Behind these 2: [why they are so](../outputs/g1/notes/01-social-content.md)"


def test_the_costs_of_the_report_add_up(asking: Office, concluded: Goal) -> None:
    """
    The calls of the ledger, each once; their sum is what the goal's account and the month's say was spent.
    """
    costs = section(report_of(asking, concluded), "What it cost")
    with asking.store.read() as tx:
        calls = tx.calls.of_goal(concluded.id)
        goal_account = tx.accounts.get(f"goal {concluded.id}", rehearsal=False)
        month_account = tx.accounts.get("month default 2026-11", rehearsal=False)
    spent = sum(call.cost_nano for call in calls)

    assert spent > 0
    assert goal_account is not None
    assert month_account is not None
    assert (goal_account.spent_nano, goal_account.reserved_nano) == (spent, 0)
    assert (month_account.spent_nano, month_account.reserved_nano) == (spent, 0)
    total, cached, expected = re.findall(r"\S.*?\.(?= [0-9B]|$)", costs)
    assert total == f"{len(calls)} calls, {plain_usd(spent)} of your {plain_usd(concluded.cap_nano)}."
    read = sum(call.cache_read_tokens for call in calls) / sum(usage_of(call).prompt for call in calls)
    without_cache = plain_usd(spent + asking.prices.saved(calls))
    assert cached == f"{read:.0%} of what was read came from the cache; without it, it would be {without_cache}."
    low, likely, high = (plain_usd(concluded.forecast[f"{which}_nano"]) for which in ("low", "likely", "high"))
    assert expected == f"Before it was begun, {likely} was expected, between {low} and {high}."


def test_what_to_do_and_what_to_decide_are_the_directors_words(asking: Office, concluded: Goal) -> None:
    """
    Steps in their order; decisions and contradictions for a person; what the work falls with, what would show it worked.
    """
    report = report_of(asking, concluded)

    assert section(report, "What to do now").splitlines() == ["1. Send the first gnome.", "2. Publish the page."]
    assert section(report, "What to decide").splitlines() == [
        "- The gnome-keeper decides the price by Friday.",
        "- Contradiction: The page says 12 EUR, the strategy 14 EUR.",
    ]
    assert section(report, "What is assumed") == "- Gnomes can read."
    assert section(report, "How the effect is seen") == "Count the gnomes from Tuesday to Friday."


def test_a_step_links_the_piece_it_is_done_with(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    By the piece's title, the longer one where a title holds another; once in a step.
    """

    def steps(asked: Asked) -> str:
        (title,) = [piece.title for given in asked.all("input") for piece in take_apart(given.text).pieces]
        return json.dumps({**json.loads(FOUND), "next_steps": [f"Send {title}, and {title} again.", "Rest."]})

    claude.says(Purpose.CONCLUSION, steps)
    goal = drain(asking, submit(asking, TEXT, pipeline="Social Week"))
    done, rest = section(report_of(asking, goal), "What to do now").splitlines()
    (title, link), *more = re.findall(r"\[([^\]]+)\]\(([^)]+)\)", done)

    assert more == []
    assert done == f"1. Send [{title}]({link}), and {title} again."
    assert (asking.settings.workspace_dir / "reports" / link).is_file()
    assert rest == "2. Rest."


def test_of_two_titles_the_longer_is_linked_where_one_holds_the_other(
    asking: Office, claude: ClaudeDouble, pipeline: Callable[..., str], drain: Drain
) -> None:
    """
    "Letter to gnomes" is no link to the piece "Letter" with words behind it.
    """
    written = "".join(f'<piece title="{title}">\nDear gnome.\n</piece>\n\n' for title in ("Letter", "Letter to gnomes"))
    notes = "## Decided\n\n{0}\n\n## Assumptions and open facts\n\n{0}\n\n## Handover\n\n{0}\n".format(
        "Gnomes sing. " * 40
    )
    claude.says(Purpose.DRAFT, f"# Letters\n\n{written}{notes}")
    claude.says(Purpose.CONCLUSION, json.dumps({**json.loads(FOUND), "next_steps": ["Send Letter to gnomes."]}))
    goal = drain(asking, submit(asking, TEXT, pipeline=pipeline("email-sequence")))
    step = section(report_of(asking, goal), "What to do now")

    assert re.fullmatch(r"1\. Send \[Letter to gnomes\]\(\S+letter-to-gnomes\.md\)\.", step)


def test_what_a_rehearsal_finds_is_not_named(office: Office, drain: Drain) -> None:
    """
    Nobody found it: its reviews say that a shape was checked.
    """
    goal = drain(office, submit(office, TEXT, pipeline="Social Week"))
    found = {"severity": "major", "where": "Post", "what": "It is vague.", "change": "Say it plainly."}
    with office.store.write() as tx:
        [task] = tx.tasks.of_goal(goal.id)
        draft = tx.drafts.get(task.deliverable or 0)
        tx.reviews.add(draft, by=REVIEWER, verdict="approve", score=8.0, document={"findings": [found]})
    with office.store.read() as tx:
        assert len(not_mended(tx, task)) > 0
        written = reports.report(office, tx, goal, Conclusion.model_validate(goal.summary))
    assert "What was found and not mended" not in written


def test_a_conclusion_from_before_makes_a_report(asking: Office, concluded: Goal) -> None:
    """
    One that was stored before there were decisions, assumptions and effects has none; its report has no such sections.
    """
    before = Conclusion.model_validate({"summary": "Gnomes.", "contradictions": [], "next_steps": ["Rest."]})
    with asking.store.read() as tx:
        written = reports.report(asking, tx, concluded, before)

    assert "## What is assumed" not in written
    assert "## How the effect is seen" not in written
    assert section(written, "What to do now") == "1. Rest."


def test_a_rehearsed_report_says_so(office: Office, drain: Drain) -> None:
    """
    Nobody takes a rehearsal for work.
    """
    goal = drain(office, submit(office, TEXT, pipeline="Social Week"))

    report = report_of(office, goal)
    assert "> Rehearsal: written by the built-in model, not by Claude." in report


def test_a_report_that_is_partly_rehearsed_says_so(asking: Office, concluded: Goal) -> None:
    """
    What Claude wrote and was paid for is not called rehearsed.
    """
    with asking.store.write() as tx:
        for_plan = tx.calls.of_goal(concluded.id)[0]
        same = ("brand", "goal", "task", "turn", "epoch", "key", "purpose", "model", "month", "due_at")
        call = tx.calls.add(**{name: getattr(for_plan, name) for name in same}, rehearsal=True, reserved_nano=NANO)
        tx.calls.settle(call, CallState.DUPLICATE, cost_nano=NANO)
    with asking.store.read() as tx:
        written = reports.report(asking, tx, concluded, Conclusion.model_validate(json.loads(FOUND)))

    assert "> Partly a rehearsal: 1 of " in written
    assert " 1 call rehearsed, which would have cost $1.00 more." in section(written, "What it cost")


def test_a_conclusion_that_cannot_be_read_is_asked_for_again(
    asking: Office, claude: ClaudeDouble, drain: Drain, clock: SetClock
) -> None:
    """
    Nonsense is paid, kept and not taken; the next try is another call.
    """
    claude.says(Purpose.CONCLUSION, "All is well.", FOUND)
    goal = drain(asking, submit(asking, TEXT, pipeline="Social Week"))
    assert goal.state is GoalState.CONCLUDING
    clock.forward(timedelta(minutes=1))
    goal = drain(asking, goal)

    assert goal.state is GoalState.COMPLETED
    assert goal.summary == json.loads(FOUND)
    with asking.store.read() as tx:
        calls = [call for call in tx.calls.of_goal(goal.id) if call.purpose == "conclude"]
    assert [call.state for call in calls] == [CallState.ANSWERED, CallState.ANSWERED]


def test_a_conclusion_that_never_can_be_read_is_for_a_person(
    asking: Office, claude: ClaudeDouble, drain: Drain, clock: SetClock
) -> None:
    """
    After three tries a person is asked; the deliverables are there, and saying yes tries again.
    """
    claude.says(Purpose.CONCLUSION, *["All is well."] * 3, FOUND)
    goal = submit(asking, TEXT, pipeline="Social Week")
    for _ in range(4):
        goal = drain(asking, goal)
        clock.forward(timedelta(minutes=1))
    assert (goal.state, goal.wait_for) == (GoalState.WAITING, WaitFor.PERSON)
    with asking.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    assert question.kind == "failure"
    approvals.answer(asking, question.id, Answer.APPROVE)
    goal = drain(asking, goal)

    assert goal.state is GoalState.COMPLETED
    assert len(claude.asked(Purpose.CONCLUSION)) == 4


def test_what_was_taken_below_the_mark_is_listed(
    asking: Office, claude: ClaudeDouble, drain: Drain, clock: SetClock
) -> None:
    """
    A draft a person took although its score was low is named in the report, with its score.
    """
    scores = dict.fromkeys(DIMENSIONS, 3)
    claude.says(Purpose.REVIEW, json.dumps({"scores": scores, "findings": [], "summary": "Poor gnomes."}))
    claude.says(Purpose.CONCLUSION, FOUND)
    goal = drain(asking, submit(asking, TEXT, pipeline="Social Week"))
    with asking.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    approvals.answer(asking, question.id, Answer.APPROVE)
    goal = drain(asking, goal)

    assert goal.state is GoalState.COMPLETED
    taken = r"(?m)^- \[[^\]]+\]\(\.\./outputs/g1/01-\S+\): taken with a score of 3\.0 of 10; look at it before it is used\.$"
    assert re.search(taken, section(report_of(asking, goal), "What to decide"))


def test_what_a_reviewer_found_and_nobody_mended_is_named(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    A draft can be good enough with a fault: its owner is told of it. What is minor is for its author.
    """
    found = [
        {"severity": weight, "where": "Letter", "what": f"A {weight} gnome.", "change": "Paint it."}
        for weight in ("suggestion", "minor", "major")
    ]
    review = {"scores": dict.fromkeys(DIMENSIONS, 8), "findings": found, "summary": "Good gnomes."}
    claude.says(Purpose.REVIEW, json.dumps(review))
    claude.says(Purpose.CONCLUSION, FOUND)
    goal = drain(asking, submit(asking, TEXT, pipeline="Social Week"))

    assert section(report_of(asking, goal), "What was found and not mended") == (
        "- Letter: A major gnome. Change: Paint it."
    )


def test_a_call_that_may_have_been_paid_for_nothing_is_named(
    asking: Office, claude: ClaudeDouble, drain: Drain, clock: SetClock
) -> None:
    """
    A connection that broke after the request left counts at its worst case, and the report says so.
    """
    claude.says(Purpose.DRAFT, Reply(0, {}, b"", fault=Trouble.RESET))
    claude.says(Purpose.CONCLUSION, FOUND)
    goal = drain(asking, submit(asking, TEXT, pipeline="Social Week"))
    clock.forward(timedelta(minutes=1))
    goal = drain(asking, goal)

    with asking.store.read() as tx:
        (lost,) = [call for call in tx.calls.of_goal(goal.id) if call.state is CallState.LOST]
    costs = section(report_of(asking, goal), "What it cost")
    assert "1 of the calls may have been paid without an answer" in costs
    assert usd(lost.cost_nano) in costs
    assert f"{plain_usd(spent_on(asking, goal))} of your " in costs


def test_an_answer_that_was_bought_a_second_time_is_named(asking: Office, claude: ClaudeDouble, drain: Drain) -> None:
    """
    Nobody could know that the process that bought it first was not dead; the report says that it happened, and what it cost.
    """

    def meanwhile(_asked: Asked) -> str:
        with asking.store.write() as tx:
            (bought,) = [call for call in tx.calls.of_goal(goal.id) if call.purpose == "draft"]
            same = ("brand", "goal", "task", "turn", "epoch", "key", "purpose", "model", "rehearsal", "month", "due_at")
            again = tx.calls.add(**{name: getattr(bought, name) for name in same}, reserved_nano=NANO)
            tx.calls.settle(again, CallState.DUPLICATE, cost_nano=NANO // 8)
        return FOUND

    claude.says(Purpose.CONCLUSION, meanwhile)
    goal = submit(asking, TEXT, pipeline="Social Week")
    costs = section(report_of(asking, drain(asking, goal)), "What it cost")

    assert "1 of the calls bought an answer a second time" in costs
    assert f"that cost {usd(NANO // 8)}." in costs


def test_a_report_that_cannot_be_written_does_not_fail_the_goal(
    asking: Office, claude: ClaudeDouble, drain: Drain
) -> None:
    """
    The record is the truth: with a file where the folder should be, the goal completes and its summary is kept.
    """
    claude.says(Purpose.CONCLUSION, FOUND)
    folder: Path = asking.settings.workspace_dir / "reports"
    goal = submit(asking, TEXT, pipeline="Social Week")
    folder.write_text("a file")
    goal = drain(asking, goal)

    assert goal.state is GoalState.COMPLETED
    assert goal.summary == json.loads(FOUND)
