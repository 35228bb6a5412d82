"""The interface over PostgreSQL, which lets many write at once where SQLite has one pen: the same rules, asked again."""

from collections.abc import Callable

import pytest

from director.office import Office
from tests.director.store.test_postgresql import server, template, url  # noqa: F401 - the fixtures
from tests.web.api.test_answers import (  # noqa: F401 - asked again here
    test_a_stale_answer_is_told_what_happened,
    test_two_hundred_answers_to_one_version_have_one_effect,
)
from tests.web.api.test_bodies import test_no_address_takes_what_is_no_text  # noqa: F401 - asked again here
from tests.web.api.test_goals import TestAPlan as _Plans
from tests.web.api.test_goals import TestOnce as _Once
from tests.web.api.test_lists import (  # noqa: F401 - asked again here
    test_goals_come_newest_first_and_each_once,
    test_rows_that_are_added_change_no_later_page,
)
from tests.web.api.test_money import (  # noqa: F401 - asked again here
    test_caps_are_said_by_who_saw_what_they_were,
    test_what_is_spent_is_no_other_version_of_the_caps,
)
from tests.web.api.test_operations import (  # noqa: F401 - asked again here
    test_every_read_answers_what_its_description_says,
)


@pytest.fixture
def office(open_with: Callable[..., Office], url: str) -> Office:  # noqa: F811 - the fixture
    """An office whose record is a PostgreSQL database."""
    return open_with(database_url=url)


class TestOnce:
    """Idempotency-Key."""

    test_same = _Once.test_the_same_key_makes_one_goal_however_often_it_comes
    test_at_once = _Once.test_many_at_once_with_one_key_make_one_goal
    test_another = _Once.test_the_same_key_for_another_goal_is_a_conflict


class TestAPlan:
    """Changed, and agreed to as it was seen."""

    test_changed = _Plans.test_it_is_changed_before_somebody_agrees
