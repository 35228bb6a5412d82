"""What Today says of a goal, in one sentence."""

from dataclasses import replace

import pytest

from director.goals.submit import submit
from director.office import Office
from director.views.today import sentence


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("Five letters are ready. One or two may come back.", "Five letters are ready."),
        ("For “Refunds rose. Say why” there is a page. Read it.", "For “Refunds rose. Say why” there is a page."),
        ("“Refunds rose.” So it was asked. A page is there.", "“Refunds rose.” So it was asked."),
    ],
)
def test_a_sentence_ends_where_it_ends_and_not_within_a_quotation(office: Office, said: str, first: str) -> None:
    """A goal's own words stand in quotation marks, and may be sentences."""
    goal = replace(submit(office, "Sell singing gnomes"), summary={"summary": said}, rehearsal=False)

    assert sentence(goal) == first
