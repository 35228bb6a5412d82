"""Where a learning comes from, and how it went there."""

from enum import StrEnum


class LearnedFrom(StrEnum):
    """Whose words a learning is in."""

    PERSON = "person"  #: A person said it of all such work.
    INSTRUCTIONS = "instructions"  #: A person said it of one piece, sending it back.
    FINDINGS = "findings"  #: Ours: reviews that sent drafts back were counted.
    CONCLUSION = "conclusion"  #: The Director's, that is a model's, at the end of a goal.


class Result(StrEnum):
    """How the work went from which something was learned."""

    SUCCESS = "success"
    PARTIAL = "partial"
    FAILURE = "failure"
