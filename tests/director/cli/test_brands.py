"""`brands`, and for whom a command is."""

import json
from collections.abc import Callable, Iterator

import pytest

from director.access import brands
from director.cli.commands import command
from director.cli.commands.typed import _OF_ALL
from director.goals.submit import submit
from director.office import Office
from tests.director.cli.conftest import Said

Say = Callable[..., Said]


def options(group: object, *before: str) -> Iterator[tuple[str, bool]]:
    """Every command as it is typed, and whether it has --brand."""
    for name, one in getattr(group, "commands", {}).items():
        has = any("--brand" in getattr(param, "opts", ()) for param in one.params)
        yield " ".join((*before, name)), has
        yield from options(one, *before, name)


def test_every_command_says_for_whom_it_is_or_is_for_all() -> None:
    """A command that is added has --brand by itself."""
    found = dict(options(command()))

    assert {name for name, has in found.items() if not has} == _OF_ALL
    assert found["goal"]
    assert found["tokens create"]


def test_a_brand_is_added_and_listed(say: Say) -> None:
    """With where its context goes, and its figures."""
    assert "brands add NAME" in say("brands").out
    added = say("brands", "add", "acme")
    assert added.code == 0
    assert "brands/acme/context/product-marketing-context.md" in added.out
    say("budget", "set", "7", "--brand", "acme")

    assert [line.split()[0] for line in say("brands").out.splitlines()[1:]] == ["default", "acme"]
    [first, acme] = json.loads(say("brands", "list", "--json").out)
    assert (first["month_cap_usd"], acme["month_cap_usd"], acme["context"]) == (1000, 7, None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("brands", "add", "Acme"), "small letters"),
        (("status", "--brand", "../acme"), "--brand is a word of small letters"),
        (("status", "--brand", "nobody"), "There is no brand 'nobody'"),
        (("init", "--template", "--brand", "nobody"), "There is no brand 'nobody'"),
        (("goal", "Sell more", "--brand", "nobody", "--detach"), "There is no brand 'nobody'"),
        (("up", "--brand", "acme"), "No such option: --brand"),
    ],
)
def test_what_is_for_nobody_is_refused(office: Office, say: Say, words: tuple[str, ...], said: str) -> None:
    """In a sentence; nothing is made, and it is not done for the first brand."""
    answer = say(*words)

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    with office.store.read() as tx:
        assert [tx.goals.count(), len(tx.brands.all())] == [0, 1]
    assert not office.settings.workspace_dir.joinpath("brands").exists()


def test_a_command_is_for_the_brand_it_is_told(office: Office, say: Say) -> None:
    """Or for the one that has what it names."""
    brands.add(office, "acme")
    given = say("goal", "Sell more", "--brand", "acme", "--detach", "--json")
    ident = json.loads(given.out)["goal"]["id"]
    mine = submit(office, "Sell elves")

    with office.store.read() as tx:
        assert tx.goals.get(ident).brand == "acme"
    assert "Sell more" in say("status", "--brand", "acme").out
    here = say("status").out
    assert "Sell elves" in here
    assert "Sell more" not in here
    assert "The team works for acme, too" in here
    assert "Sell more" in say("status", ident).out
    assert say("pause", ident).code == 0
    refused = say("pause", mine.id, "--brand", "acme")
    assert refused.code == 2
    assert f"{mine.id} is of the brand default, and acme was named" in refused.err
    assert say("costs", "--goal", ident).code == 0
    assert say("events", "--brand", "acme").code == 0
    assert say("why", ident).code == 0
