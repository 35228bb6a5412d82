"""Quotations, addresses, names and comparisons in a passage."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from director.evidence.quantities import NUMBERS_A_PART
from director.evidence.tokens import Sort, Token, stem, word_at

_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]\"'“”|]{1,300}+"
    r"|(?<![\w.+-])[\w.+-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+){1,4}+"
    r"|(?<![\w@./-])[a-z0-9-]{1,63}+(?:\.[a-z0-9-]{1,63}+){0,3}?\.(?:com|org|net|io|dev|de|uk|eu|ch|at|fr|example|app|shop)\b"
    r"(?:/[^\s<>()\[\]\"'“”|]{0,300}+)?"
)
_CODE: Final = re.compile(r"`[^`\n]{1,300}+`")
_OPTION: Final = re.compile(r"(?<![\w-])--[a-z][\w-]{1,40}+")
_STREETS: Final = frozenset("street road lane avenue square hill way drive court row terrace boulevard close".split())
_STREET_ENDINGS: Final = ("straße", "strasse", "gasse", "weg", "platz", "allee")


def addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Links and mail addresses: where each stands, and what it is compared by."""
    for found in _ADDRESS.finditer(text):
        written = found.group().rstrip(".,;:!?*_")
        yield found.start(), found.start() + len(written), _normal_address(written)


def _normal_address(written: str) -> str:
    """Without scheme, "www.", parameters and the last slash."""
    plain = written.lower().partition("://")[2] or written.lower()
    return plain.removeprefix("www.").partition("?")[0].partition("#")[0].rstrip("/")


def options(text: str) -> Iterator[tuple[int, str]]:
    """Options of a command in a text's code: `--dry-run`."""
    for code in _CODE.finditer(text):
        for option in _OPTION.finditer(code.group()):
            yield code.start() + option.start(), option.group()


def phones_and_streets(tokens: Sequence[Token]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Telephone numbers and streets with a number: from token to token, and what each is compared by."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if (
            token.sort is Sort.NUMBER
            and token.text.isdecimal()
            and not (at and tokens[at - 1].text in "/.:" and tokens[at - 1].end == token.start)
            and (token.text[0] == "0" or (at and tokens[at - 1].text == "+"))
        ):
            after, digits = at, ""
            while (
                after < len(tokens)
                and len(digits) < 16
                and (tokens[after].text.isdecimal() or tokens[after].text in "-/()")
            ):
                digits += tokens[after].text if tokens[after].text.isdecimal() else ""
                after += 1
            if len(digits) >= 6:
                while not tokens[after - 1].text.isdecimal():
                    after -= 1
                yield at, after, ("phone", digits)
                at = after
                continue
        if (
            token.is_capital
            and token.lower.endswith(_STREET_ENDINGS)
            and at + 1 < len(tokens)
            and tokens[at + 1].text.isdecimal()
        ):
            yield at, at + 2, ("street", token.lower, tokens[at + 1].text)
        elif (
            token.sort is Sort.NUMBER
            and at + 2 < len(tokens)
            and tokens[at + 1].is_capital
            and tokens[at + 2].lower in _STREETS
        ):
            yield at, at + 3, ("street", tokens[at + 1].lower, tokens[at + 2].lower, token.text)
        at += 1


_PAIRS: Final = {'"': '"', "“": "”", "„": "“", "«": "»", "»": "«", "‘": "’"}
#: Characters.
LONGEST_QUOTE: Final = 600


def quotations(text: str) -> Iterator[tuple[int, int]]:
    """What stands between quotation marks, without them."""
    at = 0
    while at < len(text):
        end = _PAIRS.get(text[at])
        if end is None or (text[at] in "‘»" and at and text[at - 1].isalnum()):
            at += 1
            continue
        ends = {end, "”"} if text[at] in "„“" else {end}
        limit = min(len(text), at + LONGEST_QUOTE)
        after = next((place for place in range(at + 1, limit) if text[place] in ends), None)
        if after is None:
            # No quotation: nothing of this stretch is looked at twice for the same mark.
            at = limit if text[at] == '"' else at + LONGEST_QUOTE // 4
            continue
        yield at + 1, after
        at = after + 1


_SAYING: Final = frozenset(
    """
    said says say told tells tell wrote writes written calls called call put puts quote quoted according explained explains
    added remembers recalls asked reports reported commented admits words client customer
    """.split()
)
_TO_BE_SAID: Final = frozenset(
    """
    say ask answer reply write print add use label button subject headline title type search avoid link heading named if when
    whenever instead reads read line sign tone caption cta should suggest change replace text tagline proposal put call
    """.split()
)


def is_attributed(before: Sequence[Token], behind: Sequence[Token], *, alone: bool, quoted_block: bool) -> bool:
    """
    Whether somebody is said to have said it: a verb of saying or a dash with a source nearby, or a block of its own.

    Not where it is to be said or written: "Say: …", "If they say …", a button's or a subject's text.
    """
    first = before[0].lower if before else ""
    near = [token.lower for token in before[-8:]]
    if first in _TO_BE_SAID or any(word in ("if", "when", "avoid", "subject", "button", "headline") for word in near):
        return False
    after = [token.lower for token in behind[:7]]
    if quoted_block or (alone and bool(behind) and behind[0].text in "—–-"):
        return True
    if any(word in ("say", "ask", "answer", "reply") for word in near):
        return False
    if any(word in _SAYING for word in (*near, *after)):
        return True
    return (bool(behind) and behind[0].text in "—–(") or (alone and bool(behind) and behind[0].is_capital)


_SPEAKERS: Final = ("you say", "we say", "you answer", "we answer", "our answer", "say back", "answer with")


def is_script(headers: str) -> bool:
    """Whether the columns of a table are what is to be said: "They say", "You say"."""
    return any(words in headers.lower() for words in _SPEAKERS)


_JOINING: Final = frozenset("& von van der di du".split())

#: What everybody knows, and says nothing of the brand by itself; and capitals that are no names.
_KNOWN: Final = frozenset(
    """
    i i'm i'll i'd i've ok faq pdf csv url html css sms gdpr vat uk eu us usa english german french google facebook instagram
    whatsapp linkedin youtube tiktok reddit github gitlab excel word linux windows mac macos pypi api apis json http https cli
    sql gil ci cd os cpu ram utc cta ctr cpc roi kpi crm seo dm ps mr mrs ms dr no europe british
    ctrl alt esc orm
    christmas easter internet email python id qr dl tel hi hello dear
    """.split()
)


def names(tokens: Sequence[Token], begins: set[int], taken: set[int], *, is_heading: bool) -> Iterator[tuple[int, int]]:
    """
    Runs of capitalised words that are no beginning of a sentence, no heading's case and no everyday word: from token to token.

    *begins* are the tokens a sentence, line or quotation begins with; there an everyday word is no name.
    """
    titled = is_heading and sum(token.is_capital for token in tokens) > 1
    at = 0
    while at < len(tokens):
        if at in taken or not tokens[at].is_capital:
            at += 1
            continue
        after = at + 1
        while after < len(tokens) and after - at < 8 and after not in taken and after not in begins:
            if tokens[after].is_capital:
                after += 1
            elif (tokens[after].lower in _JOINING and after + 1 < len(tokens) and tokens[after + 1].is_capital) or (
                tokens[after].text == "."
                and len(tokens[after - 1].text) <= 2
                and after + 1 < len(tokens)
                and tokens[after + 1].is_capital
            ):
                after += 2
            else:
                break
        first = at
        while (
            first < after
            and (first in begins or titled)
            and is_everyday(tokens[first].lower)
            and (
                after - first == 1
                or titled
                or tokens[first].lower in _OPENERS
                or (first + 1 < after and not tokens[first + 1].is_capital)
            )
        ):
            first += 1
        # "Variant B"
        if tokens[at].lower in NUMBERS_A_PART and after - at == 2 and len(tokens[at + 1].text) == 1:
            first = after
        # "Proposal:" is the label of a line.
        is_label = after - at == 1 and at in begins and after < len(tokens) and tokens[after].text == ":"
        if first < after and not is_label and not all(_is_known(tokens[place]) for place in range(first, after)):
            yield first, after
        at = max(after, at + 1)


_OPENERS: Final = frozenset(
    """
    the a an our your my we you it if in on at by for from with and but or as to this that these those what who how why when
    where is are do does no not yes ask call meet visit see read write send dear hi hello contact since until after before
    first then each every all use join am both was named source between
    """.split()
)


def is_known(word: str) -> bool:
    """Everybody knows it, and it says nothing of the brand."""
    return word.removesuffix("'s") in _KNOWN


def _is_known(token: Token) -> bool:
    return is_known(token.lower) or (token.sort is Sort.SIGN) or (len(token.text) == 1)


#: Letters of the shortest word that is taken for one with a prefix before it: "unset".
_PREFIXED: Final = 4


@cache
def _common() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("everyday.md").read_text("utf-8").split())


def is_everyday(word: str) -> bool:
    """It is in the language's common words, in some form: whoever begins a sentence with it names nobody."""
    # "Rebuilding", "Unset"
    bare = word[2:] if word.startswith(("re", "un")) and len(word) > _PREFIXED else ""
    return _is_common(word) or (bool(bare) and _is_common(bare))


def _is_common(word: str) -> bool:
    word, common = word.removesuffix("'s"), _common()
    # "a" is not in the list: "Aly" is no form of it.
    if word in common or word == "a" or "'" in word:
        return True
    for ending in ("s", "es", "ed", "ing", "ly", "er", "est", "d"):
        bare = word.removesuffix(ending)
        # "baked", "wrapped"
        if word.endswith(ending) and not common.isdisjoint(
            (bare, bare + "e", bare[:-1] if bare[-1:] == bare[-2:-1] else bare)
        ):
            return True
    return False


_CLAIMS: Final = frozenset(
    """
    cheapest fastest best biggest largest smallest leading unrivalled unbeatable unmatched favourite favorite
    lowest highest quickest easiest simplest safest strongest finest oldest newest friendliest
    unique guaranteed guarantee proven trusted
    """.split()
)
_NO_SUPERLATIVE: Final = frozenset(
    """
    contest digest earliest forest harvest honest interest invest latest modest nearest priest protest request suggest
    """.split()
)
_IRREGULAR: Final = {"better": "good", "best": "good", "worse": "bad"}
_NO_COMPARATIVE: Final = frozenset(
    """
    rather other later sooner longer older earlier whether either another after over under never number folder header server
    worker user order paper letter member customer order water offer
    """.split()
)


def comparisons(tokens: Sequence[Token], taken: set[int]) -> Iterator[tuple[int, int, str]]:
    """ "the cheapest", "faster than X", "the only", "most popular", "twice as", "No. 1": from token to token, and what."""
    for at, token in enumerate(tokens):
        word = token.lower
        before = word_at(tokens, at - 1)
        behind = [one.lower for one in tokens[at + 1 : at + 4]]
        if at in taken and word not in ("twice", "half"):
            continue
        # "64 more households than": the number is the claim. "less than it looks" compares with nobody.
        if behind[:1] == ["than"] and (_idle(tokens, at) or _counted(tokens, at)):
            continue
        if word in ("best", "trusted", "proven", "guarantee", "guaranteed") and (
            behind[:1] in (["regards"], ["wishes"], ["way"], ["for"], ["to"])
            or before in ("at", "do", "your", "not", "no")
            or [word_at(tokens, at - 2), before] == ["all", "the"]
        ):
            continue
        # "may be easiest": a thought.
        if before == "be" and word_at(tokens, at - 2) in ("may", "might", "could"):
            continue
        if (
            word in _CLAIMS
            or (word in ("top", "award") and behind[:1] == ["-"])
            or (
                word.endswith("est")
                and len(word) > 5
                and word not in _NO_SUPERLATIVE
                and before in ("the", "our", "your", "town's", "its", "their", "'s")
            )
        ):
            yield at, at + 1, _graded(word)
        elif (
            word == "most"
            and behind
            and behind[0].isalpha()
            and before in ("the", "our", "'s", "your")
            and behind[0]
            not in (
                "of",
                "they",
                "we",
                "you",
                "it",
                "recent",
                "important",
                "likely",
                "a",
                "that",
                "often",
                "common",
                "words",
            )
        ):
            yield at, at + 2, stem(behind[0])
        elif (
            word == "only"
            and before == "the"
            and behind
            and behind[0] not in ("way", "thing", "question", "one", "difference", "catch", "reason")
        ):
            yield at - 1, at + 1, "only"
        elif word in ("no", "number") and (behind[:2] == [".", "1"] or behind[:1] == ["one"]):
            yield at, at + 2, "first"
        elif word == "twice" and behind[:1] in (["as"], ["the"]):
            yield at, at + 2, "twice"
        elif (
            behind[:1] == ["than"]
            and word not in _NO_COMPARATIVE
            and word not in ("more", "less", "fewer")
            and word.isalpha()
        ):
            if word.endswith("er") or word in _IRREGULAR:
                yield at, at + 2, _graded(word)
            elif before in ("more", "less"):
                yield at - 1, at + 2, stem(word)
        elif (
            word in ("more", "less", "fewer")
            and behind[:1] == ["than"]
            and len(behind) > 1
            and behind[1] in ("any", "every", "other", "all")
        ):
            yield at, at + 3, word


def _idle(tokens: Sequence[Token], at: int) -> bool:
    """ "less work than it looks", "than you think", "than ever": nobody to compare with."""
    behind = [token.lower for token in tokens[at + 1 : at + 4]]
    return (
        behind[1:2] in (["ever"], ["that"], ["none"], ["nothing"], ["never"])
        or behind[1:] in (["it", "looks"], ["it", "sounds"], ["it", "seems"])
        or behind[1:] in (["you", "think"], ["we", "thought"], ["you", "expect"])
    )


def _counted(tokens: Sequence[Token], at: int) -> bool:
    """ "64 more households than a year ago", "€8 a month dearer than": the number says it."""
    before = tokens[max(0, at - 3) : at]
    clause = [
        token for token in before if token.start >= max((one.end for one in before if one.text in ".,;:"), default=0)
    ]
    return any(token.sort is Sort.NUMBER or token.text in "%€£$" for token in clause)


def _graded(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending in ("iest", "ier"):
        if word.endswith(ending):
            return stem(word.removesuffix(ending) + "y")
    bare = word.removesuffix("est") if word.endswith("est") else word.removesuffix("er")
    return stem(bare[:-1] if len(bare) > 3 and bare[-1] == bare[-2] else bare)
