"""One way out to a terminal: whatever others say, it can be read there, and does nothing."""

import ast
import io
import json
import logging
import re
import sys
from pathlib import Path

import pytest

from director.cli.documents import print_document
from director.cli.terminal import console, plain_table
from director.words import log
from director.words.characters import visible, without_controls
from director.words.streams import guard, guarding, unguarded

ROOT = Path(__file__).parents[3]

#: A title, a link, colours in 7 and in 8 bits, an overwritten line, a backspace, a deletion, marks of direction, tags.
HOSTILE = (
    "a\x1b]0;owned\x07 \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ \x1b[31mred \x9b2J \x90q\x9c no\ryes \b\x7f "
    "\u202ereversed\u2066\u200f\u061c \u2028\u2029 \U000e0041z"
)

#: What no terminal may get, but for a line's end and a tab.
OBEYED = set(visible.__globals__["_WRITTEN_OUT"])

#: The files that may reach the terminal past the guard, each for what it says itself.
PAST_THE_GUARD = {
    "director/words/streams.py",  # is the guard
    "director/words/log.py",  # colours of log lines, whose words it makes visible
    "director/cli/terminal.py",  # tables, whose words it makes visible
    "director/launcher/lines.py",  # colours of names, whose lines it makes visible
    "director/cli/documents.py",  # a text in a file or a pipe
}


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def a_screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """A guarded terminal as standard output and error; within a test, since capturing puts its own there between two steps."""
    found = Screen()
    monkeypatch.setattr(sys, "stdout", found)
    monkeypatch.setattr(sys, "stderr", found)
    guard()
    return found


def harmless(text: str) -> bool:
    return not OBEYED & set(map(ord, text))


def test_what_is_printed_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    """By whatever means, on either stream."""
    screen = a_screen(monkeypatch)
    print(HOSTILE)
    print(HOSTILE, file=sys.stderr)
    sys.stdout.writelines([HOSTILE, "\n"])
    sys.excepthook(ValueError, ValueError(HOSTILE), None)

    assert harmless(screen.getvalue())
    assert r"\x1b]0;owned\x07" in screen.getvalue()
    assert r"\u202ereversed" in screen.getvalue()


def test_tables_and_lines_are_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where whoever made the table did not think of it; our own colours stay."""
    screen = a_screen(monkeypatch)
    out = console()
    table = plain_table("a")
    table.add_row(HOSTILE)
    out.print(table)
    out.print(HOSTILE, style="bold")

    assert harmless(screen.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", ""))
    assert "\x1b[1m" in screen.getvalue()


def test_a_guard_stands_before_what_took_the_streams_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live table takes colours and links from what is written to it."""
    a_screen(monkeypatch)
    proxy = Screen()
    monkeypatch.setattr(sys, "stderr", proxy)
    with guarding():
        print(HOSTILE, file=sys.stderr)

    assert sys.stderr is proxy
    assert harmless(proxy.getvalue())


@pytest.mark.parametrize("form", ["pretty", "json"])
def test_log_lines_are_visible(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """Ours, libraries' and their stacks."""
    screen = a_screen(monkeypatch)
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        log.configure("info", form, ())
        logging.getLogger("a.library").error("%s", HOSTILE, exc_info=ValueError(HOSTILE))
    finally:
        root.handlers = handlers
        root.setLevel(level)

    assert harmless(re.sub(r"\x1b\[\d+m", "", screen.getvalue()))
    assert "\x1b[31mred" not in screen.getvalue()
    assert "owned" in screen.getvalue()


def test_a_document_is_exact_and_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON has a form of its own for each of these characters."""
    screen = a_screen(monkeypatch)
    print_document({"said": HOSTILE})

    assert harmless(screen.getvalue())
    assert json.loads(screen.getvalue()) == {"said": HOSTILE}


def test_a_second_guard_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each program begins with it, and some are made of two."""
    screen = a_screen(monkeypatch)
    first = sys.stdout
    guard()

    assert sys.stdout is first
    assert unguarded(sys.stdout) is screen


def test_a_server_says_no_secret_where_it_has_none_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key is set, and a line still may name a link; a command that was asked for one prints it."""
    token = "troupe_" + "hT7bQ2vXw9LmZr4KpYc8NdFs" * 2
    screen = a_screen(monkeypatch)
    print(token)
    guard(())
    print(token)

    assert [token in line for line in screen.getvalue().splitlines()] == [True, False]


def test_a_kept_text_has_no_controls() -> None:
    """Line feeds, tabs and marks of direction stay; what ended a line in another way still does."""
    assert without_controls("\ufeffa\r\nb\rc\x0bd\te\x1b[31mf\x9bg\x00\u200f") == "a\nb\nc\nd\te[31mfg\u200f"


def test_nobody_writes_past_the_guard() -> None:
    """A new command cannot forget it: what would reach a terminal past the guard stands in few files."""
    found = set()
    for package in ("actors", "director", "pipelines", "skills", "web"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
                if name in {"Console", "unguarded", "__stdout__", "__stderr__", "StreamHandler", "buffer"}:
                    found.add(file.relative_to(ROOT).as_posix())
                if isinstance(node, ast.Constant) and node.value == "/dev/tty":
                    found.add(file.relative_to(ROOT).as_posix())

    # These name a Console for its type, and a handler that is taken away.
    assert (
        found - {"director/cli/follow.py", "director/cli/alerts.py", "director/cli/memory.py", "web/logs.py"}
        <= PAST_THE_GUARD
    )


@pytest.mark.parametrize(
    "file", ["director/cli/__init__.py", "actors/broker.py", "web/gunicorn.conf.py", "director/launcher/logged.py"]
)
def test_each_program_begins_with_the_guard(file: str) -> None:
    """Commands, workers, the web app."""
    calls = [node.func for node in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(node, ast.Call)]

    assert "guard" in [call.id for call in calls if isinstance(call, ast.Name)]
