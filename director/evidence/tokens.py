"""Words, numbers and signs of a sentence, and what a word is compared by."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(r"\d+(?:[.,'’\u00a0\u202f]\d+)*+|[^\W\d_]+(?:['’][^\W\d_]+)*+|\S")

#: Longer runs of digits are no number anybody states, and reading them takes time by the square.
_LONGEST: Final = 24


class Sort(StrEnum):
    """What a token is."""

    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"


class Token(NamedTuple):  # made by the ten thousand, in a third of a dataclass's time
    """A word, a number as written, or one other character, with its place in the passage."""

    text: str
    lower: str
    start: int
    end: int
    sort: Sort

    @property
    def is_capital(self) -> bool:
        """It is a word that begins with a capital letter."""
        return self.sort is Sort.WORD and self.text[0].isupper()


#: What an emphasis leaves behind; it stands for nothing.
_EMPHASIS: Final = "*_"


def tokens_of(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of a stretch of *text*, in order, without the marks of emphasis."""
    found = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word = match.group()
        if word in _EMPHASIS or (len(word) > _LONGEST and word[0].isdigit()):
            continue
        sort = Sort.NUMBER if word[0].isdecimal() else Sort.WORD if word[0].isalpha() else Sort.SIGN
        found.append(Token(word, word.lower().replace("’", "'"), match.start(), match.end(), sort))
    return found


#: Words that say nothing of what a number counts. Units are among them: they are part of the number.
_STOP: Final = frozenset(
    """
    a about above after again all almost also always am an and another any approximately are around as at be because been
    before being below between both but by can cent cents come comes could did do does done down during each either else
    euro euros even ever every few for from get gets got had has have he her here hers him his how i if in into is it its
    it's just last least less like made make many may me mine more most much must my nearly neither never next no nor not
    now of off on once one ones only onto or other our ours out over own per percent pound pounds quid roughly same she
    should since so some still such than that the their them then there these they this those through till to today too
    under until up upon us use very was we well were what when where whether which while who whom whose why will with
    within without would yes yet you your yours
    second seconds minute minutes hour hours day days night nights week weeks month months monthly quarter quarters year
    years yearly annual annually daily weekly weekday weekdays decade decades half third first dollar dollars gbp eur usd
    january february march april june july august september october november december spring summer autumn winter
    monday tuesday wednesday thursday friday saturday sunday morning evening noon midnight o'clock pm
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand dozen million twice
    """.split()
)  # fmt: skip

#: Words that mean the same to whoever reads about a small business; compared by the second.
_SAME: Final = {
    "bike": "bicycle", "bikes": "bicycle", "rider": "subscriber", "riders": "subscriber", "member": "subscriber",
    "members": "subscriber", "customer": "client", "customers": "client", "mend": "repair", "mended": "repair",
    "fix": "repair", "fixed": "repair", "opens": "open", "opening": "open", "licence": "license",
    "telephone": "phone", "tel": "phone", "ring": "phone", "staff": "people", "reviewer": "review",
    "retried": "retry", "retries": "retry", "founded": "found", "closes": "close", "answered": "answer",
    "reply": "answer", "replies": "answer", "replied": "answer", "signed": "join", "joined": "join", "joining": "join",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What a word is compared by: without its endings, and no more than its first six letters."""
    word = word.removesuffix("'s").removesuffix("'")
    word = _SAME.get(word, word)
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ed", "ly"):
        if word.endswith(ending) and len(word) >= len(ending) + 3:
            word = word.removesuffix(ending)
            break
    if len(word) > 3:
        word = word.removesuffix("e")
    return word[:6]


def word_at(tokens: Sequence[Token], at: int) -> str:
    """The token at a place, in lower case; nothing beyond either end."""
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def content(tokens: Iterable[Token]) -> frozenset[str]:
    """The stems of the words that say what a sentence is about."""
    return frozenset(
        stem(token.lower)
        for token in tokens
        if token.sort is Sort.WORD and token.lower not in _STOP and len(token.lower) > 1
    )


@lru_cache(maxsize=512)
def content_of(text: str) -> frozenset[str]:
    """The `content` of a text that many sentences share: a heading, a table's header, a row."""
    return content(tokens_of(text))


@lru_cache(maxsize=512)
def words_of(text: str) -> frozenset[str]:
    """All tokens of a text that many sentences share, in lower case."""
    return frozenset(token.lower for token in tokens_of(text))


def plain_words(text: str) -> list[str]:
    """The words of a text for comparing quotations and names: lower case, no punctuation, no style of quotes."""
    return [token.lower.removesuffix("'s") for token in tokens_of(text) if token.sort is not Sort.SIGN]
