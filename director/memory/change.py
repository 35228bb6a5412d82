"""What people do with learnings: add, word anew, accept, retire."""

from typing import Final

from director.memory import learn
from director.memory.readable import mirror
from director.office import DIRECTOR, Office
from director.words.command import program
from director.words.errors import WrongCall
from director.words.learning import LearnedFrom
from director.words.models import Learning
from director.words.redaction import find
from director.words.states import LearningState

#: Who did it, in the journal.
PERSON: Final = LearnedFrom.PERSON


def add(office: Office, text: str, skill: str) -> Learning:
    """
    A person's sentence for all work of *skill*, or of everybody where that is the Director; what says the same is put in
    these words.

    Raises:
        WrongCall: no such skill, or no sentence that can be kept.
    """
    known = {*office.skills, DIRECTOR}
    if skill not in known:
        raise WrongCall(
            f"There is no skill {skill!r}; `{program()} skills` lists them, and {DIRECTOR!r} is for all. Nothing was kept."
        )
    said = _checked(text)
    with office.store.write() as tx:
        made = learn.from_person(tx, office.brand, skill, said)
    mirror(office)
    return made


def edit(office: Office, ident: str, text: str) -> Learning:
    """
    The learning in a person's words, which are followed: whoever words it has read it. Its figures begin anew.

    Raises:
        NotFound: no such learning.
        WrongCall: it was retired, or this is no sentence that can be kept.
    """
    said = _checked(text)
    with office.store.write() as tx:
        tx.learnings.one_at_a_time()
        one = tx.learnings.get(ident)
        if one.state is LearningState.RETIRED:
            raise WrongCall(f'{ident} was retired; say it anew: `{program()} memory add "…" --skill {one.skill}`.')
        changed = learn.in_persons_words(tx, one, said)
    mirror(office)
    return changed


def accept(office: Office, ident: str) -> Learning:
    """
    Follow a proposal from here on. Accepted again it is as it was.

    Raises:
        NotFound: no such learning.
        WrongCall: it was retired.
    """
    with office.store.write() as tx:
        tx.learnings.one_at_a_time()
        one = tx.learnings.get(ident)
        if one.state is LearningState.RETIRED:
            raise WrongCall(f'{ident} was retired; say it anew: `{program()} memory add "…" --skill {one.skill}`.')
        if one.state is LearningState.PROPOSED:
            one = tx.learnings.move(one, LearningState.ACTIVE, by=PERSON, why="A person accepted it.")
    mirror(office)
    return one


def retire(office: Office, ident: str) -> Learning:
    """
    Show it no more; work that was begun with it goes on. Retired again it is as it was.

    Raises:
        NotFound: no such learning.
    """
    with office.store.write() as tx:
        tx.learnings.one_at_a_time()
        one = tx.learnings.get(ident)
        if one.state is not LearningState.RETIRED:
            one = tx.learnings.move(one, LearningState.RETIRED, by=PERSON, why="A person retired it.")
    mirror(office)
    return one


def _checked(text: str) -> str:
    said = learn.one_line(text)
    if learn.fits(said):
        return said
    if secrets := find(said):
        raise WrongCall(f"It contains {' and '.join(secrets)}, and every prompt would repeat that. Leave it out.")
    if len(said) > learn.LONGEST:
        raise WrongCall(f"A learning is a sentence of at most {learn.LONGEST} characters; this has {len(said):,}.")
    raise WrongCall('Say what to do in a sentence, such as "Name the day, not the week".')
