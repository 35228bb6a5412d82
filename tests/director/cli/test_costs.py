"""`costs` as a person reads it and as a program does: the same figures, paid and rehearsed apart, what is uncertain marked."""

import csv
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from director.calls import caps
from director.goals.submit import submit
from director.office import Office
from director.store.ledger import By
from director.words.amounts import NANO, usd
from director.words.models import Call, Goal
from tests.director.cli.conftest import Said
from tests.director.conftest import add_call

Drain = Callable[[Office, Goal], Goal]
Say = Callable[..., Said]


@pytest.fixture
def rehearsed(office: Office, drain: Drain) -> Goal:
    """A goal that was rehearsed to its end."""
    return drain(office, submit(office, "Sell singing gnomes", plan_by="template"))


def call_of(office: Office, text: str, **said: Any) -> Call:
    """A call of a goal of its own."""
    with office.store.write() as tx:
        return add_call(tx, text=text, **said)


def test_before_anything_was_paid_that_is_said(say: Say) -> None:
    """No empty table."""
    assert say("costs") == Said(0, "No call was made yet.\n", "")


@pytest.mark.parametrize("by", By)
def test_every_table_ends_with_the_same_total(office: Office, rehearsed: Goal, say: Say, by: By) -> None:
    """What the goal's account has spent; the columns add up to it."""
    with office.store.read() as tx:
        spent = tx.accounts.get(caps.goal_scope(rehearsed.id), rehearsal=True).spent_nano
        calls = len(tx.calls.of_goal(rehearsed.id))
    said = say("costs", "--by", by)
    document = json.loads(say("costs", "--by", by, "--json").out)

    assert said.out.startswith(f"Rehearsed, nothing is paid: what it would have cost, by {by}")
    assert re.search(rf"(?m)^total +{calls} .* {re.escape(usd(spent))}$", said.out)
    side = document["rehearsed"]
    assert (document["paid"], spent, calls) == (None, side["total"]["cost_nano"], side["total"]["calls"])
    for figure in ("cost_nano", "calls", "input_tokens", "output_tokens", "cache_write_tokens", "cache_read_tokens"):
        assert side["total"][figure] == sum(row[figure] for row in side["rows"])


def test_paid_and_rehearsed_stand_in_tables_of_their_own(office: Office, say: Say) -> None:
    """Each with its total; there is none of both."""
    call_of(office, "Paid", cost_nano=2 * NANO)
    call_of(office, "Rehearsed", cost_nano=3 * NANO, rehearsal=True)
    lines = say("costs").out.splitlines()

    assert [line for line in lines if line.startswith(("Paid", "Rehearsed"))] == [
        "Paid, by goal",
        "Rehearsed, nothing is paid: what it would have cost, by goal",
    ]
    assert [line.split()[-1] for line in lines if line.startswith("total")] == ["$2.00", "$3.00"]
    assert "$5.00" not in "\n".join(lines)


def test_what_is_unknown_is_in_the_cost_and_marked(office: Office, say: Say) -> None:
    """In the row, in the total and in words; listed with why, and gone once it was entered."""
    lost = call_of(office, "Sell", worst_nano=4 * NANO)
    call_of(office, "Buy", worst_nano=NANO, cost_nano=NANO)
    out = say("costs").out

    assert re.search(r"(?m)^g1 +Sell .* \$4\.00 +\$4\.00$", out)
    assert re.search(r"(?m)^total .* \$5\.00 +\$4\.00$", out)
    assert "Unknown: 1 call may have been paid without an answer, in the cost at worst: $4.00" in out
    unknown = say("costs", "--unknown").out
    assert re.search(rf"(?m)^ +{lost.id} +2026-11-22 09:00 +g1 +plan +\$4\.00 +no answer came in time$", unknown)

    entered = say("costs", "enter", str(lost.id), "1.50")
    assert "Call 1 (plan of g1) is counted at $1.50, and was at $4.00.\n" in entered.out
    assert say("costs", "--unknown").out == "Of every call it is known what it cost.\n"
    assert re.search(r"(?m)^total .* \$2\.50$", say("costs").out)
    assert "is counted at $2.00, and was at $1.50" in say("costs", "enter", f"call {lost.id}", "2").out


def test_more_than_the_worst_case_is_taken_and_said(office: Office, say: Say) -> None:
    """What is paid is paid, whatever we thought it could cost."""
    lost = call_of(office, "Sell", worst_nano=NANO)

    assert "That is more than its worst case" in say("costs", "enter", f"c{lost.id}", "3").out


@pytest.mark.parametrize(
    "words",
    [("--by", "gnome"), ("--month", "November"), ("--month", "2026-13"), ("--goal", "g9"), ("--json", "--csv"),
     ("enter", "gnome", "1"), ("enter", "1", "much"), ("enter", "9", "1")],
    ids=" ".join,
)  # fmt: skip
def test_what_cannot_be_asked_is_a_sentence(office: Office, say: Say, words: tuple[str, ...]) -> None:
    """Exit code 2, and nothing on standard output."""
    call_of(office, "Sell", cost_nano=1)
    said = say("costs", *words)

    assert (2, "") == (said.code, said.out)
    assert said.err.count("\n") == 1


def test_a_month_or_a_goal_alone_is_that_part(office: Office, say: Say) -> None:
    """The header says which."""
    call_of(office, "Sell", cost_nano=NANO)
    call_of(office, "Buy", cost_nano=2 * NANO)

    assert (
        "Paid, by purpose of g2, 2026-11\n" in say("costs", "--by", "purpose", "--goal", "g2", "--month", "2026-11").out
    )
    assert say("costs", "--month", "2026-10").out == "No call was made yet, 2026-10.\n"


def test_csv_is_exact_and_no_formula_is_in_it(office: Office, say: Say) -> None:
    """Amounts to the nano-dollar; a goal's words are anybody's, and a spreadsheet may obey them."""
    call_of(office, '=HYPERLINK("x")\nand, more', cost_nano=1_000_000_001)
    rows = list(csv.DictReader(io.StringIO(say("costs", "--csv").out)))

    assert ["paid"] == [row["kind"] for row in rows]
    assert Decimal("1.000000001") == Decimal(rows[0]["cost_usd"])
    assert rows[0]["name"] == '\'=HYPERLINK("x") and, more'


def test_a_chart_has_a_bar_a_row(office: Office, say: Say, tmp_path: Path) -> None:
    """As well-formed SVG, whatever the goals are called; the dearest has the longest bar."""
    call_of(office, "Sell <gnomes> & \x1b trolls", cost_nano=NANO)
    call_of(office, "Buy", cost_nano=4 * NANO)
    file = tmp_path / "costs.svg"
    said = say("costs", "--chart", str(file))
    drawn = ElementTree.parse(file)  # noqa: S314 - our own
    bars = [float(bar.get("width", "0")) for bar in drawn.iter() if bar.get("class") == "paid"]

    assert said.out.endswith(f"As bars: {file}\n")
    assert bars[0] == 4 * bars[1] > 0
    assert any((text.text or "").startswith("g1 Sell <gnomes> & ") for text in drawn.iter())


def test_a_chart_that_cannot_be_written_is_a_sentence(office: Office, say: Say, tmp_path: Path) -> None:
    """Which file, why, and what to do."""
    call_of(office, "Sell", cost_nano=1)
    said = say("costs", "--chart", str(tmp_path / "nowhere" / "costs.svg"))

    assert (2, "") == (said.code, said.out)
    assert re.search(r"costs\.svg cannot be written: .*\. Name another file\.\n$", said.err)


def test_of_many_goals_the_newest_are_shown_and_all_are_counted(office: Office, say: Say) -> None:
    """A record of years is looked at in a moment; `--all` has all, and so has what programs read."""
    for number in range(60):
        call_of(office, f"Sell {number}", cost_nano=NANO)
    out = say("costs").out

    assert [line.split()[0] for line in out.splitlines() if line.startswith("g")][1:51:49] == ["g60", "g11"]
    assert re.search(r"(?m)^total +60 .* \$60\.00$", out)
    assert "The first 50 of 60" in out
    assert len(say("costs", "--all").out.splitlines()) == 63
    assert 60 == len(json.loads(say("costs", "--json").out)["paid"]["rows"])
