"""What an answer's headers say about limits: read where it can be read, and otherwise nothing is said."""

from datetime import UTC, datetime, timedelta

import pytest

from director.claude.limits import family, left_of
from director.words.limits import Left

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GOOD = {"limit": "50", "remaining": "3", "reset": "2026-11-22T09:00:47Z"}


def headers(kind: str = "requests", **given: str) -> dict[str, str]:
    """The headers of one limit."""
    return {f"anthropic-ratelimit-{kind}-{what}": text for what, text in given.items()}


def test_each_limit_that_is_named_is_read() -> None:
    """Of requests, of tokens in and out, in their order."""
    found = left_of({**headers("output-tokens", **GOOD), **headers(**GOOD), "date": "garbage"}, NOW)

    assert (Left("requests", 50, 3, SECOND * 47), Left("output-tokens", 50, 3, SECOND * 47)) == found


def test_a_reset_is_a_moment_by_the_clock_of_the_service() -> None:
    """However wrong ours goes: the answer says what time it is there."""
    found = left_of({**headers(**GOOD), "date": "Sun, 22 Nov 2026 09:00:40 GMT"}, NOW - timedelta(days=1))

    assert (Left("requests", 50, 3, SECOND * 7),) == found


def test_what_was_to_be_full_by_now_is_full() -> None:
    """Whatever it says is left."""
    assert (Left("requests", 50, 50, timedelta(0)),) == left_of(
        headers(**GOOD | {"reset": "2026-11-22T08:59:00Z"}), NOW
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": ""}, {"limit": "0"}, {"limit": "many"}, {"limit": "-5"}, {"limit": "5.5"}, {"limit": "²"},
        {"remaining": ""}, {"remaining": "-1"}, {"remaining": "x"}, {"remaining": "9" * 5_000},
        {"reset": ""}, {"reset": "soon"}, {"reset": "60"}, {"reset": "2026-99-22T09:00:47Z"},
    ],
    ids=repr,
)  # fmt: skip
def test_what_cannot_be_read_says_nothing(wrong: dict[str, str]) -> None:
    """One limit that is no limit keeps nobody from reading the others."""
    given = {**headers(**GOOD | wrong), **headers("tokens", **GOOD)}

    assert ["tokens"] == [left.what for left in left_of(given, NOW)]
    assert left_of({}, NOW) == ()


def test_more_than_there_is_cannot_be_left() -> None:
    """It is full, then."""
    [found] = left_of(headers(**GOOD | {"remaining": "99"}), NOW)

    assert found.left == 50


@pytest.mark.parametrize(
    ("model", "its"),
    [
        ("claude-sonnet-5-5", "claude-sonnet"),
        ("claude-sonnet-5", "claude-sonnet"),
        ("claude-opus-5-5-20261021", "claude-opus"),
        ("claude-haiku-5-5-latest", "claude-haiku"),
        ("llama3.2:8b", "llama3.2:8b"),
        ("5-5", "5"),
    ],
)
def test_versions_of_a_family_share_its_limits(model: str, its: str) -> None:
    """A name that is none of the service's is its own family."""
    assert its == family(model)
    assert its == family(its)
