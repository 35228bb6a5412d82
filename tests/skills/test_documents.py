"""What is refused before any value is made of it: a text that would take more than its length, or can be read two ways."""

import pytest

from skills.documents import Unreadable, yaml_in

SIXTIES = "1" + ":1" * 2_000
TOO_LONG = "expected a number of at most 1000 digits, found 4001"
TOO_LARGE = "expected at most 1,000,000 characters where every *name is written out, found more"


def bomb(line: str, first: str = "{gnome: 1}") -> str:
    """Each line ten times the one before."""
    lines = [f"a{level}: &a{level} {line.replace('*', ', '.join([f'*a{level - 1}'] * 10))}" for level in range(1, 12)]
    return "\n".join([f"a0: &a0 {first}", *lines])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (bomb("{<<: [*]}"), TOO_LARGE),
        (bomb("{!!merge gnome: [*]}"), TOO_LARGE),
        (bomb("{!<tag:yaml.org,2002:merge> gnome: [*]}"), TOO_LARGE),
        (bomb("{? !!merge {} : [*]}"), TOO_LARGE),
        (f"%TAG !a! tag:yaml.org,2002:mer\n---\n{bomb('{!a!ge gnome: [*]}')}", TOO_LARGE),
        (bomb("[*]"), TOO_LARGE),
        (f"a: &a {'gnome ' * 1_000}\nb: [{'*a, ' * 1_000}]", TOO_LARGE),
        ("a: &a [b, *a]", "expected values that end, found *a inside itself"),
        ("a: &a {<<: [*a]}", "expected values that end, found *a inside itself"),
        (f"a: {SIXTIES}", TOO_LONG),
        (f"a: !!int '{SIXTIES}'", TOO_LONG),
        (f"a: !!float {SIXTIES}", TOO_LONG),
        ("[" * 5_000, "expected at most 50 values inside each other, found more"),
    ],
)
def test_what_would_grow_when_it_is_read_is_refused(text: str, complaint: str) -> None:
    """
    With a sentence, at once.
    """
    with pytest.raises(Unreadable) as caught:
        yaml_in(text)

    assert complaint == str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: '<<'", {"a": "<<"}),
        ("a: 1 << 2", {"a": "1 << 2"}),
        ("a: &a [1]\nb: *a", {"a": [1], "b": [1]}),
        ("a: &a {b: 1}\nc: {<<: *a, d: 2}", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}),
        ("a: [&a 1, &b [*a, *a], *b]", {"a": [1, [1, 1], [1, 1]]}),
        ("a: 1:30:00", {"a": 5_400}),
        ("a: 10:30 is late, " + "gnome " * 1_000, {"a": "10:30 is late, " + ("gnome " * 1_000).strip()}),
        ("a: https://gnomes.example/" + "a" * 5_000, {"a": "https://gnomes.example/" + "a" * 5_000}),
    ],
)
def test_what_only_looks_like_it_is_read(text: str, value: object) -> None:
    """
    A merge sign that is text, a name for a value, a time of day, a long address or text.
    """
    assert value == yaml_in(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nb: 2\na: 3", 3), ("{a: 1, a: 2}", 1), ("x:\n- a: 1\n  'a': 2", 3), ("? [1]\n: 2\na: 1\na: 1", 4)],
)
def test_a_key_that_stands_twice_is_a_mistake(text: str, line: int) -> None:
    """PyYAML would take the last one, and the other half of what somebody wrote would be gone without a word."""
    with pytest.raises(Unreadable, match=f"in line {line}: the key 'a' stands there twice"):
        yaml_in(text)


def test_what_is_taken_over_may_be_written_anew() -> None:
    """`<<` brings keys that the mapping has as well, through any number of steps: that is what it is for."""
    text = "b: &b {a: 1}\nc: &c\n  <<: *b\n  a: 2\nd:\n  <<: *c\n  a: 3\ne:\n  <<: [*b, *c]\n"

    assert {"b": {"a": 1}, "c": {"a": 2}, "d": {"a": 3}, "e": {"a": 1}} == yaml_in(text)


def test_keys_of_different_kinds_are_different() -> None:
    """A number and the same number in quotes."""
    assert {1: "a", "1": "b"} == yaml_in("1: a\n'1': b")
