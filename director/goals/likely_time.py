"""How long a plan will likely take, few and many minutes: guesses, for people."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from pipelines.plan import Plan, critical_path

#: Tokens of output, few and many, thinking included. Guesses.
_DRAFT: Final = (2_000, 7_000)
_REVIEW: Final = (600, 2_500)
_CONCLUSION: Final = (600, 2_000)

#: Output tokens a second: few, many. Guesses as above.
_SPEED: Final = (80, 40)

#: How often each task is written and judged.
_ROUNDS: Final = (1, 2)


def of(plan: Plan, *, done: Collection[str] = ()) -> tuple[timedelta, timedelta]:
    """
    Short and long: of the longest chain, for what stands beside it is done at the same time. *done* are the keys of tasks that
    take no more time.
    """
    chain = critical_path(plan.tasks, lambda task: 0.0 if task.key in done else 1.0)
    longest = sum(key not in done for key in chain)
    short, long = (
        (longest * (_DRAFT[case] + _REVIEW[case]) * _ROUNDS[case] + _CONCLUSION[case]) / _SPEED[case] for case in (0, 1)
    )
    return timedelta(seconds=round(short)), timedelta(seconds=round(long))
