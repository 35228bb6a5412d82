"""Tokens: made, shown once, found by their secret, revoked. What else comes in with a secret goes through `find` as well."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from director.access.roles import HERE, Caller, Role
from director.notices.links import BY_LINK
from director.office import DIRECTOR, REVIEWER, Office
from director.progress.questions import PERSON
from director.store.tx import Tx
from director.words.characters import visible
from director.words.command import program
from director.words.errors import DirectorError, WrongCall
from director.words.models import Token, TokenUse
from director.words.tokens import PREFIX, TokenKind

#: Bytes of a secret: nobody guesses 256 random bits, so that a plain hash is enough to keep.
_BYTES: Final = 32

_LONGEST_NAME: Final = 64

#: Who else stands in the journal, besides the specialists: nobody may be taken for one of them.
_OURS: Final = frozenset({
    PERSON, DIRECTOR, REVIEWER, HERE, "troupe", "submit", "sweep", "clock", "ledger", "limits", "health", "brake",
})  # fmt: skip

#: Days a token may be good for; who wants more makes one without an end.
_MOST_DAYS: Final = 3650

#: What people are shown, and revoke: links end by themselves.
LISTED: Final = (TokenKind.TOKEN, TokenKind.SESSION)


#: How long it is known what was done with one.
USES_KEPT: Final = timedelta(days=90)


class NotLetIn(DirectorError):
    """A secret opens nothing. *token*: the one that is not good any more, where there is one."""

    def __init__(self, sentence: str, token: Token | None = None) -> None:
        super().__init__(sentence)
        self.token = token


def create(office: Office, name: str, role: Role, *, days: int | None = None, by: str = PERSON) -> tuple[Token, str]:
    """
    A new token, and its secret, which is in no other place and can be shown now only.

    Raises:
        WrongCall: no name, or no number of days, that can be kept.
    """
    said = _name(name)
    if said.lower() in _OURS or said.lower() in office.skills or said.lower().startswith(BY_LINK):
        raise WrongCall(f"{said!r} is who does the team's own work: give the token another name, as of who uses it.")
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise WrongCall(
            f"--days has to be a number from 1 to {_MOST_DAYS}; it is {days}. Without it the token has no end."
        )
    with office.store.write() as tx:
        token, secret = make(
            tx, office.brand, TokenKind.TOKEN, said, role, within=None if days is None else timedelta(days=days)
        )
        tx.note(None, token.id, "token created", by=by, detail=f"{said}, {role}")
    return token, secret


def make(tx: Tx, brand: str, kind: TokenKind, name: str, role: Role, *, within: timedelta | None) -> tuple[Token, str]:
    """A new one of any kind, good for *within*, and its secret."""
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    expires_at = None if within is None else tx.now + within
    return tx.tokens.add(brand, kind=kind, name=name, role=role, digest=digest(secret), expires_at=expires_at), secret


def find(tx: Tx, secret: str, *, kind: TokenKind) -> Token:
    """
    The token of a secret. It is looked for by its hash, so that the time a look takes says nothing of what is kept.

    Raises:
        NotLetIn: there is none of this kind, or it expired or was revoked.
    """
    token = tx.tokens.find(digest(secret))
    if token is None or token.kind is not kind:
        raise NotLetIn(f"This {kind} is none of ours, or of another installation: {_another(kind)}.")
    if token.revoked_at is not None:
        ended = "used" if kind is TokenKind.LINK else "revoked"
        raise NotLetIn(f"This {kind} was {ended} {token.revoked_at:%Y-%m-%d %H:%M} UTC: {_another(kind)}.", token)
    if token.expires_at is not None and token.expires_at <= tx.now:
        raise NotLetIn(f"This {kind} expired {token.expires_at:%Y-%m-%d %H:%M} UTC: {_another(kind)}.", token)
    return token


def caller_of(office: Office, token: Token) -> Caller:
    """Who asks with it. An admin of the brand that the installation is run for runs the installation."""
    whole = token.role is Role.ADMIN and token.brand == office.brand
    signed_in = token.kind is TokenKind.SESSION
    return Caller(token.name, token.role, token.brand, token.id, signed_in=signed_in, whole=whole)


def still_good(tx: Tx, came_by: Collection[str | None]) -> set[str | None]:
    """
    Of the ids of tokens and sessions that were good when somebody came in by them, those that are good now; None, for those who
    came in without, as long as no token was made.
    """
    good: set[str | None] = {*tx.tokens.good({one for one in came_by if one is not None})}
    if None in came_by and not tx.tokens.any_made():
        good.add(None)
    return good


def listed(office: Office) -> list[Token]:
    """The brand's tokens and sessions, those that are over too, oldest first."""
    with office.store.read() as tx:
        return tx.tokens.all(office.brand, kinds=LISTED)


def revoke(office: Office, ident: str, *, by: str = PERSON) -> Token:
    """
    End a token or a session: its next request is refused. Revoked again it is as it was.

    Raises:
        NotFound: there is none.
    """
    with office.store.write() as tx:
        token = tx.tokens.get(office.brand, ident)
        if tx.tokens.end(ident):
            tx.note(None, ident, f"{token.kind} revoked", by=by, detail=token.name)
        return tx.tokens.get(office.brand, ident)


def uses(office: Office, ident: str, *, most: int) -> list[TokenUse]:
    """
    What was done with a token or in a session, the last first.

    Raises:
        NotFound: there is none.
    """
    with office.store.read() as tx:
        tx.tokens.get(office.brand, ident)
        return tx.tokens.uses(ident, most=most)


def forget_old_uses(office: Office) -> int:
    """Take what was done longer ago than `USES_KEPT` off the trail, of all brands; how many lines that were."""
    with office.store.write() as tx:
        return tx.tokens.forget_uses(tx.now - USES_KEPT)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _another(kind: TokenKind) -> str:
    if kind is TokenKind.TOKEN:
        return f"`{program()} tokens create NAME --role ROLE` makes another"
    return (
        f"`{program()} open` prints a link for another"
        if kind is TokenKind.SESSION
        else f"`{program()} open` prints another"
    )


def _name(name: str) -> str:
    said = " ".join(name.split())
    if not 0 < len(said) <= _LONGEST_NAME or visible(said) != said:
        raise WrongCall(
            f"The name of a token has 1 to {_LONGEST_NAME} characters that can be read; this one has {len(said)}."
        )
    return said
