"""The pages over PostgreSQL: the same rules, asked again of the record that lets many write at once."""

from collections.abc import Callable

import pytest

from director.office import Office
from tests.director.store.test_postgresql import server, template, url  # noqa: F401 - the fixtures
from tests.web.pages.test_pages import (  # noqa: F401 - asked again here
    test_a_form_that_is_sent_twice_makes_one_goal,
    test_a_form_with_other_words_is_another_form,
    test_a_goal_is_paused_resumed_and_stopped,
    test_every_link_leads_to_a_page,
)


@pytest.fixture
def office(open_with: Callable[..., Office], url: str) -> Office:  # noqa: F811 - the fixture
    """An office whose record is a PostgreSQL database."""
    return open_with(database_url=url)
