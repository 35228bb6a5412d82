"""A goal is given: what is written, what is refused before anything is."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from director.calls.caps import month_scope
from director.catalog import catalog_of
from director.files.context import LARGEST_CONTEXT, read_context
from director.goals.set_caps import set_caps
from director.goals.submit import LONGEST_GOAL, begin, check, check_text, submit, take
from director.office import DIRECTOR, Office
from director.progress.facts import context_of, situation_of
from director.words.amounts import NANO
from director.words.errors import BrokenFile, DirectorError, WorkspaceError, WrongCall
from director.words.settings import Settings
from director.words.states import Category, GoalState, Priority
from tests.conftest import SetClock

GNOMES = "Sell singing gnomes to people without gardens"


def goals(office: Office) -> int:
    with office.store.read() as tx:
        return len(tx.goals.all())


def write_context(settings: Settings, text: str | bytes) -> Path:
    file = settings.workspace_dir / "context" / "product-marketing-context.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_goal_comes_with_the_directors_first_turn(office: Office) -> None:
    """
    The goal and the turn `director: plan` are written together; nothing is planned yet.
    """
    goal = submit(office, GNOMES)

    assert goal.state is GoalState.PLANNING
    assert goal.text == GNOMES
    assert goal.plan is None
    with office.store.read() as tx:
        (turn,) = tx.turns.of_goal(goal.id)
    assert (turn.actor, turn.verb, turn.subject, turn.priority) == (DIRECTOR, "plan", goal.id, goal.priority)


@pytest.mark.parametrize(
    ("text", "wanted", "guessed"),
    [
        ("Sprzedaj śpiewające krasnale", {}, True),
        ("Sprzedaj śpiewające krasnale", {"category": Category.STRATEGIC}, False),
        ("Sprzedaj śpiewające krasnale", {"pipeline": "Social Week"}, False),
        ("Drei Artikel über Zwerge schreiben", {}, False),
        ("Should we raise our prices?", {}, False),
    ],
)
def test_a_category_that_nobody_said_is_known_to_be_a_guess(
    office: Office, text: str, wanted: Any, guessed: bool
) -> None:
    """
    Neither the person nor any word of the goal: it is planned as strategic, and a person at a terminal is told so.
    """
    new = check(office.settings, office.catalog, text, **wanted)

    assert new.guessed is guessed
    assert not guessed or new.category is Category.STRATEGIC


def test_a_new_record_writes_over_no_file_of_an_earlier_one(office: Office) -> None:
    """
    Somebody took the record away and left the files: numbers go on behind the highest that is there.
    """
    root = office.settings.workspace_dir
    for name in ("reports/g2.md", "outputs/creative/copywriting/g7-1.md", "outputs/creative/copywriting/notes.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("Gnomes.\n")

    assert [submit(office, GNOMES).id for _ in range(2)] == ["g8", "g9"]


def test_a_goal_that_says_nothing_more_gets_the_defaults(office: Office) -> None:
    """
    P2, the category its words speak of, a tenth of the month, no question asked.
    """
    goal = submit(office, "Reduce churn among gnome collectors")

    assert goal.priority is Priority.P2
    assert goal.category is Category.RETENTION
    assert goal.cap_nano == 100 * NANO
    assert goal.plan_by == "claude"
    assert not goal.confirm
    assert goal.pipeline is None


@pytest.mark.parametrize("name", ["Product Launch", "product-launch", "product launch"])
def test_a_pipeline_brings_its_priority(office: Office, name: str) -> None:
    """
    A goal that names a pipeline and no priority has the pipeline's, however the name was written.
    """
    goal = submit(office, GNOMES, pipeline=name)

    assert goal.pipeline == "Product Launch"
    assert goal.priority is Priority.P0


def test_a_pipeline_brings_its_category(office: Office) -> None:
    """
    A pipeline that plans the goals of a category says what kind of goal it is.
    """
    assert submit(office, GNOMES, pipeline="Retention Sprint").category is Category.RETENTION


def test_what_a_person_says_goes_first(office: Office) -> None:
    """
    Neither the words nor the pipeline overrule a category or a priority that was given.
    """
    goal = submit(
        office,
        "Reduce churn",
        pipeline="Product Launch",
        category=Category.CONTENT,
        priority=Priority.P3,
        cap_nano=2 * NANO,
    )

    assert (goal.category, goal.priority, goal.cap_nano) == (Category.CONTENT, Priority.P3, 2 * NANO)


@pytest.mark.parametrize("asked", [0, NANO, 1000 * NANO])
def test_a_budget_up_to_the_months_is_taken_as_it_is(office: Office, asked: int) -> None:
    """
    The whole month may be one goal's; 0 stays 0.
    """
    assert submit(office, GNOMES, cap_nano=asked).cap_nano == asked


def test_a_budget_over_the_month_is_refused(office: Office) -> None:
    """
    Never lowered in silence: the sentence has both amounts, and nothing is written.
    """
    with pytest.raises(WrongCall) as refused:
        submit(office, GNOMES, cap_nano=5000 * NANO)

    assert str(refused.value).startswith(
        "A budget of $5000.00 is more than a month may cost ($1000.00): name less, or let a month cost more ("
    )
    assert "budget set USD`" in str(refused.value)
    assert goals(office) == 0


@pytest.mark.parametrize(("month", "asked"), [(2000, 1500), (40, 40)])
def test_the_month_a_person_set_decides_whatever_the_settings_say(office: Office, month: int, asked: int) -> None:
    """
    Above it or below: a budget inside it is taken as it is, and one above it is refused with the figure that `budget` shows.
    """
    set_caps(office, monthly_nano=month * NANO, daily_nano=None)

    assert submit(office, GNOMES, cap_nano=asked * NANO).cap_nano == asked * NANO
    with pytest.raises(WrongCall, match=rf"more than a month may cost \(\${month}\.00\)"):
        submit(office, GNOMES, cap_nano=month * NANO + 1)
    assert goals(office) == 1


def test_what_a_person_added_to_a_month_is_its_goals_too(office: Office, clock: SetClock) -> None:
    """
    A yes to "let the month cost more" is of that month and of that kind, paid or rehearsed; the next month has it no longer.
    """
    with office.store.write() as tx:
        tx.accounts.allow(month_scope(office.brand, f"{tx.now:%Y-%m}"), 500 * NANO, rehearsal=True)

    assert submit(office, GNOMES, cap_nano=1500 * NANO).cap_nano == 1500 * NANO
    with pytest.raises(WrongCall, match=r"\(\$1000\.00\)"), office.store.write() as tx:
        begin(tx, office, check(office.settings, office.catalog, GNOMES, cap_nano=1500 * NANO), rehearsal=False)
    clock.now += timedelta(days=31)
    with pytest.raises(WrongCall, match=r"\(\$1000\.00\)"):
        submit(office, GNOMES, cap_nano=1500 * NANO)


def test_a_budget_no_month_allows_begins_no_record(tmp_path: Path) -> None:
    """
    Where there is none, nobody can have set another month: the goal is refused before a workspace is made for it.
    """
    settings = Settings(workspace_dir=tmp_path / "fresh")

    with pytest.raises(WrongCall, match=r"\(\$1000\.00\)"):
        check(settings, catalog_of(settings), GNOMES, cap_nano=1001 * NANO)
    assert not settings.workspace_dir.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n\t ",
        "x" * (LONGEST_GOAL + 1),
        "bell \x07",
        "escape \x1b[31m",
        "nul \x00",
        "lone \ud800",
        "own \ue000",
        "never \ufffe",
        "\u200b",
        "\ufeff\u2060\u00ad",
        "\u0301\ufe0f",
        "\u3164 \u2800",
        "\U000e0041",
    ],
    ids=[
        "empty",
        "blank",
        "long",
        "bell",
        "escape",
        "nul",
        "surrogate",
        "private",
        "no character",
        "no width",
        "nothing seen",
        "marks",
        "fillers",
        "a tag",
    ],
)
def test_a_goal_that_is_no_text_is_refused(office: Office, text: str) -> None:
    """
    One sentence says what is wrong, and nothing is written.
    """
    with pytest.raises(WrongCall) as refused:
        submit(office, text)

    assert refused.value.exit_code == 2
    assert str(refused.value).startswith("The goal ")
    assert str(refused.value).isprintable()
    assert goals(office) == 0


@given(st.text(max_size=200))
def test_a_text_is_kept_or_refused_and_nothing_between(text: str) -> None:
    """
    Whatever is typed is kept composed and trimmed, with line feeds, the same when it is given again, or refused with a
    sentence.
    """
    try:
        kept = check_text(text)
    except WrongCall:
        return
    assert kept == re.sub("\r\n|[\v\f\r\x85]", "\n", unicodedata.normalize("NFC", text)).strip()
    assert check_text(kept) == kept


def test_lines_and_all_languages_are_kept(office: Office) -> None:
    """
    A goal may have several lines, accents, other scripts and emoji.
    """
    text = "Mehr Zwerge für Österreich\n- 売上を伸ばす\n\t- 🧙 one gnome a garden"

    assert submit(office, text).text == text
    assert submit(office, "Caf\u0065\u0301").text == "Caf\u00e9"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Sell \U0001fae8", "Sell \U0001fae8"),
        ("\u0378", "\u0378"),
        ("Sell\r\ngnomes\rand\x85dwarfs\r\n", "Sell\ngnomes\nand\ndwarfs"),
        ("\u200bSell", "\u200bSell"),
        ("?", "?"),
    ],
    ids=["a new emoji", "none yet", "other ends of lines", "no width", "a sign"],
)
def test_what_can_be_read_is_kept(text: str, kept: str) -> None:
    """
    Whichever characters this interpreter knows, and whichever machine the lines were written on.
    """
    assert check_text(text) == kept


def test_an_unknown_pipeline_is_refused_with_the_nearest(office: Office) -> None:
    """
    A typing mistake is answered with the name that was probably meant.
    """
    with pytest.raises(WrongCall, match="Conversion Sprint"):
        submit(office, GNOMES, pipeline="Conversion Spirit")

    assert goals(office) == 0


def test_the_context_is_read_when_the_goal_is_given(office: Office) -> None:
    """
    Editing the file changes later goals, never a running one.
    """
    file = write_context(office.settings, "# Gnomeland\r\n\r\nWe sell gnomes.\r\n")
    first = submit(office, GNOMES)
    file.write_text("# Gnomeland\n\nWe sell flamingos.\n")
    second = submit(office, GNOMES)

    with office.store.read() as tx:
        assert context_of(tx, first) == "# Gnomeland\n\nWe sell gnomes.\n"
        assert context_of(tx, second) == "# Gnomeland\n\nWe sell flamingos.\n"


def test_a_named_context_goes_before_the_workspaces(office: Office, tmp_path: Path) -> None:
    """
    The file a person names is used instead of the workspace's own.
    """
    write_context(office.settings, "the workspace's")
    named = tmp_path / "other.md"
    named.write_bytes(b"\xef\xbb\xbfanother brand's")

    other, own = submit(office, GNOMES, context=named), submit(office, GNOMES)

    with office.store.read() as tx:
        assert context_of(tx, other) == "another brand's\n"
        assert context_of(tx, own) == "the workspace's\n"


def test_without_a_context_there_is_none(office: Office) -> None:
    """
    A fresh workspace has no context, and a goal can be given all the same.
    """
    assert submit(office, GNOMES).context_hash is None


@pytest.mark.parametrize(
    "content",
    [b"", b" \n", "\u200b\n\u2060".encode(), b"\xff\xfe\x00", b"text\x00more", b"x" * (LARGEST_CONTEXT + 1)],
    ids=["empty", "blank", "nothing to see", "bytes", "nul", "large"],
)
def test_a_context_that_cannot_be_used_stops_the_goal(office: Office, content: bytes) -> None:
    """
    A broken context is named before anything is written or spent, rather than left out quietly.
    """
    file = write_context(office.settings, content)

    with pytest.raises(WrongCall) as refused:
        submit(office, GNOMES)

    assert str(file) in str(refused.value)
    assert goals(office) == 0


def test_a_named_context_that_is_not_there_is_refused(office: Office, tmp_path: Path) -> None:
    """
    A mistyped file name is no reason to go on without a context; nor is a folder a context.
    """
    for named, said in ((tmp_path / "nowhere.md", "There is no context file"), (tmp_path, "is a folder")):
        with pytest.raises(WrongCall, match=said) as refused:
            submit(office, GNOMES, context=named)
        assert named.name in str(refused.value)
    assert goals(office) == 0


@given(content=st.binary(max_size=300))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_a_context_or_a_sentence(tmp_path: Path, settings: Settings, content: bytes) -> None:
    """
    Whatever bytes lie there, the answer is a text that can be kept, or one sentence.
    """
    file = tmp_path / "context.md"
    file.write_bytes(content)
    try:
        text = read_context(settings, file)
    except WrongCall:
        return
    assert text is not None
    assert text.strip()
    text.encode()


def test_a_month_of_nothing_gives_goals_of_nothing(open_with: Callable[..., Office]) -> None:
    """
    With a budget of 0 a goal can be written down, and its cap is 0.
    """
    assert submit(open_with(budget_monthly=0), GNOMES).cap_nano == 0


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", date(2026, 11, 22)), ("Pacific/Auckland", date(2026, 11, 22)), ("Pacific/Pago_Pago", date(2026, 11, 21))],
)
def test_a_goal_is_given_on_the_day_it_is_where_the_brand_is(
    open_with: Callable[..., Office], zone: str, day: date
) -> None:
    """
    At 09:00 UTC it is still the day before in Samoa; every prompt of the goal says the same day, however long it takes.
    """
    office = open_with(time_zone=ZoneInfo(zone))
    goal = submit(office, GNOMES)

    assert goal.day == day
    with office.store.read() as tx:
        assert situation_of(tx, goal).day == day


def _with(path: str, text: str) -> Callable[[Settings], None]:
    def write(settings: Settings) -> None:
        file = settings.workspace_dir / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    return write


@pytest.mark.parametrize(
    ("wanted", "prepare", "error"),
    [
        ({"text": ""}, None, WrongCall),
        ({"cap_nano": 5000 * NANO}, None, WrongCall),
        ({"pipeline": "Gnomes"}, None, WrongCall),
        ({"context": Path("/nowhere.md")}, None, WrongCall),
        ({}, _with("context/product-marketing-context.md", ""), WrongCall),
        ({}, _with("outputs", "a file is in the way"), WorkspaceError),
        ({}, _with("reports", "a file is in the way"), WorkspaceError),
        ({}, _with("pipelines/x.yaml", "name: [Gnomes"), BrokenFile),
    ],
    ids=["text", "budget", "pipeline", "named context", "context", "outputs", "reports", "a pipeline nobody named"],
)
def test_everything_is_looked_at_before_anything_is_made(
    settings: Settings,
    open_with: Callable[..., Office],
    wanted: dict[str, object],
    prepare: Callable[[Settings], None] | None,
    error: type[DirectorError],
) -> None:
    """
    Who asks before there is an office leaves no trace of it; who has one gets the same sentence, and no goal.
    """
    wanted = {"text": GNOMES, **wanted}
    if prepare:
        prepare(settings)
    there = sorted(settings.workspace_dir.rglob("*"))
    with pytest.raises(error) as refused:
        check(settings, catalog_of(settings), **wanted)
    after = sorted(settings.workspace_dir.rglob("*"))
    office = open_with()
    with pytest.raises(error) as refused_again:
        submit(office, **wanted)

    assert after == there
    assert str(refused_again.value) == str(refused.value)
    assert goals(office) == 0


def test_a_goal_that_was_looked_at_is_taken_as_it_was_then(office: Office) -> None:
    """
    Nothing is read a second time: what changes between the look and the goal changes later goals.
    """
    file = write_context(office.settings, "We sell gnomes.")
    new = check(office.settings, office.catalog, GNOMES, pipeline="product-launch")
    file.write_text("We sell flamingos.")
    goal = take(office, new)

    assert (goal.pipeline, goal.priority) == ("Product Launch", Priority.P0)
    with office.store.read() as tx:
        assert context_of(tx, goal) == "We sell gnomes.\n"


def test_a_goal_of_any_length_is_refused_by_its_length() -> None:
    """
    Before anything is done with its characters: what composes into an allowed length is allowed, at most four into one.
    """
    assert len(check_text("o\u0302\u0301" * LONGEST_GOAL)) == LONGEST_GOAL

    with pytest.raises(WrongCall, match=r"^The goal has 1,000,000 characters, 4,000 are allowed"):
        check_text("o\u0301" * 500_000)
