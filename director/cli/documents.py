"""What is written for programs and files: `--json`, one document and nothing else; a text as it was written."""

import json
import sys
from typing import Any

from director.words.characters import visible_json, without_controls
from director.words.streams import unguarded


def print_document(document: Any) -> None:
    """One JSON document on standard output; what an encoding has no letter for, JSON can say in ASCII."""
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    print(visible_json(json.dumps(document, ensure_ascii=ascii_only, indent=2)))  # noqa: T201


def print_text(text: str) -> None:
    """
    A text of the record on standard output. In a file or a pipe its marks of direction are as they were written; on a terminal
    nothing may turn around what is read.
    """
    out = sys.stdout if sys.stdout.isatty() else unguarded(sys.stdout)
    print(without_controls(text), file=out)
