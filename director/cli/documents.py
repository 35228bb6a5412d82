"""`--json`: one document and nothing else."""

import json
import sys
from typing import Any


def print_document(document: Any) -> None:
    """One JSON document on standard output; what an encoding has no letter for, JSON can say in ASCII."""
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    print(json.dumps(document, ensure_ascii=ascii_only, indent=2))  # noqa: T201
