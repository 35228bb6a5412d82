"""What changed from one version to the next."""

from hypothesis import given
from hypothesis import strategies as st

from director.views.word_diff import word_diff

TEXTS = st.lists(st.sampled_from(["We mend bicycles.", "Come on Monday.", "Bring the key.", "Ask for Jo."])).map(
    "\n\n".join
)


def test_a_changed_word_is_found_in_its_paragraph() -> None:
    """The rest of it is the same."""
    found = word_diff("Come on Monday at nine.", "Come on Friday at nine.")

    assert [[(part.how, part.text) for part in paragraph.parts] for paragraph in found] == [
        [("same", "Come on "), ("gone", "Monday"), ("new", "Friday"), ("same", " at nine.")]
    ]


def test_what_did_not_change_is_counted_and_left_out() -> None:
    """But for the paragraph beside a change."""
    text = "\n\n".join(f"Paragraph {number} stays as it is" for number in range(9))

    found = word_diff(f"{text}\n\nThe end", f"{text}\n\nThe very end")

    assert [paragraph.left_out for paragraph in found] == [8, 0, 0]


def test_the_same_text_has_no_difference() -> None:
    """Nothing is shown."""
    assert word_diff("One\n\nTwo", "One\n\nTwo") == []


@given(TEXTS, TEXTS)
def test_what_is_shown_makes_the_new_text(before: str, after: str) -> None:
    """Nothing new is lost and nothing is made up, whatever the texts."""
    shown = word_diff(before, after)
    new = ["".join(part.text for part in one.parts if part.how != "gone") for one in shown if one.parts]
    kept = [paragraph for paragraph in new if paragraph]

    assert all(paragraph in after for paragraph in kept)
    assert sum(len(one.parts) > 0 or one.left_out for one in shown) >= (before.split() != after.split())
