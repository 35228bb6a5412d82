"""An answer to a question by somebody who is known: as it was seen, and where they may say that."""

from director.access.roles import Caller, Right, who_may
from director.inbox import approvals
from director.office import Office
from director.words.errors import NotAllowed
from director.words.models import Approval
from director.words.question import About, CapOf, raises, raises_for_all
from director.words.states import Answer


def right_to(about: About, said: Answer) -> Right:
    """What an answer needs: a yes that raises what a month or a day may cost is no smaller a thing than to set it."""
    return Right.MANAGE if said is Answer.APPROVE and raises_for_all(about) else Right.WORK


def answer(
    office: Office,
    caller: Caller,
    ident: str,
    said: Answer,
    words: str | None = None,
    *,
    version: str | None,
    cap_nano: int | None = None,
) -> Approval:
    """
    Give the caller's answer, as `approvals.answer`.

    Raises:
        NotFound: there is no such question of the caller's brand.
        NotAllowed: that answer is not theirs to give.
        WrongCall: as `approvals.answer`.
    """
    with office.store.read() as tx:
        question = tx.approvals.get(ident, brand=caller.brand)
    right = right_to(question.about, said)
    if not caller.may(right):
        of = next((of for of in raises(question.about) if of is not CapOf.GOAL), CapOf.GOAL)
        raise NotAllowed(
            f"A yes to {ident} raises what the {of} may cost, which a {caller.role} may not: that answer needs the role "
            f"{who_may(right)}. Nothing changed."
        )
    return approvals.answer(office, question.id, said, words, by=caller.by, version=version, cap_nano=cap_nano)
