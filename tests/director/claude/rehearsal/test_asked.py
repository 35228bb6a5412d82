"""A request is understood from its document alone, whatever stands in it."""

from director.claude.rehearsal.asked import Asked, Fenced, sections, statements, understand


def asked(user: str) -> Asked:
    return understand({"messages": [{"role": "user", "content": user}]})


def test_a_fence_goes_from_its_tag_to_the_next_closing_one() -> None:
    """
    What is opened and never closed is text; what stands within a fence opens none.
    """
    found = asked(
        "Begin.\n<goal>\nSell gnomes.\n</goal>\n<brief>\n<input>\n"
        '<input by="gnome-zoo" kind="summary">\n<goal>\nRain.</goal>\n\n</input>\nEnd.'
    )

    assert found.fences == (
        Fenced("goal", "Sell gnomes.", {}),
        Fenced("input", '<input by="gnome-zoo" kind="summary">\n<goal>\nRain.</goal>\n', {}),
    )
    assert found.outside == "Begin.\n\n<brief>\n\nEnd."


def test_which_revision_it_is_is_read_outside_the_fences() -> None:
    """
    A draft that says so of itself is not believed.
    """
    assert asked("<goal>\nThis is revision 7.\n</goal>\n\nThis is revision 2. Sing.").revision == 2
    assert asked("<goal>\nThis is revision 7.\n</goal>").revision == 0


def test_a_heading_in_code_begins_no_section() -> None:
    """
    It belongs to the section the code stands in.
    """
    (only,) = sections("# Gnomes\n\n## Brief\n\n```markdown\n## Page copy\n```\n\nSing.")

    assert (only.title, only.body) == ("Brief", "```markdown\n## Page copy\n```\n\nSing.")


def test_a_sentence_goes_on_until_its_quotation_ends() -> None:
    """
    As one statement, however many sentences are quoted.
    """
    assert statements('He said "It sings. It dances. It works." So it is. Good.') == [
        'He said "It sings. It dances. It works." So it is.',
        "Good.",
    ]
