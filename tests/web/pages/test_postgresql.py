"""The pages over PostgreSQL: the same rules, asked again of the record that lets many write at once."""

from collections.abc import Callable

import pytest

from director.office import Office
from tests.director.store.test_postgresql import server, template, url  # noqa: F401 - the fixtures
from tests.web.pages.test_business import (  # noqa: F401 - asked again here
    test_a_context_that_changed_meanwhile_is_not_overwritten,
)
from tests.web.pages.test_managing import test_what_a_month_may_cost_is_set_on_its_page  # noqa: F401 - asked again here
from tests.web.pages.test_pages import (  # noqa: F401 - asked again here
    test_a_form_that_is_sent_twice_makes_one_goal,
    test_a_form_with_other_words_is_another_form,
    test_a_goal_is_paused_resumed_and_stopped,
    test_all_goals_are_found_again,
    test_every_link_leads_to_a_page,
)


@pytest.fixture
def office(open_with: Callable[..., Office], url: str) -> Office:  # noqa: F811 - the fixture
    """An office whose record is a PostgreSQL database."""
    return open_with(database_url=url)
