"""`init` and `context check`, as people and scripts start them."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from skills.context import WRITER, judge, parts_of, readers_of
from skills.loader import OWN, load
from tests.e2e.installation import PATIENCE_S, ROOT, Installation

SKILLS = load([OWN]).skills
PARTS = parts_of(SKILLS[WRITER])
TITLES = [part.title for part in PARTS]

NOTES = """\
# Gnomeland

We met Anna on Tuesday.

## Pricing
18 a gnome.

## Competitors
Flamingos.
"""


def context(place: Installation) -> Path:
    return place.workspace / "context" / "product-marketing-context.md"


def sections(place: Installation) -> dict[str, str]:
    """The sections of the workspace's context, with what stands in them."""
    parts = context(place).read_text(encoding="utf-8").split("\n## ")[1:]
    return {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in parts}


class Terminal:
    """A person at a terminal: what they see, what they type."""

    def __init__(self, process: subprocess.Popen[bytes], line: int) -> None:
        self._process = process
        self._line = line
        self._read_to = 0
        self.seen = ""

    def until(self, text: str) -> None:
        """Wait until *text* comes, behind what was waited for before."""
        while (found := self.seen.find(text, self._read_to)) < 0:
            assert self._look(), f"it ended before {text!r}; saw {self.seen!r}"
        self._read_to = found + len(text)

    def type(self, text: str) -> None:
        """Type it."""
        os.write(self._line, text.encode())

    def interrupt(self) -> None:
        """Ctrl-C; one that comes between the prompt and the waiting for a key is seen by Python with the next key."""
        self._process.send_signal(signal.SIGINT)
        self.type("\n")

    def end(self) -> int:
        """Look on until it is over; its exit code."""
        while self._look():
            pass
        return self._process.wait(PATIENCE_S)

    def _look(self) -> bool:
        """Whether anything more came."""
        ready, _, _ = select.select([self._line], [], [], PATIENCE_S)
        assert ready, f"nothing came for {PATIENCE_S:.0f} s; saw {self.seen!r}"
        piece = b""
        with suppress(OSError):  # Linux says so when nobody writes to a terminal any more
            piece = os.read(self._line, 4096)
        self.seen += piece.decode(errors="replace")
        return bool(piece)


@contextmanager
def terminal(place: Installation, *arguments: str) -> Iterator[Terminal]:
    """`python -m director …` at a terminal of its own."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "director", *arguments]
    environment = place.environment(term="dumb")
    with subprocess.Popen(
        command, cwd=place.folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        try:
            yield Terminal(process, ours)
        finally:
            process.kill()
            os.close(ours)


@pytest.fixture(scope="module")
def place(install: Callable[..., Installation]) -> Installation:
    """An installation whose context is the template."""
    place = install()
    assert place.run("init", "--template").code == 0
    return place


class TestTemplate:
    """`init --template`, then `context check`."""

    def test_it_has_every_section_marked_unknown(self, place: Installation) -> None:
        """With a line on what belongs there."""
        assert list(sections(place)) == TITLES
        assert all(body.startswith("Unknown: ") and "\n" not in body for body in sections(place).values())

    def test_a_context_of_which_nothing_is_known_fails_the_check(self, place: Installation) -> None:
        """Exit code 1; the table names every section and whom that concerns, and nothing is complained about."""
        done = place.run("context", "check")

        assert (done.code, done.err) == (1, "")
        rows = [line for line in done.out.splitlines() if " unknown " in line]
        assert [row[: len(title)] for row, title in zip(rows, TITLES, strict=True)] == TITLES
        assert len({row.index(" unknown ") for row in rows}) == 1, "the table does not align"
        assert f"0 of 12 sections say something: {context(place)}" in done.out

    def test_a_script_is_told_all_of_it(self, place: Installation) -> None:
        """One document: the sections with who reads them, the specialists with what they lack."""
        done = place.run("context", "check", "--json")

        assert (done.code, done.err) == (1, "")
        assert set(done.document) == {"file", "complete", "sections", "specialists"}
        assert done.document["complete"] is False
        assert [section["title"] for section in done.document["sections"]] == TITLES
        assert set(done.document["sections"][0]) == {"title", "state", "words", "perhaps", "read_by"}
        readers = readers_of(judge("", PARTS, SKILLS[WRITER]), SKILLS.values())
        assert [one["name"] for one in done.document["specialists"]] == [reader.skill for reader in readers] != []
        assert all(one["lacks"] == one["reads"] != [] for one in done.document["specialists"])

    def test_checking_makes_nothing(self, install: Callable[..., Installation]) -> None:
        """A look at a file needs no workspace, and no record is begun."""
        place = install()
        place.run("context", "check", str(ROOT / "examples/dramatiq/product-marketing-context.md"))

        assert not place.workspace.exists()


def test_notes_are_sorted_and_nothing_of_them_is_lost(install: Callable[..., Installation]) -> None:
    """`init --from`: by their headings; what fits no section is at the end, and where each heading went is told."""
    place = install()
    (place.folder / "notes.md").write_text(NOTES, encoding="utf-8")
    done = place.run("init", "--from", "notes.md")
    found = sections(place)

    assert (done.code, done.err) == (0, "")
    assert "Competitors → Competitive landscape" in done.out
    assert context(place).read_text(encoding="utf-8").startswith("# Gnomeland: ")
    assert list(found) == [*TITLES, "Notes that fit no section"]
    assert found["Product overview"] == "### Pricing\n\n18 a gnome."
    assert found["Competitive landscape"] == "### Competitors\n\nFlamingos."
    assert found["Notes that fit no section"] == "We met Anna on Tuesday."
    assert found["Goals"].startswith("Unknown: ")


class TestQuestions:
    """`init` at a terminal."""

    def test_each_section_is_asked_for_and_may_be_skipped(self, install: Callable[..., Installation]) -> None:
        """An answer ends with an empty line; an empty one leaves the section unknown."""
        place = install()
        with terminal(place, "init") as person:
            person.until("What is it called?")
            person.type("Gnomeland\n")
            for number, title in enumerate(TITLES, 1):
                person.until(f"{number}/12  {title}")
                person.until("> ")
                person.type("Hand-painted gnomes.\nFrom 18.\n\n" if number == 1 else "\n")
            code = person.end()
        found = sections(place)

        assert code == 0
        assert context(place).read_text(encoding="utf-8").startswith("# Gnomeland: product marketing context\n")
        assert found["Product overview"] == "Hand-painted gnomes.\nFrom 18."
        assert all(body.startswith("Unknown: ") for title, body in found.items() if title != "Product overview")

    @pytest.mark.parametrize(("by", "code"), [("Ctrl-C", 1), ("Ctrl-D", 0)])
    def test_who_stops_loses_no_answer(self, install: Callable[..., Installation], by: str, code: int) -> None:
        """What was answered so far is written, also of the answer in hand; Ctrl-D says that this was all."""
        place = install()
        with terminal(place, "init") as person:
            person.until("What is it called?")
            person.type("Gnomeland\n")
            person.until("> ")
            person.type("Hand-painted gnomes.\n")
            person.until("> ")
            person.interrupt() if by == "Ctrl-C" else person.type("\x04")
            ended = person.end()

        assert ended == code
        assert ("Stopped: what was answered is written" in person.seen) is (by == "Ctrl-C")
        assert "Traceback" not in person.seen
        assert sections(place)["Product overview"] == "Hand-painted gnomes."
        assert sections(place)["Goals"].startswith("Unknown: ")

    def test_without_an_answer_nothing_is_written(self, install: Callable[..., Installation]) -> None:
        """An empty context would look as if somebody had thought about it."""
        place = install()
        with terminal(place, "init") as person:
            person.until("What is it called?")
            person.interrupt()
            code = person.end()

        assert code == 1
        assert "nothing was written" in person.seen
        assert not context(place).parent.exists()

    @pytest.mark.parametrize("by", ["Ctrl-C", "Ctrl-D"])
    def test_a_name_is_an_answer_too(self, install: Callable[..., Installation], by: str) -> None:
        """Whoever typed nothing else finds it as the title."""
        place = install()
        with terminal(place, "init") as person:
            person.until("What is it called?")
            person.type("Gnomeland\n")
            person.until("> ")
            person.interrupt() if by == "Ctrl-C" else person.type("\x04")
            person.end()

        assert context(place).read_text(encoding="utf-8").startswith("# Gnomeland: product marketing context\n")
