"""`doctor`: what is wrong with this installation, and the command that mends it."""

import sys
from collections.abc import Sequence
from textwrap import fill
from typing import Final

from director.cli.documents import print_document
from director.cli.terminal import console, counted
from director.doctor.examine import examine
from director.views.doctor import findings_document
from director.words.characters import visible
from director.words.clock import Clock
from director.words.finding import Finding, Level

#: Columns before what a line says: how it is, and of what.
_INDENT: Final = 20


def print_findings(*, json: bool, wait_s: float | None = None) -> int:
    """Everything that was looked at, a line each; 1 where work could not be done. Servers are waited for so long."""
    found = examine(Clock(), wait_s)
    can_work = not any(one.level is Level.FAULT for one in found)
    if json:
        print_document(findings_document(found))
    else:
        width = console().width if sys.stdout.isatty() else None
        for line in _lines(found, width):
            print(line)  # noqa: T201
    return 0 if can_work else 1


def _lines(found: Sequence[Finding], width: int | None) -> list[str]:
    lines = []
    for one in found:
        level = one.level.value.upper() if one.is_bad else one.level.value
        lines.append(_folded(f"{level:8} {one.part:10} {visible(one.says)}", width))
        if one.mend:
            # Never folded: it is copied.
            lines.append(f"{'':{_INDENT}}> {visible(one.mend)}")
    return [*lines, "", _summary(found)]


def _folded(line: str, width: int | None) -> str:
    if width is None:
        return line
    wide = max(width, 2 * _INDENT)
    return fill(line, wide, subsequent_indent=" " * _INDENT, break_long_words=False, break_on_hyphens=False)


def _summary(found: Sequence[Finding]) -> str:
    faults = sum(one.level is Level.FAULT for one in found)
    warnings = sum(one.level is Level.WARNING for one in found)
    if faults:
        also = f", {counted(warnings, 'warning')}" if warnings else ""
        return f"{counted(faults, 'fault')}{also}: work cannot be done before {'it is' if faults == 1 else 'they are'} mended."
    return f"Work can be done; {counted(warnings, 'warning')}." if warnings else "All is well."
