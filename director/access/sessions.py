"""Sessions of browsers: a link that is good once, printed on this machine, becomes one."""

import getpass
from datetime import timedelta
from typing import Final

from director.access.roles import Role
from director.access.tokens import NotLetIn, find, make
from director.office import Office
from director.progress.questions import PERSON
from director.store.tx import Tx
from director.words.models import Token
from director.words.tokens import TokenKind

#: How long a link is good for: to copy it to another browser, and not to be found in a history.
LINK_WITHIN: Final = timedelta(minutes=10)

#: How long a session is good for, used or not: so long a cookie that was copied is, too.
LASTS: Final = timedelta(days=30)


def make_link(office: Office, *, by: str = PERSON) -> str:
    """The secret of a link for one browser. Whoever can make one has this machine's record, so it is an admin's."""
    with office.store.write() as tx:
        link, secret = make(tx, office.brand, TokenKind.LINK, _whose(), Role.ADMIN, within=LINK_WITHIN)
        tx.note(None, link.id, "link made", by=by)
    return secret


def see_link(office: Office, secret: str) -> Token:
    """
    The link of a secret, which is not used up by this.

    Raises:
        NotLetIn: it was used, expired, or is none.
    """
    with office.store.read() as tx:
        return find(tx, secret, kind=TokenKind.LINK)


def open_session(office: Office, secret: str) -> tuple[Token, str]:
    """
    A session, and its secret, for the link of *secret*, which is used up in the same transaction.

    Raises:
        NotLetIn: it was used, also a moment ago by somebody else; or it expired, or is none.
    """
    with office.store.write() as tx:
        link = find(tx, secret, kind=TokenKind.LINK)
        if not tx.tokens.end(link.id):
            raise NotLetIn("This link was used a moment ago.", link)
        return _begin(tx, link)


def _begin(tx: Tx, link: Token) -> tuple[Token, str]:
    session, secret = make(tx, link.brand, TokenKind.SESSION, link.name, link.role, within=LASTS)
    tx.note(None, session.id, "session begun", by=link.name, detail=f"by link {link.id}")
    return session, secret


def _whose() -> str:
    """Who is logged in on this machine, as its sessions are listed."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without names
        name = "somebody"
    return f"{name[:40]} in a browser"
