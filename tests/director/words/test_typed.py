"""What people type, read into our words and amounts."""

import pytest

from director.words.amounts import NANO
from director.words.errors import WrongCall
from director.words.states import PlanBy, Priority
from director.words.typed import amount, word


@pytest.mark.parametrize("given", ["P1", "p1", " p1 "])
def test_a_word_is_known_in_any_case(given: str) -> None:
    """People do not look up how it is spelled."""
    assert word(Priority, "--priority", given) is Priority.P1


def test_what_was_not_typed_is_nothing() -> None:
    """Whoever asks decides what follows."""
    assert word(Priority, "--priority", None) is None
    assert amount("--budget", None) is None


def test_a_word_that_is_none_gets_a_sentence() -> None:
    """It names what was asked for, what there is, and what came, cut to a line."""
    with pytest.raises(WrongCall) as refused:
        word(PlanBy, "plan_by", "gnomes " * 30)

    assert str(refused.value).startswith("plan_by has to be one of claude, template; it is 'gnomes gnomes")
    assert len(str(refused.value)) < 120


@pytest.mark.parametrize(("given", "nano"), [("0", 0), ("2.50", 2_500_000_000), ("25", 25 * NANO)])
def test_an_amount_is_nano_dollars(given: str, nano: int) -> None:
    """Exactly."""
    assert amount("--budget", given) == nano


@pytest.mark.parametrize("given", ["a lot", "-1", "nan", "1e-20"])
def test_an_amount_that_is_none_gets_a_sentence(given: str) -> None:
    """With examples of one."""
    with pytest.raises(WrongCall, match=r"--budget has to be an amount in USD such as 25 or 2\.50"):
        amount("--budget", given)
