"""`tokens`: who may come in over HTTP, made and ended; and what they did there."""

from typing import Final

from rich.text import Text

from director.access import tokens
from director.access.roles import Role
from director.bootstrap import opened
from director.cli.documents import print_document
from director.cli.terminal import console, fitted, say_workspace
from director.views.tokens import state_of, token_document, use_document
from director.words.characters import visible
from director.words.command import program
from director.words.errors import WrongCall
from director.words.settings import from_env
from director.words.tokens import TokenKind

#: Uses that are shown, the last ones.
_MOST_USES: Final = 200

_STYLE: Final = {"good": "green", "expired": "dim", "revoked": "dim"}


def print_tokens(*, json: bool) -> None:
    """The tokens and sessions, with whether each is good."""
    with opened(from_env()) as office:
        found, now = tokens.listed(office), office.clock()
    if json:
        print_document([token_document(one, now) for one in found])
        return
    out = console()
    if found:
        rows = [
            (
                one.id, one.kind, one.name, one.role, Text(state_of(one, now), style=_STYLE[state_of(one, now)]),
                f"{one.created_at:%Y-%m-%d}",
                "never" if one.expires_at is None else f"{one.expires_at:%Y-%m-%d}",
                "not yet" if one.used_at is None else f"{one.used_at:%Y-%m-%d %H:%M}",
            )
            for one in found
        ]  # fmt: skip
        columns = ("id", "kind", "name", "role", "state", "made", "expires", "last used (UTC)")
        out.print(fitted(rows, columns, out.width, text="name", drop=("made", "expires")))
    if not any(one.kind is TokenKind.TOKEN for one in found):
        out.print(
            "No token was made yet: programs and browsers of this machine may do everything over HTTP, nobody else anything. "
            f"`{program()} tokens create NAME --role admin|marketer|viewer` makes one; from then on nobody sees a page, asks "
            f"the interface or sends events without a token, a session of `{program()} open`, or WEBHOOK_TOKEN for events."
        )


def create(name: str, role: str, days: int | None, *, json: bool) -> None:
    """Make one, and show its secret this once."""
    wanted = _role(role)
    settings = from_env()
    with opened(settings, begins=True) as office:
        made, secret = tokens.create(office, name, wanted, days=days)
        now = office.clock()
    if json:
        print_document({**token_document(made, now), "secret": secret})
        return
    say_workspace(settings)
    print(visible(f"{made.id} ({made.name}, {made.role}). Its secret, which is shown now and never again:"))  # noqa: T201
    print(secret)  # noqa: T201
    print(f"Send it as `Authorization: Bearer …`; `{program()} tokens revoke {made.id}` ends it.")  # noqa: T201


def revoke(ident: str, *, json: bool) -> None:
    """End one."""
    settings = from_env()
    with opened(settings) as office:
        ended, now = tokens.revoke(office, ident), office.clock()
    if json:
        print_document(token_document(ended, now))
        return
    say_workspace(settings)
    print(visible(f"{ended.id} ({ended.kind}, {ended.name}) opens nothing any more."))  # noqa: T201


def print_uses(ident: str, *, json: bool) -> None:
    """What was done with one."""
    with opened(from_env()) as office:
        found = tokens.uses(office, ident, most=_MOST_USES)
    if json:
        print_document([use_document(one) for one in found])
        return
    out = console()
    if not found:
        out.print("Nothing was done with it yet.")
        return
    rows = [
        (f"{one.last_at:%Y-%m-%d %H:%M:%S}", one.address, one.method, one.path, str(one.status), str(one.times))
        for one in found
    ]
    columns = ("last (UTC)", "from", "method", "path", "status", "times")
    out.print(fitted(rows, columns, out.width, text="path", right=("status", "times"), drop=("times",)))


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError as problem:
        raise WrongCall(f"--role is one of {', '.join(Role)}; {word!r} is none of them.") from problem
