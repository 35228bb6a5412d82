"""What the three roles may do: one table, for everything that is asked over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from director.progress.questions import PERSON
from director.words.tokens import Role

__all__ = ["HERE", "RIGHTS", "Caller", "Right", "Role"]


class Right(StrEnum):
    """What can be asked for."""

    READ = "read"  #: see what is there
    WORK = "work"  #: give goals, change and end them, answer questions
    MANAGE = "manage"  #: caps of a month and a day, also by a yes that raises one; schedules, tokens


#: The table of roles.
RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.VIEWER: frozenset({Right.READ}),
    Role.MARKETER: frozenset({Right.READ, Right.WORK}),
    Role.ADMIN: frozenset(Right),
}


def who_may(right: Right) -> str:
    """The roles that have the right, in words: "marketer or admin"."""
    return " or ".join(role for role, rights in RIGHTS.items() if right in rights)


#: What whoever comes from this machine without a token is called.
HERE: Final = "this machine"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking."""

    name: str  #: of their token; as it stands in the journal of what they do
    role: Role
    brand: str  #: the one they belong to; others' they cannot see
    token: str | None = None  #: the id of the token or session they came in by; None: by none
    signed_in: bool = False  #: by a session, which a browser can end
    whole: bool = False  #: whether they see what all brands come to together: who has this machine, or runs it

    @property
    def by(self) -> str:
        """As the journal has them, where a name has so much room. Who has no token is the person at this machine."""
        return PERSON if self.name == HERE else self.name[:64]

    @property
    def ident(self) -> str:
        """What tells them from others of the same name."""
        return self.token or self.name[:64]

    def may(self, right: Right) -> bool:
        """Whether their role has the right."""
        return right in RIGHTS[self.role]
