"""For each fact that a deliverable states, where it stands; of the product context, in which section."""

from functools import lru_cache

from director.evidence.facts import Fact, given_in
from director.evidence.sources import Where
from director.evidence.tokens import plain_words
from director.office import Office
from director.progress.facts import built_on, context_of, deliverable_of, sources_for
from director.progress.open_facts import all_facts, as_source
from director.receipts.receipt import Stated
from director.store.tx import Tx
from director.words.models import Goal, Task
from director.words.rehearsal import without_label
from pipelines.plan import StepKind
from skills import markdown


def stated(office: Office, tx: Tx, goal: Goal, task: Task, text: str) -> list[Stated]:
    """
    The facts of the pieces of *text*, each once, in its order, as its reviewer's program sees them; of a review none: it is
    about another's facts.
    """
    if task.kind is StepKind.REVIEW:
        return []
    inputs = sorted(built_on(tx, task), key=lambda found: found[1])  # as its reviewer was shown them
    given = [as_source(other.skill, said) for other, _ in inputs if (said := deliverable_of(tx, other)) is not None]
    context = context_of(tx, goal)
    found: dict[Stated, None] = {}
    for one, piece in all_facts(without_label(text), (*sources_for(office, tx, goal, task), *given)):
        by = one.by
        if one.where is Where.CONTEXT and context is not None and (section := _section(context, one.fact)):
            by = f"{by}, {section}"
        found[Stated(one.fact.words, one.where, by, piece)] = None
    return list(found)


def _section(context: str, fact: Fact) -> str | None:
    """The section of the context that gives the fact; None where it takes more than one."""
    means, words = set(fact.means), f" {' '.join(plain_words(fact.words))} "
    sections = _sections(context)
    for title, meanings, _ in sections:
        if not means.isdisjoint(meanings):
            return title
    return next((title for title, _, said in sections if words in said), None)


@lru_cache(maxsize=16)
def _sections(context: str) -> tuple[tuple[str, frozenset[object], str], ...]:
    """Of each `## ` section its title, what its facts mean, and its words."""
    lines = context.split("\n")
    starts = [(number, title) for number, level, title in markdown.headings(context) if level <= 2]
    ends = [*(number for number, _ in starts), len(lines)][1:]
    found = []
    for (start, title), end in zip(starts, ends, strict=True):
        said = "\n".join(lines[start:end])
        meanings = frozenset(meaning for fact in given_in(said) for meaning in fact.means)
        found.append((title, meanings, f" {' '.join(plain_words(said))} "))
    return tuple(found)
