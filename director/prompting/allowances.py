"""How much of a text is shown in a prompt: what is longer is cut, and says so."""

from typing import Final

#: Characters of one input a specialist is shown; the rest is said to be left out.
INPUT_ALLOWANCE: Final = 24_000

#: Characters of the product context.
CONTEXT_ALLOWANCE: Final = 60_000

#: Characters of a skill's references; those beyond it are only named. Each of ours fits whole, as a test sees to.
REFERENCES_ALLOWANCE: Final = 24_000

#: Characters of the data of an event that started a goal.
EVENT_ALLOWANCE: Final = 4_000

#: Characters an ancestor's summary may have.
SUMMARY_ALLOWANCE: Final = 6_000

#: Characters of all learnings a prompt has: a twentieth of the product context.
LEARNINGS_ALLOWANCE: Final = CONTEXT_ALLOWANCE // 20


def within(text: str, allowance: int) -> str:
    """At most *allowance* characters of *text*, cut at a line, with a line that says so."""
    if len(text) <= allowance:
        return text
    kept = text[:allowance].rpartition("\n")[0] or text[:allowance]
    return f"{kept}\n\n(The rest, {len(text) - len(kept)} characters, was left out.)"
