"""What a person at a terminal sees: the plan and its cost before it runs, then a table that lives."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from director.words.states import GoalState
from tests.e2e.installation import PATIENCE_S, Installation, at_once, serving

GOAL = "Sell the singing gnome"

CTRL_C = "\x03"


@dataclass(frozen=True, slots=True)
class Seen:
    """A program at a terminal of 100 columns: its exit code, all that went to the screen, and its installation."""

    place: Installation
    code: int
    screen: str  #: With the escapes that moved the cursor.

    @property
    def text(self) -> str:
        """What was readable, in the order it came."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.screen).replace("\r", "")


PROGRAM = (sys.executable, "-m", "director")
WORKER = (sys.executable, "-m", "dramatiq", "actors", "--processes", "1")


def at_terminal(
    place: Installation,
    *arguments: str,
    answer: str = "",
    program: Sequence[str] = PROGRAM,
    meanwhile: Callable[[subprocess.Popen[bytes]], None] | None = None,
    **settings: str,
) -> Seen:
    """
    Run `python -m director …`, or another program, at a terminal; *answer* what it asks, CTRL_C by a signal. *meanwhile*
    comes before its words are read, which have to fit into the terminal's buffer.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    command = [*program, *arguments]
    environment = place.environment(term="xterm-256color", **settings)
    with subprocess.Popen(
        command, cwd=place.folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as running:
        os.close(theirs)
        try:
            if meanwhile is not None:
                meanwhile(running)
            screen = _conversation(ours, answer, running)
            return Seen(place, running.wait(PATIENCE_S), screen)
        finally:
            running.kill()
            os.close(ours)


def _conversation(terminal: int, answer: str, program: subprocess.Popen[bytes]) -> str:
    """All that comes, until the other side hangs up; *answer* goes out after the first question."""
    said, deadline = b"", time.monotonic() + PATIENCE_S
    while select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))[0]:
        try:
            more = os.read(terminal, 65536)
        except OSError:  # how Linux says that nobody is there any more
            more = b""
        if not more:
            return said.decode()
        said += more
        if answer and b"[Y/n]" in said:
            if answer == CTRL_C:
                # Not before it waits for an answer: what comes between a prompt and the read of a line is noticed after it.
                while (
                    Path(f"/proc/{program.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "S"
                ):
                    time.sleep(0.01)
                program.send_signal(signal.SIGINT)
            else:
                os.write(terminal, f"{answer}\n".encode())
            answer = ""
    raise AssertionError(f"nothing more came, and no end; so far:\n{said.decode(errors='replace')}")


@pytest.fixture(scope="module")
def seen(install: Callable[..., Installation]) -> dict[str, Seen]:
    """A plan agreed to, one turned down, one nobody is asked about, a rehearsal, and one a worker may be paid for."""

    def told(place: Installation, *arguments: str, answer: str = "") -> Seen:
        place.add_pipeline("Gnome Page", "copywriting", "page-cro")
        with serving("latency_ms=700") as server:
            return at_terminal(place, *arguments, answer=answer, anthropic_base_url=server.url)

    def handed_to_a_worker(place: Installation) -> Seen:
        with serving() as server, place.working(anthropic_base_url=server.url):
            return at_terminal(place, "goal", GOAL, answer="n")

    yes, no, unasked, rehearsed, worker, left = (install() for _ in range(6))
    return at_once(
        yes=lambda: told(yes, "pipeline", "Gnome Page", GOAL, answer="y"),
        no=lambda: told(no, "goal", GOAL, answer="n"),
        unasked=lambda: told(unasked, "pipeline", "Gnome Page", GOAL, "--yes"),
        rehearsed=lambda: at_terminal(rehearsed, "pipeline", "Social Week", GOAL),
        worker=lambda: handed_to_a_worker(worker),
        left=lambda: told(left, "goal", GOAL, answer=CTRL_C),
    )


def test_the_plan_is_shown_and_asked_about_before_it_runs(seen: dict[str, Seen]) -> None:
    """At a terminal a person sees tasks, likely cost and time, and is asked; only then does a task start."""
    text = seen["yes"].text
    shown, _, after = text.partition("Run this plan? [Y/n]")

    assert after
    assert re.search(r"1 +copywriting", shown)
    assert re.search(r"2 +page-cro +1", shown)
    assert re.search(r"Likely \$\d", shown)
    assert not re.search(r"\bwriting\b", shown)


def test_something_is_said_before_anything_is_loaded(seen: dict[str, Seen]) -> None:
    """Starting takes seconds, on a busy machine ten: a screen that is empty as long looks broken."""
    assert {"Getting the team ready; that takes some seconds."} == {one.text.splitlines()[0] for one in seen.values()}


def test_a_category_that_was_guessed_is_told(install: Callable[..., Installation]) -> None:
    """In a language it cannot read the team takes the ready-made plan of a strategic goal, and says what to do about it."""
    told = at_terminal(install(), "goal", "Sprzedaj śpiewające krasnale", "--plan", "template", "--dry-run")

    assert told.code == 0
    assert "so it is planned as strategic; --category names another." in told.text


def test_what_a_worker_says_at_a_terminal_can_be_read(install: Callable[..., Installation]) -> None:
    """Lines, not documents; each that is about a goal names it, also the one that says that something is done."""
    place = install()
    place.add_pipeline("Gnome Page", "copywriting")
    assert place.run("pipeline", "Gnome Page", GOAL, "--detach").code == 0

    def tell_to_go(running: subprocess.Popen[bytes]) -> None:
        place.until_over("g1")
        running.send_signal(signal.SIGTERM)

    worker = at_terminal(place, program=WORKER, meanwhile=tell_to_go)
    lines = [line for line in worker.text.splitlines() if line]

    assert worker.code == 0
    assert not [line for line in lines if line.startswith("{")]
    for words in ("plan of g1 is done", "draft of g1-1 is done", "review of g1-1 is done", "conclude of g1 is done"):
        assert [line for line in lines if words in line], lines


def test_yes_runs_it_to_the_end(seen: dict[str, Seen]) -> None:
    """Who agrees sees it completed, and where everything is."""
    yes = seen["yes"]

    assert yes.code == 0
    assert "completed" in yes.text
    assert [path for path in _named(yes.text) if not path.is_file()] == []
    assert len(_named(yes.text)) == 3


def test_no_cancels_the_goal_and_nothing_was_done(seen: dict[str, Seen]) -> None:
    """Who does not agree has paid for the plan and nothing else; that is not what was asked for, so the code is 1."""
    no = seen["no"]
    with no.place.record() as tx:
        purposes = [call.purpose for call in tx.calls.of_goal("g1")]

    assert no.code == 1
    assert purposes == ["plan"]
    assert [goal.state for goal in no.place.goals()] == [GoalState.CANCELLED]
    assert not (no.place.workspace / "outputs").exists()


def test_who_leaves_the_question_is_told_how_to_answer_it_later(seen: dict[str, Seen]) -> None:
    """Ctrl-C at the question keeps goal and plan, and the last words name both."""
    left = seen["left"]

    assert left.code == 1
    assert "Run this plan? [Y/n]" in left.text
    last = " ".join(left.text.partition("Stopped: ")[2].split())
    assert all(f"{verb}`" in last for verb in ("approve a1", "watch g1", "show a1", "cancel g1"))
    assert [goal.state for goal in left.place.goals()] == [GoalState.WAITING]


def test_yes_as_an_option_asks_nothing(seen: dict[str, Seen]) -> None:
    """`--yes` skips the question, also at a terminal."""
    unasked = seen["unasked"]

    assert unasked.code == 0
    assert "[Y/n]" not in unasked.text


def test_a_rehearsal_asks_nothing(seen: dict[str, Seen]) -> None:
    """Nothing is paid, so there is nothing to agree to: it runs through, and says that it rehearsed."""
    rehearsed = seen["rehearsed"]

    assert rehearsed.code == 0
    assert "[Y/n]" not in rehearsed.text
    assert "rehearsal, nothing is paid" in rehearsed.text


def test_who_has_no_key_is_asked_where_a_worker_may_have_one(seen: dict[str, Seen]) -> None:
    """A worker has settings of its own: what is handed to it may be paid for, whatever this terminal knows."""
    worker = seen["worker"]
    with worker.place.record() as tx:
        calls = [(call.purpose, call.rehearsal) for call in tx.calls.of_goal("g1")]

    assert worker.code == 1
    assert "Run this plan? [Y/n]" in worker.text
    assert calls == [("plan", False)]


@pytest.mark.parametrize("name", ["yes", "unasked"])
def test_the_live_table_shows_what_runs_what_is_next_and_what_was_spent(seen: dict[str, Seen], name: str) -> None:
    """While the first task is written and reviewed, the second is next, and money is shown against its cap."""
    text = seen[name].text

    assert re.search(r"g1-1 +copywriting +writing", text)
    assert re.search(r"g1-1 +copywriting +in review", text)
    assert re.search(r"g1-2 +page-cro +next", text)
    assert re.search(r"\$0\.\d+ of \$100\.00", text)


@pytest.mark.parametrize("name", ["yes", "unasked"])
def test_the_live_table_is_drawn_in_place(seen: dict[str, Seen], name: str) -> None:
    """It moves the cursor up and draws over itself, and it gives the cursor back at the end."""
    screen = seen[name].screen

    assert "\x1b[1A" in screen
    assert screen.rfind("\x1b[?25h") > screen.rfind("\x1b[?25l") >= 0


def test_no_traceback_is_ever_shown(seen: dict[str, Seen]) -> None:
    """Standard error goes to the same terminal."""
    assert not any("Traceback" in one.text for one in seen.values())


def test_nothing_is_left_running(seen: dict[str, Seen]) -> None:
    """Not by a yes and not by a no."""
    assert [one.place.left_running() for one in seen.values()] == [[]] * len(seen)


def _named(text: str) -> list[Path]:
    return [Path(found) for found in re.findall(r"/\S+?\.md\b", text)]
