"""Whether two variants say the same in other words: counted, by the stems of their words and what stands beside what."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

from director.tasks.variants import Variant

#: Of the weight of the words of both, what is common to two lines that say the same.
_ALIKE: Final = 0.58

#: The same of the shorter one alone: the longer says that, and more.
_WITHIN: Final = 0.85

#: Of the words of the shorter of two texts, those in sentences that the other has in other words.
_OF_A_TEXT: Final = 0.55

#: Of the words of the shorter of two texts, those in sentences that stand in the other word for word; below it they are taken
#: for what is meant to repeat: a signature, a legal line, a call to action.
_REPEATED: Final = 0.7

#: What a word of the goal weighs, which all variants are about.
_OF_TOPIC: Final = 0.4

#: Words of a line; what has more is compared sentence by sentence.
_LINE: Final = 18

#: Of a text that is compared: its beginning, since each sentence is compared with each.
_MOST_SENTENCES: Final = 40
_LOOKED_AT: Final = 8_000

_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SENTENCES: Final = re.compile(r"(?<=[.!?:;])\s+|\n+")

#: Say nothing of what a line is about.
_EMPTY: Final = frozenset(
    """
    a an the and or but nor so then than as at by for from in into of off on onto out over to up with within about after
    before is are was were be been being am do does did done have has had having will would shall should can could may
    might must i you he she it we they me him her us them my your his its our their yours ours this that these those there
    here who which what whose when where why how if because since while until also just only even still too very really
    all any each every some get gets got make makes let lets one's it's you'll we'll don't
    """.split()  # noqa: SIM905 - a list of a hundred words is read as words
)

#: Words that say the same, each group by its first.
_SYNONYMS: Final = {
    word: group.split()[0]
    for group in (
        "save cut reduce lower trim", "free gratis nothing", "fast faster quick quickly soon sooner quicker", "begin start",
        "child children kid kids", "stop end quit", "buy purchase order", "place spot seat", "door doorstep", "return back",
        "no not without never none nobody", "day daily", "week weekly", "month monthly", "year yearly annual", "see watch",
        "bill price cost fee pay", "client customer", "bike bicycle", "2 two", "3 three", "4 four", "5 five", "6 six",
        "7 seven", "8 eight", "9 nine", "10 ten", "11 eleven", "12 twelve", "20 twenty", "30 thirty", "40 forty",
    )
    for word in group.split()
}  # fmt: skip

#: Endings that change no meaning, longest first.
_ENDINGS: Final = ("ingly", "edly", "ings", "ing", "ers", "ies", "ied", "er", "ed", "es", "ly", "y", "s", "e")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two variants that say the same."""

    first: Variant
    second: Variant


def pairs(own: Sequence[Variant], others: Sequence[Variant] = (), *, topic: str = "") -> tuple[Pair, ...]:
    """
    Of *own*, which say the same as another of them or as one of *others*, in their order. What *topic* names, all are about.
    """
    about = _stems(topic)
    compared = [*combinations(own, 2), *((one, other) for one in own for other in others)]
    return tuple(Pair(a, b) for a, b in compared if a.kind == b.kind and _say_the_same(a.text, b.text, about))


def _say_the_same(a: str, b: str, topic: frozenset[str]) -> bool:
    if len(_words(a)) <= _LINE and len(_words(b)) <= _LINE:
        return _is_same_line(a, b, topic)
    return _is_same_text(_sentences(a), _sentences(b), topic)


def _is_same_line(a: str, b: str, topic: frozenset[str]) -> bool:
    if sorted(_words(a)) == sorted(_words(b)):
        return True
    first, second = _stems(a), _stems(b)
    common = first & second
    if _numbers(first) != _numbers(second) or len(common) < 2 or _are_opposed(first, second):
        return False

    def weight(stems: Iterable[str]) -> float:
        return sum(_OF_TOPIC if stem in topic else 1.0 for stem in stems)

    shared = weight(common)
    if shared >= _ALIKE * weight(first | second):
        return True
    shorter = min(first, second, key=len)
    return len(shorter) > 2 and shared >= _WITHIN * weight(shorter) and 2 * len(shorter) >= len(first | second)


def _is_same_text(a: Sequence[str], b: Sequence[str], topic: frozenset[str]) -> bool:
    shorter, longer = sorted((a, b), key=_length)
    there = {_words(sentence) for sentence in longer}
    repeated = [sentence for sentence in shorter if _words(sentence) in there]
    if _length(repeated) >= _REPEATED * _length(shorter):
        return True
    own = [sentence for sentence in shorter if sentence not in repeated]
    others = [sentence for sentence in longer if _words(sentence) not in {_words(one) for one in repeated}]
    said = [sentence for sentence in own if any(_is_same_line(sentence, other, topic) for other in others)]
    return _length(said) >= _OF_A_TEXT * _length(own)


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(sentence for sentence in _SENTENCES.split(text[:_LOOKED_AT]) if _words(sentence))[:_MOST_SENTENCES]


def _length(sentences: Sequence[str]) -> int:
    return sum(len(_words(sentence)) for sentence in sentences)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word.lower().replace("\u2019", "'") for word in _WORD.findall(text))


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    kept = (word.removesuffix("'s") for word in _words(text) if word not in _EMPTY)
    return frozenset(_stem(word) for word in kept)


def _stem(word: str) -> str:
    word = _SYNONYMS.get(word, word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            bare = word.removesuffix(ending)
            if bare[-1] == ending == "s":
                continue  # "miss" is no plural
            # "planned" and "plan", "stopping" and "stop".
            bare = bare[:-1] if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "sl" else bare
            return _SYNONYMS.get(bare, bare)
    return word


def _are_opposed(first: frozenset[str], second: frozenset[str]) -> bool:
    only, other = first - second, second - first
    return any(not pair.isdisjoint(only) and not pair.isdisjoint(other) for pair in _OPPOSED)


#: Of two words that are each other's opposite, a line says one.
_OPPOSED: Final = tuple(
    frozenset(map(_stem, pair.split()))
    for pair in ("more less", "more fewer", "first last", "new old", "open close", "win lose", "begin stop")
)


def _numbers(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(stem for stem in stems if stem.isdigit())
