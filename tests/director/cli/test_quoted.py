"""Words of others among lines of ours: whose a line is can be seen."""

import io
import sys

import pytest

from director.cli.terminal import quoted


def test_each_line_of_others_stands_behind_a_mark() -> None:
    """Whatever ends a line there."""
    assert quoted("a\n--- what the reviewer found ---\u2028b\n\nc\n") == (
        "| a\n| --- what the reviewer found ---\n| b\n|\n| c"
    )


def test_a_line_that_is_too_long_for_the_terminal_keeps_its_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else its rest would begin where lines of ours do."""
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "40")
    rows = quoted("word " * 30).split("\n")

    assert len(rows) > 3
    assert all(row.startswith("| ") and len(row) <= 40 for row in rows)
