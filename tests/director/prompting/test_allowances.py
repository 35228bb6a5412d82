"""How much of a text is shown, and where it is cut."""

from hypothesis import given
from hypothesis import strategies as st

from director.prompting.allowances import CONTEXT_ALLOWANCE, INPUT_ALLOWANCE, SUMMARY_ALLOWANCE, within


@given(text=st.text(alphabet="ab \n#", max_size=400), allowance=st.integers(10, 300))
def test_no_more_is_shown_than_is_allowed(text: str, allowance: int) -> None:
    """
    What fits is shown whole; else its beginning, to the end of a line, and how much is left out.
    """
    shown = within(text, allowance)

    if len(text) <= allowance:
        assert shown == text
        return
    kept, _, note = shown.rpartition("\n\n(The rest, ")
    assert text.startswith(kept)
    assert 0 < len(kept) <= allowance or text.startswith("\n")
    assert note == f"{len(text) - len(kept)} characters, was left out.)"
    assert text[len(kept)] == "\n" or "\n" not in text[:allowance].lstrip("\n")


def test_one_long_line_is_cut_inside() -> None:
    """
    A text without line ends is cut where the allowance ends.
    """
    assert within("g" * 50, 20).startswith("g" * 20 + "\n\n(The rest, 30 characters")


def test_allowances_are_in_proportion() -> None:
    """
    The context has most room, an input less, an ancestor's summary least.
    """
    assert CONTEXT_ALLOWANCE > INPUT_ALLOWANCE > SUMMARY_ALLOWANCE > 0
