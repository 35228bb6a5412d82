"""What tells a row as it is from the same row as it was, for who decides by what they saw."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def version_of(values: Mapping[str, Any]) -> str:
    """The same for the same values, in every process: letters and digits that can stand in a header or a form."""
    said = json.dumps(values, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()[:24]
