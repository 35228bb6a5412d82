"""What the pieces state and no source vouches for is told to the reviewer, to whoever builds on it, and to the owner."""

import json
from collections.abc import Callable

import pytest

from director.claude.rehearsal import drafting
from director.claude.rehearsal.asked import Asked, Purpose
from director.goals.submit import submit
from director.office import Office
from director.progress.facts import deliverable_of, sources_for
from director.progress.open_facts import as_source, invented, listed, open_facts, sources_of, to_check
from director.words.models import Goal
from director.words.states import GoalState
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]
AReview = Callable[..., str]

CONTEXT = "# Gnome Works\n\nA gnome costs £14. In October 2026 we sold 212 gnomes to 31 shops."
INVENTED = "Gnomes are sold in 4,310 shops."
DRAFT = """# Gnomes

<piece title="Poster">
A gnome costs £14. {invented}
</piece>

## Decided

The notes say 77 % of gnomes sing.
"""


def test_a_piece_is_compared_with_its_sources() -> None:
    """
    What stands there is no line; what does not is one, with the piece and the sentence. Notes are for colleagues.
    """
    sources = sources_of(context=CONTEXT, goal="Sell gnomes")

    assert open_facts(DRAFT.format(invented=""), sources) == ()
    assert open_facts(DRAFT.format(invented=INVENTED), sources) == (
        "“4,310” in “Poster”: “Gnomes are sold in 4,310 shops.”",
    )


def test_a_document_without_pieces_is_looked_at_whole() -> None:
    """
    As a product context is, or a report.
    """
    (line,) = open_facts(f"# Gnomes\n\n{INVENTED}", sources_of(context=CONTEXT, goal="Sell gnomes"))

    assert line == "“4,310” in “Gnomes”: “Gnomes are sold in 4,310 shops.”"


@pytest.mark.parametrize("goal", ["Sell gnomes in all 4,310 shops", "Sell gnomes"])
def test_the_owner_s_words_vouch_for_a_fact(goal: str) -> None:
    """
    What the goal says, its writers may use.
    """
    found = open_facts(DRAFT.format(invented=INVENTED), sources_of(context=CONTEXT, goal=goal))

    assert bool(found) is ("4,310" not in goal)


def test_a_long_list_is_cut_and_says_so() -> None:
    """
    The first of them, and how many more there are; cut or not, a line each.
    """
    assert listed(["a", "b", "c"], most=2) == ("- a", "- b", "- and 1 more")
    assert listed(["a", "b"], most=2) == ("- a", "- b")
    assert listed([]) == ()


def test_the_page_counts_all_that_it_leaves_out(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: AReview
) -> None:
    """
    More than one list has room for, in one piece.
    """
    many = "\n\n".join(f"We sold gnomes to {number} shops." for number in range(4_311, 4_336))

    def draft(asked: Asked) -> str:
        return drafting.draft(asked).replace('">\n', f'">\n{many}\n\n', 1)

    claude.says(Purpose.DRAFT, draft)
    claude.always(Purpose.REVIEW, a_review(8))

    goal = drain(asking, submit(asking, "Sell gnomes", pipeline="Outreach Campaign", context=None))

    report = (asking.settings.workspace_dir / "reports" / f"{goal.id}.md").read_text("utf-8")
    checked = report.partition("## What to check\n")[2].partition("\n## ")[0]
    assert checked.count("\n- “") == 5
    assert int(checked.rpartition("- and ")[2].split()[0]) >= 17


def test_only_what_harms_is_listed_where_only_that_is_asked_for() -> None:
    """
    A day to send is the team's own plan as often as not; a price never is.
    """
    text = "# Gnomes\n\nWe were founded on 3 May 1987. A gnome costs £99."
    sources = sources_of(context=CONTEXT, goal="Sell gnomes")

    assert len(open_facts(text, sources)) == 2
    (line,) = to_check([(text, sources)])
    assert "£99" in line


def test_a_number_that_counts_nothing_is_not_the_owners_to_check() -> None:
    """
    A day of the month in a plan, or what was counted a sentence before; a number of something is a claim.
    """
    text = "# Gnomes\n\n| 18 Jan | Tue 19: the fair |\n|---|---|\n\nStrike out of the 96: who has stopped. We have 4,310 shops."
    sources = sources_of(context=CONTEXT, goal="Sell gnomes")
    (line,) = to_check([(text, sources)])

    assert line.startswith("“4,310")


def test_a_fact_is_to_be_checked_once_however_often_it_is_said() -> None:
    """
    In another piece, another deliverable, in words instead of figures; who writes or reviews a piece is told of each place.
    """
    sources = sources_of(context=CONTEXT, goal="Sell gnomes")
    page = DRAFT.format(invented='A hat is £9.\n</piece>\n\n<piece title="Script">\nSay: a hat is nine pounds.')
    letter = DRAFT.format(invented="A hat is £9, a shoe £8.")

    assert [line[:4] for line in to_check([(page, sources), (letter, sources)])] == ["“£9”", "“£8”"]
    assert len(open_facts(page, sources)) == 2


def test_what_an_edit_brings_in_is_told_from_what_was_there() -> None:
    """
    A fact that is in the text before is no invention of the edit's, nor is one the sources have, or a deliverable it builds on.
    """
    sources = sources_of(context=CONTEXT, goal="Sell gnomes")

    assert invented("Old: £99.", "New: £99, £14.", sources) is None
    assert invented("Old: £99.", "New: £98.", sources) == "£98"
    assert invented("Old: £99.", "New: £98.", (*sources, as_source("pricing", "It is £98."))) is None
    noted = DRAFT.format(invented="A gnome sings.")
    assert invented(noted, noted.replace("A gnome sings", "Of our gnomes 77 % sing"), sources) is None


def test_an_invention_in_approved_work_is_open_for_those_who_build_on_it(
    asking: Office, claude: ClaudeDouble, drain: Drain, a_review: AReview
) -> None:
    """
    Its reviewer is shown it, and takes it all the same; the next task's writer and its reviewer are told that it is open, and
    that only the input says so; the Director too; and the owner's page names it, with its piece linked.
    """
    said = iter((INVENTED, "", ""))

    def draft(asked: Asked) -> str:
        return drafting.draft(asked).replace('">\n', f'">\n{next(said, "")}\n\n', 1)

    claude.always(Purpose.DRAFT, draft)
    claude.always(Purpose.REVIEW, a_review(8))
    claude.always(
        Purpose.CONCLUSION, json.dumps({"summary": "Gnomes.", "contradictions": [], "next_steps": ["Send the gnome."]})
    )

    goal = drain(asking, submit(asking, "Sell gnomes", pipeline="Outreach Campaign", context=None))

    assert goal.state is GoalState.COMPLETED, goal.reason
    line = "“4,310”"
    first, *_ = claude.asked(Purpose.REVIEW)
    assert line in first.text("open_facts")
    _, second, *_ = claude.asked(Purpose.DRAFT)
    assert any(line in fence.text for fence in second.all("open_facts"))
    (conclusion,) = claude.asked(Purpose.CONCLUSION)
    assert any(line in fence.text for fence in conclusion.all("open_facts"))
    report = (asking.settings.workspace_dir / "reports" / f"{goal.id}.md").read_text("utf-8")
    checked = report.partition("## What to check\n")[2].partition("\n## ")[0]
    assert line in checked
    assert "](../outputs/g1/" in checked


def test_a_rehearsal_gives_its_owner_nothing_to_check(
    office: Office, drain: Drain, pipeline: Callable[..., str]
) -> None:
    """
    What it states is its skill's method ("At most 15 findings"), and nobody claims it.
    """
    goal = drain(office, submit(office, "Sell gnomes", pipeline=pipeline("seo-audit")))

    with office.store.read() as tx:
        task = tx.tasks.get(f"{goal.id}-1")
        stated = open_facts(deliverable_of(tx, task) or "", sources_for(office, tx, goal, task))
    assert stated != ()
    assert "What to check" not in (office.settings.workspace_dir / "reports" / f"{goal.id}.md").read_text("utf-8")


def test_the_days_a_plan_set_are_not_open() -> None:
    """
    They are the team's to set; its numbers and prices vouch for nothing.
    """
    text = '# Gnomes\n\n<piece title="Poster">\nCome by Friday 4 December for ten minutes. A hat costs £9.\n</piece>\n'
    plan = "Poster up on Friday 4 December, ten minutes a shop; a hat at £9."
    without, with_plan = (
        open_facts(text, sources_of(context=CONTEXT, goal="Sell gnomes", plan=said)) for said in ("", plan)
    )

    assert [line.partition(" in ")[0] for line in without] == ["“Friday 4 December”", "“ten minutes”", "“£9”"]
    assert [line.partition(" in ")[0] for line in with_plan] == ["“£9”"]
