"""A condition compares like with like; what it cannot compare it says, and never guesses."""

import itertools
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.triggers.conditions import ORDERING, CannotEvaluate, Condition, Operator, first_unmet
from director.triggers.pointers import NothingThere, is_pointer, value_at

#: A value of each kind that data can have, and two that only call themselves numbers.
FOUND: dict[str, list[Any]] = {
    "number": [35, 20, 20.5, -1, 0, 10**400],
    "text": ["thirty", "", "20"],
    "boolean": [True, False],
    "null": [None],
    "object": [{}, {"at": 20}],
    "list": [[], [20], ["thirty"]],
    "no number": [float("nan"), float("inf"), float("-inf")],
}

VALUES: dict[str, list[Any]] = {"number": [20, 20.5, 1], "text": ["thirty", "20"], "boolean": [True, False]}

EXPECTED: dict[Operator, Any] = {
    Operator.GT: lambda found, value: found > value,
    Operator.GTE: lambda found, value: found >= value,
    Operator.LT: lambda found, value: found < value,
    Operator.LTE: lambda found, value: found <= value,
    Operator.EQ: lambda found, value: found == value,
    Operator.NEQ: lambda found, value: found != value,
    Operator.CONTAINS: lambda found, value: value in found,
}

#: Documents as any sender could write them.
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def comparable(operator: Operator, found: str, value: str) -> bool:
    """The rule in one place: which kinds an operator compares."""
    if operator in ORDERING:
        return found == value == "number"
    if operator is Operator.CONTAINS:
        return found == "list" or found == value == "text"
    return found == value


TABLE = [
    (operator, found_kind, found, value_kind, value)
    for operator in Operator
    if operator is not Operator.EXISTS
    for found_kind, all_found in FOUND.items()
    for value_kind, values in VALUES.items()
    if not (operator in ORDERING and value_kind != "number")  # no file can say so
    for found, value in itertools.product(all_found, values)
]


@pytest.mark.parametrize("operator", [operator for operator in Operator if operator is not Operator.EXISTS])
def test_every_operator_on_every_kind_of_value(operator: Operator) -> None:
    """Like with like is compared as anybody would; anything else cannot be evaluated, and the sentence has what came."""
    rows = [row[1:] for row in TABLE if row[0] is operator]
    assert rows
    for found_kind, found, value_kind, value in rows:
        condition = Condition("/at", operator, value)
        if not comparable(operator, found_kind, value_kind):
            with pytest.raises(CannotEvaluate, match=r"^/at: expected .+, found .+\.$"):
                condition.holds({"at": found})
        elif found_kind != "list":
            assert EXPECTED[operator](found, value) is condition.holds({"at": found}), (found, value)


@pytest.mark.parametrize(
    ("found", "value", "holds"),
    [
        (["a", "b"], "b", True),
        (["ab"], "b", False),
        ([1, 2], 2, True),
        ([True], 1, False),
        ([1], True, False),
        (["1"], 1, False),
        ([None, {}, []], "b", False),
        ([[1]], 1, False),
        ([float("nan")], 1, False),
        ([], "b", False),
    ],
)
def test_a_list_contains_what_is_like_it(found: list[Any], value: Any, holds: bool) -> None:
    """An element of the same kind and the same value; of other kinds there may be any."""
    assert holds is Condition("/at", Operator.CONTAINS, value).holds({"at": found})


@pytest.mark.parametrize("found", [value for values in FOUND.values() for value in values])
def test_what_is_there_exists_whatever_it_is(found: Any) -> None:
    """Also null, nought, an empty text; and one can ask that nothing be there."""
    assert Condition("/at", Operator.EXISTS, True).holds({"at": found})
    assert not Condition("/at", Operator.EXISTS, False).holds({"at": found})
    assert not Condition("/else", Operator.EXISTS, True).holds({"at": found})
    assert Condition("/else", Operator.EXISTS, False).holds({"at": found})


@pytest.mark.parametrize("operator", [operator for operator in Operator if operator is not Operator.EXISTS])
@pytest.mark.parametrize("data", [{}, None, [], "at", 7, True, {"At": 30}, {"at ": 30}])
def test_a_pointer_that_finds_nothing_cannot_be_evaluated(operator: Operator, data: Any) -> None:
    """Nothing is not nought, and "is not 20" does not hold of it either."""
    with pytest.raises(CannotEvaluate, match=r"^/at: expected a .+, found nothing\.$"):
        Condition("/at", operator, 20).holds(data)


def test_all_have_to_hold_and_all_have_to_be_evaluated() -> None:
    """One that cannot be evaluated is told, also where another says no already."""
    no, yes = Condition("/n", Operator.GT, 50), Condition("/n", Operator.GT, 20)
    broken = Condition("/text", Operator.GT, 20)

    assert first_unmet((), {}) is None
    assert first_unmet((yes,), {"n": 35}) is None
    assert no is first_unmet((yes, no), {"n": 35})
    with pytest.raises(CannotEvaluate, match=r"^/text: expected a number, found 'many'\.$"):
        first_unmet((no, broken), {"n": 35, "text": "many"})


def test_what_came_is_shown_short() -> None:
    """A text of a megabyte makes no sentence of a megabyte, and true is not said as 1."""
    for found, said in [
        ("x" * 1_000_000, None),
        (True, "true"),
        (None, "null"),
        ({"a": 1}, "an object of 1"),
        ([], "a list of 0"),
    ]:
        with pytest.raises(CannotEvaluate) as problem:
            Condition("/at", Operator.GT, 20).holds({"at": found})
        assert len(str(problem.value)) < 150
        assert said is None or str(problem.value).endswith(f"found {said}.")


@given(ANY_JSON, st.sampled_from(["", "/a", "/0", "/a/b", "/~0/~1", "/-", "/00"]), st.sampled_from(list(Operator)))
def test_no_data_is_too_odd(data: Any, pointer: str, operator: Operator) -> None:
    """Whatever comes: yes, no, or that it cannot be evaluated."""
    values: list[Any] = [20] if operator in ORDERING else [True] if operator is Operator.EXISTS else [20, "a", True]
    for value in values:
        condition = Condition(pointer, operator, value)
        with suppress(CannotEvaluate):
            assert condition.holds(data) in (True, False)
        assert str(condition)


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", None),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
    ],
)
def test_pointers_are_those_of_the_standard(pointer: str, found: Any) -> None:
    """The examples of RFC 6901, section 5."""
    document = json.loads(
        r'{"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8}'
    )

    assert is_pointer(pointer)
    assert value_at(pointer, document) == (document if pointer == "" else found)


@pytest.mark.parametrize(
    "pointer", ["/foo/2", "/foo/-", "/foo/00", "/foo/+1", "/foo/-1", "/foo/1e0", "/foo/\u0660", "/foo/" + "9" * 150]
)
def test_an_index_is_plain_digits_within_the_list(pointer: str) -> None:
    """No sign, no leading nought, no digits of another script, no end of a list."""
    with pytest.raises(NothingThere):
        value_at(pointer, {"foo": ["bar", "baz"]})


@pytest.mark.parametrize("text", ["foo", "foo/bar", "/~", "/~2", "/a~", "#/foo", "/" * 201])
def test_what_is_no_pointer(text: str) -> None:
    """No slash first, a tilde that escapes nothing, the form of addresses, longer than any document is deep."""
    assert not is_pointer(text)
