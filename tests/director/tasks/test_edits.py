"""Edits: each `old` is replaced where it stands exactly once, and not a byte outside of that changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.catalog import Catalog
from director.prompting.fences import fence
from director.prompting.forms import Edit
from director.tasks import checks
from director.tasks.edits import apply, unread
from director.words.settings import Settings
from tests.conftest import A_TASK

TEXT = "A gnome sings. A gnome dances.\nThe end."


def edit(old: str, new: str, finding: int = 1) -> Edit:
    return Edit(findings=[finding], old=old, new=new)


def fine(_: str) -> None:
    return None


def test_edits_are_made_at_their_places_in_any_order() -> None:
    """
    Places are those of the text as it was; what one edit puts there is no place for another.
    """
    edited = apply(
        TEXT, [edit("The end.", "A gnome sings."), edit("dances", "bows"), edit("A gnome sings. ", "")], fine
    )

    assert edited.text == "A gnome bows.\nA gnome sings."
    assert [made.new for made in edited.made] == ["", "bows", "A gnome sings."]
    assert edited.left == ()


def test_words_that_were_shown_as_no_tag_are_found() -> None:
    """
    A draft that writes `<event>`, as a definition may, is shown with `&lt;`; its author copies that, and the edit is made.
    """
    text = "Users who did <event> twice."
    shown = fence("earlier_draft", text).split("\n")[1]

    edited = apply(text, [edit(shown, shown.replace("twice", "once"))], fine)

    assert shown != text
    assert edited.text == "Users who did <event> once."


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("A gnome", "A troll", "its words stand in the text more than once"),
        ("a gnome sings", "x", "its words do not stand in the text"),
        ("", "x", "it changes nothing"),
        ("sings", "sings", "it changes nothing"),
    ],
)
def test_what_does_not_fit_exactly_once_is_left(old: str, new: str, why: str) -> None:
    """
    Nobody guesses which place was meant; the others are made all the same.
    """
    edited = apply(TEXT, [edit(old, new), edit("dances", "bows")], fine)

    assert edited.text == TEXT.replace("dances", "bows")
    assert edited.left == ((edit(old, new), why),)


def test_words_that_overlap_themselves_stand_twice() -> None:
    """
    In `aaa` stand two `aa`.
    """
    assert apply("aaa", [edit("aa", "b")], fine).text == "aaa"


def test_of_two_edits_that_overlap_the_first_is_made() -> None:
    """
    Both cannot be; where they only touch, both are.
    """
    edited = apply(TEXT, [edit("gnome sings", "troll sings"), edit("sings.", "hums."), edit(". A", "! A")], fine)

    assert edited.text == TEXT.replace("gnome sings. A", "troll sings! A")
    assert [why for _, why in edited.left] == ["it overlaps an earlier edit"]


def test_an_edit_with_which_the_text_has_a_fault_is_left() -> None:
    """
    The fault is looked for in the text with all that was made before, so two that are only together wrong are not both made.
    """

    def fault(text: str) -> str | None:
        return "it is empty of gnomes" if "gnome" not in text else None

    edited = apply("one gnome, two gnomes", [edit("one gnome", "one"), edit("two gnomes", "two")], fault)

    assert edited.text == "one, two gnomes"
    assert edited.left == ((edit("two gnomes", "two"), "it is empty of gnomes"),)


@given(
    parts=st.lists(st.text("ab \n", max_size=6), min_size=1, max_size=6),
    proposed=st.lists(st.tuples(st.text("ab \n", max_size=4), st.text("AB", max_size=3)), max_size=6),
)
def test_outside_of_the_edits_no_byte_differs(parts: list[str], proposed: list[tuple[str, str]]) -> None:
    """
    Cut at what was put in, the new text is the old one cut at what was taken out.
    """
    text = "".join(parts)
    edited = apply(text, [edit(old, new) for old, new in proposed], fine)

    rest_before, rest_after = text, edited.text
    for made in edited.made:
        assert text.count(made.old) == 1
        kept, _, rest_before = rest_before.partition(made.old)
        assert rest_after.startswith(kept + made.new)
        rest_after = rest_after[len(kept) + len(made.new) :]
    assert rest_before == rest_after
    assert len(edited.made) + len(edited.left) == len(proposed)


def test_what_nobody_reads_again_may_keep_the_fault_it_was_taken_with() -> None:
    """
    A person took it without the sections it should have: another place of it can be corrected, and no new fault comes in.
    """
    skill = Catalog(Settings()).roster.skills["copywriting"]
    before = "# Gnomes\n\nA gnome sings."
    broken = unread(before, skill, A_TASK, ())

    assert checks.faults(before, skill, A_TASK, cut_off=False) != ()
    assert broken(before.replace("sings", "hums")) is None
    assert "Placeholder" in (broken(before.replace("sings", "TODO")) or "")


def test_what_nobody_reads_again_keeps_its_pieces_and_invents_nothing() -> None:
    """
    Titles are what plan, report and colleagues name a piece by; a price comes from a source.
    """
    skill = Catalog(Settings()).roster.skills["copywriting"]
    before = '# Gnomes\n\n<piece title="Poster">\nA gnome sings.\n</piece>\n'
    broken = unread(before, skill, A_TASK, ())

    assert broken(before.replace("Poster", "Bill")) == "it changes which pieces there are"
    assert "£77" in (broken(before.replace("sings", "costs £77")) or "")
