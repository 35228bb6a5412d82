"""
What has to hold of an event's data for a trigger to start anything. Pure.

Numbers are compared with numbers, texts with texts, booleans with booleans; nothing is converted. What cannot be compared is
neither met nor unmet, and says so: somebody wrote the condition for other data than came.
"""

import json
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from director.triggers.pointers import NothingThere, value_at
from skills.documents import shown

#: What a condition compares with.
Value = int | float | str | bool


class Operator(StrEnum):
    """How a value has to stand to the condition's."""

    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    EQ = "eq"
    NEQ = "neq"
    EXISTS = "exists"
    CONTAINS = "contains"


#: Those that ask which is the larger, so that both have to be numbers.
ORDERING: Final = frozenset({Operator.GT, Operator.GTE, Operator.LT, Operator.LTE})

_SAID: Final = {
    Operator.GT: ">", Operator.GTE: "≥", Operator.LT: "<", Operator.LTE: "≤", Operator.EQ: "is", Operator.NEQ: "is not",
    Operator.CONTAINS: "contains",
}  # fmt: skip


_TRUE: Final[Mapping[Operator, Callable[[Any, Any], Any]]] = {
    Operator.GT: operator.gt, Operator.GTE: operator.ge, Operator.LT: operator.lt, Operator.LTE: operator.le,
    Operator.EQ: operator.eq, Operator.NEQ: operator.ne, Operator.CONTAINS: operator.contains,
}  # fmt: skip


class CannotEvaluate(Exception):
    """The data is not what the condition is about; the text says what was expected and what came."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that has to hold. Of `exists`, the value is whether it has to (True) or must not (False)."""

    at: str  #: a JSON pointer into the event's data
    operator: Operator
    value: Value

    def __str__(self) -> str:
        if self.operator is Operator.EXISTS:
            return f"{self.place} is {'there' if self.value else 'not there'}"
        return f"{self.place} {_SAID[self.operator]} {shown(self.value)}"

    @property
    def place(self) -> str:
        """Where it looks."""
        return self.at or "the data"

    def holds(self, data: Any) -> bool:
        """
        Whether it does.

        Raises:
            CannotEvaluate: no value stands there, or one of another kind.
        """
        try:
            found = value_at(self.at, data)
        except NothingThere:
            if self.operator is Operator.EXISTS:
                return not self.value
            raise CannotEvaluate(f"{self.place}: expected {self._expected()}, found nothing.") from None
        if self.operator is Operator.EXISTS:
            return bool(self.value)
        if self.operator is Operator.CONTAINS and isinstance(found, list):
            return any(kind_of(each) == kind_of(self.value) and each == self.value for each in found)
        kinds = {"text"} if self.operator is Operator.CONTAINS else {kind_of(self.value)}
        if kind_of(found) not in kinds or kind_of(self.value) not in kinds:
            raise CannotEvaluate(f"{self.place}: expected {self._expected()}, found {_shown(found)}.")
        return bool(_TRUE[self.operator](found, self.value))

    def _expected(self) -> str:
        if self.operator is Operator.CONTAINS:
            return "a text or a list" if isinstance(self.value, str) else "a list"
        return {"number": "a number", "text": "a text"}.get(kind_of(self.value), "true or false")


def first_unmet(conditions: Sequence[Condition], data: Any) -> Condition | None:
    """
    The first that does not hold; None where all do.

    Raises:
        CannotEvaluate: one of them cannot be evaluated, whatever the others say.
    """
    held = [condition.holds(data) for condition in conditions]
    return next((condition for condition, holds in zip(conditions, held, strict=True) if not holds), None)


def kind_of(value: Any) -> str:
    """number, text or boolean; empty for all else, also for what only calls itself a number (infinity, NaN)."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return "number"
    return "text" if isinstance(value, str) else ""


def _shown(found: Any) -> str:
    if isinstance(found, dict | list):
        return f"{'an object' if isinstance(found, dict) else 'a list'} of {len(found)}"
    return json.dumps(found) if found is None or isinstance(found, bool) else shown(found)
