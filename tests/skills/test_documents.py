"""What is refused before any value is made of it: a text that would take more than its length when it is read."""

import pytest

from skills.documents import Unreadable, yaml_in

#: Each line ten times the one before.
BOMB = "a0: &a0 {gnome: 1}\n" + "".join(
    f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 10)}]}}\n" for level in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (BOMB, "expected every key written out, found a merge key (<<)"),
        ("a: &a {b: 1}\nc: {<<: *a}", "expected every key written out, found a merge key (<<)"),
        ("a: 1" + ":1" * 2_000, "expected a number of at most 1000 digits, found 4001"),
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
        ("a: 1:30:00", {"a": 5_400}),
        ("a: https://gnomes.example/" + "a" * 5_000, {"a": "https://gnomes.example/" + "a" * 5_000}),
    ],
)
def test_what_only_looks_like_it_is_read(text: str, value: object) -> None:
    """
    A merge sign that is text, a name for a value, a time of day, a long address.
    """
    assert value == yaml_in(text)
