"""Texts that are hard on whoever reads them, and how the time for one grows with its length."""

import gc
import time
from collections.abc import Callable
from functools import partial
from itertools import count

#: What stands at the beginning of a text, and what is repeated behind it.
_REPEATED: dict[str, tuple[str, str]] = {
    "blanks": ("", " "),
    "blanks in a heading": ("# a", " "),
    "tabs in a heading": ("## a", "\t"),
    "hashes": ("", "#"),
    "hashes in a heading": ("# a", " #"),
    "headings": ("", "# a\n"),
    "known headings": ("", "## Goals\n"),
    "headings with facts": ("", "## a\nGnomes sing in the rain.\n"),
    "headings that end": ("", "### a ###\n"),
    "tabs": ("", "\t"),
    "no-break spaces": ("", "\u00a0"),
    "lines": ("", "\n"),
    "lines with blanks": ("", " \n"),
    "blank-led lines": ("- **a** b", "\n a"),
    "braces": ("", "{"),
    "merge fields": ("", "{{ "),
    "brackets": ("", "["),
    "closing brackets": ("", "]"),
    "placeholders": ("", "[your "),
    "tag-like placeholders": ("", "<your "),
    "inserts": ("", "insert a "),
    "links": ("", "[]("),
    "references": ("", "[a](references/"),
    "reference links": ("", "[a](references/a "),
    "parentheses": ("", "("),
    "bracketed asides": ("", " (a"),
    "backticks": ("", "`"),
    "code": ("", "`a"),
    "code with pipes": ("`a", "|"),
    "code with pipes, open": ("", "`a|"),
    "tildes": ("", "~"),
    "fences": ("", "```a\n"),
    "fences that grow": ("````\n", "```\n"),
    "fenced code": ("", "```json\na\n```\n"),
    "an open fence of JSON": ("```json\n", "\n"),
    "an open fence of text": ("```json\n", "a\n"),
    "stars": ("", "*"),
    "bold": ("", "**a "),
    "dashes": ("", "-"),
    "list items": ("", "- "),
    "list lines": ("", "- a\n"),
    "bold steps": ("", "- **a"),
    "numbers": ("", "1."),
    "digits": ("", "1"),
    "digits in a line": ("a ", "1"),
    "pipes": ("", "|"),
    "cells": ("", "| a "),
    "rows": ("|a|b|\n|-|-|\n", "|a|b|\n"),
    "tags": ("", "<"),
    "open tags": ("", "<a "),
    "tag lines": ("", "<a>\n"),
    "fence tags": ("", "<input>\n"),
    "closing tags": ("", "</"),
    "comments": ("", "<!--"),
    "closed comments": ("<!--", "--> "),
    "quotes": ("", '"'),
    "curly quotes": ("", "“"),
    "sentences in an open quote": ('"', "So it is. "),
    "sentences": ("", "So it is. "),
    "semicolons": ("", "; ("),
    "words": ("", "a "),
    "capitals": ("", "A "),
    "capital words": ("", "Aa "),
    "letters": ("", "a"),
    "underscores": ("", "_"),
    "umlauts": ("", "é"),
    "combining marks": ("a", "\u0301\u0316"),
    "addresses": ("", "a.a."),
    "schemes": ("", "a+"),
    "passwords": ("", "a://a:"),
    "mail": ("", "x@"),
    "mail with dots": ("a@a", ".a"),
    "labels": ("", " a:"),
    "label words": ("", "a b c d e f "),
    "signed tokens": ("", "eyJ-"),
    "keys": ("", "sk-a"),
    "tokens": ("", "token "),
    "private keys": ("", "-----BEGIN A "),
    "dots": ("", "."),
    "full stops": ("", "ab. "),
    "nested lists in JSON": ("[", "["),
    "nested objects in JSON": ("", '{"a":'),
    "escapes in JSON": ('"', "\\u0000"),
    "backslashes": ("", "\\"),
    "evidence": ("", "Unknown: "),
    "statements": ("", "\n- Unknown: a"),
    "quoted lines": ("", "> "),
    "headings of context": ("", "## Read first\n"),
    "zeroes": ("[", "0,"),
    "long number": ("", "9"),
}


#: Makes each text another one, for those who remember what they read.
_numbers = count()
_LETTERS = str.maketrans("01", "xy")

#: Where four times the length takes more than so many times as long, the time does not grow in proportion: it takes four times
#: as long where it does, and sixteen times where it grows by the square.
MOST_GROWTH = 8.0

#: How often a growth that is too much is looked at again, each time after a longer pause: what else the machine does lasts
#: for some of them, a text that takes too long for all.
_LOOKS = 16
_PAUSE_S = 0.02


def repeated(before: str, again: str, length: int) -> str:
    """About *length* characters."""
    return before + again * (length // len(again))


def _under_a_long_header(length: int) -> str:
    return f"|a|{'b' * (length // 2)}|\n" + "|a|b|\n" * (length // 12)


#: Texts of a length, by what they are.
SHAPES: dict[str, Callable[[int], str]] = {
    **{name: partial(repeated, *parts) for name, parts in _REPEATED.items()},
    "rows under a long header": _under_a_long_header,
}


def growth(work: Callable[[str], object], make: Callable[[int], str], length: int, *, unseen_s: float) -> float:
    """
    How many times as long *work* takes for *length* characters as for a quarter of them; the least of several looks.

    Processor time, so that others on the machine do not count. What takes less than *unseen_s* grows by nothing.
    """
    longer, shorter = _seconds(work, make(length)), float("inf")
    for look in range(_LOOKS):
        time.sleep(look * _PAUSE_S)
        if longer < unseen_s:
            return 0.0
        shorter = min(shorter, _seconds(work, make(length // 4)))
        if longer / shorter <= MOST_GROWTH:
            break
        longer = min(longer, _seconds(work, make(length)))
    return longer / shorter


def _seconds(work: Callable[[str], object], given: str) -> float:
    given += f"{next(_numbers):b}!".translate(_LETTERS)
    # What the collector of garbage takes depends on all that the process holds, and not on the text.
    gc.disable()
    try:
        began = time.process_time()
        work(given)
        return time.process_time() - began
    finally:
        gc.enable()
