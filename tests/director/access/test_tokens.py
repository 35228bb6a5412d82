"""Tokens: made, found, ended; what is kept of them; and the command for it."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from director.access import tokens
from director.access.roles import Role
from director.access.sessions import LASTS, make_link, open_session
from director.access.tokens import NotLetIn, caller_of, create, find, revoke
from director.cli import tokens as command
from director.office import Office
from director.store import schema
from director.words.errors import NotFound, WrongCall
from director.words.redaction import blank
from director.words.tokens import TokenKind
from tests.conftest import SetClock


def found(office: Office, secret: str) -> str:
    """The id of the token that a secret opens with."""
    with office.store.read() as tx:
        return find(tx, secret, kind=TokenKind.TOKEN).id


def test_whoever_has_the_secret_is_who_the_token_was_made_for(office: Office) -> None:
    """Its name, role and brand; 256 random bits, each time others."""
    made, secret = create(office, " Mira's  script ", Role.MARKETER)
    _, another = create(office, "Mira's script", Role.MARKETER)

    assert re.fullmatch(r"troupe_[\w-]{43}", secret)
    assert secret != another
    assert found(office, secret) == made.id == "k1"
    caller = caller_of(office, made)
    assert (caller.name, caller.role, caller.brand) == ("Mira's script", Role.MARKETER, office.brand)


def test_a_secret_is_kept_nowhere(office: Office) -> None:
    """Neither in the record, journal included, nor by what the log lets through."""
    _, secret = create(office, "gnome", Role.ADMIN)
    with office.store.read() as tx:
        record = repr([tx.conn.execute(table.select()).all() for table in schema.metadata.sorted_tables])

    assert secret.removeprefix("troupe_") not in record
    assert "token created" in record
    assert blank(f"GET /open/{secret} failed") == "GET /open/[removed: a Troupe token] failed"


def test_what_expired_or_was_revoked_opens_nothing(office: Office, clock: SetClock) -> None:
    """Each with a sentence that says since when and how there will be another; a strange one is told no more than that."""
    made, secret = create(office, "gnome", Role.VIEWER)
    _, short = create(office, "gnome", Role.VIEWER, days=1)
    assert found(office, short) == "k2"
    revoke(office, made.id)
    clock.now += timedelta(days=1)

    for given, says in (
        (secret, "revoked 2026-11-22"),
        (short, "expired 2026-11-23"),
        ("troupe_another", "none of ours"),
    ):
        with pytest.raises(NotLetIn, match=f"{says}.*tokens create"):
            found(office, given)
    assert revoke(office, made.id).revoked_at == clock.now - timedelta(days=1)


def test_anothers_brand_has_tokens_of_its_own(office: Office) -> None:
    """They are neither listed nor ended from here, as if there were none."""
    with office.store.write() as tx:
        theirs, _ = tokens.make(tx, "other", TokenKind.TOKEN, "theirs", Role.ADMIN, within=None)

    assert tokens.listed(office) == []
    for use in (lambda: revoke(office, theirs.id), lambda: tokens.uses(office, theirs.id, most=1)):
        with pytest.raises(NotFound, match="no token or session 'k1'"):
            use()


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("", None),
        ("a" * 65, None),
        ("ghost\x1b[2J", None),
        ("gnome", 0),
        ("gnome", 3651),
        ("Reviewer", None),
        ("copywriting", None),
        ("The link in the chat", None),
    ],
)
def test_what_cannot_be_kept_makes_no_token(office: Office, name: str, days: int | None) -> None:
    """A name that nobody could read in a list, or that is one of ours in the journal; days that are none."""
    with pytest.raises(WrongCall, match=r"name of a token|--days|the team's own work"):
        create(office, name, Role.VIEWER, days=days)

    with office.store.read() as tx:
        assert tx.conn.execute(select(schema.tokens)).all() == []


def test_the_command_shows_a_secret_once(
    open_with: Callable[..., Office], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `create`, and in no list after it; as words and as one document."""
    office = open_with(redis_url=None)
    monkeypatch.setattr(command, "from_env", lambda: office.settings)
    command.print_tokens(json=False)
    assert "No token was made yet" in capsys.readouterr().out
    command.create("gnome", "viewer", 30, json=True)
    document = json.loads(capsys.readouterr().out)
    command.create("troll", "admin", None, json=False)
    [secret] = re.findall(r"(?m)^troupe_\S+$", capsys.readouterr().out)
    command.revoke("k2", json=False)
    command.print_tokens(json=False)
    command.print_tokens(json=True)
    command.print_uses("k1", json=False)
    command.print_uses("k1", json=True)
    said = capsys.readouterr().out

    assert found(office, document["secret"]) == document["id"] == "k1"
    assert secret not in said
    assert document["secret"] not in said
    assert re.search(r"k1 .*viewer .*good", said)
    assert re.search(r"k2 .*admin .*revoked .*never", said)
    assert "Nothing was done with it yet." in said
    with pytest.raises(WrongCall, match="--role is one of viewer, marketer, admin"):
        command.create("gnome", "owner", None, json=False)


def test_a_session_ends_however_it_is_used(office: Office, clock: SetClock) -> None:
    """Its end does not move: who copied its cookie would keep it for ever."""
    made, _ = open_session(office, make_link(office))
    assert made.expires_at == clock.now + LASTS
    clock.forward(timedelta(days=1))

    with office.store.write() as tx:
        tx.tokens.used([(made.id, tx.now)])

    with office.store.read() as tx:
        assert tx.tokens.get(office.brand, made.id).expires_at == made.expires_at
