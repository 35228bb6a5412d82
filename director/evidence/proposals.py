"""
What is the writer's own proposal and no claim about the world.

Its signals: words for it ("suggest", "aim for", "for example"), an instruction to a colleague
("Send", "Post", "Wait"), a threshold ("If three say no"), a heading or a column of plans ("Schedule", "Target", "When").
By them counts, shares, durations and dates are left out; prices only where money is what is proposed ("budget", "suggested
price", "we could"), and behind a label, in a column or under a heading of plans.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from director.evidence.passages import Passage, Span
from director.evidence.quantities import NUMBERS_A_PART, OF_THE_TEXT
from director.evidence.tokens import Token, words_of

_ASSUMING: Final = frozenset("assumption assumptions assume assumed assumes assuming".split())
_INVENTING: Final = frozenset("illustrative hypothetical hypothetically imagine suppose unknown".split())
_WORDS: Final = frozenset(
    """
    suggest suggested suggestion propose proposal recommended aim aiming target targets should let's pilot
    forecast estimate estimated guess budget deadline
    """.split()
)
_ORDERS: Final = frozenset(
    """
    send post publish schedule wait stop set limit aim target measure compare test run repeat spend budget reserve allow plan
    cap allot draft hang print distribute hand pin review track tally log record report decide pick choose follow trim cut delay
    deliver let keep speak hold photograph film shoot call invite prepare collect translate
    ask begin make note mark check count write put leave remind ship pause split show do go give look take
    """.split()
)
_NEEDS_SOURCE: Final = "needs source"
_LONGEST_LABEL: Final = 40

_PLANS: Final = frozenset(
    """
    plan schedule timeline calendar test experiment target targets budget checklist examples measure
    measurement threshold thresholds deadline cadence sequence stop
    """.split()
)
_COLUMNS: Final = frozenset(
    """
    target targets proposed plan planned budget when day week due deadline limit stop threshold
    aim suggested estimate goal send length step
    """.split()
)

_LABELS: Final = frozenset("due deadline send when length limit budget target next kpi scene test do".split())

#: The kinds a proposal is mostly of: all but money, names, quotes, addresses and comparisons.
_PROPOSED: Final = frozenset({"number", "percent", "duration", "date", "time"})
_ALL: Final = _PROPOSED | {"money", "name", "quote", "comparison", "address"}


_WANTED: Final = frozenset({"goal", "goals"})
_WANTING: Final = _WANTED | frozenset(
    """
    target targets aim aims aiming want wants wish hope hopes hoping plan plans planned reach reaching need needs needed missing
    short will could would should until towards toward next room ahead still yet become grow growing may might soon expect
    expects by can most limit
    """.split()
)


def is_wanted(texts: Iterable[str], *, widely: bool) -> bool:
    """Whether one of them speaks of a goal; *widely* also of anything still to come, or of what is possible."""
    signs = _WANTING if widely else _WANTED
    return any(not signs.isdisjoint(words_of(text)) for text in texts)


def is_assumed(passage: Passage, sentence: Span, words: Sequence[str]) -> bool:
    """
    The text says itself that nobody vouches for it.

    By "assume" in the sentence, "[needs source]" in it or right behind it, an item or a paragraph labelled "Assumption:", or
    a heading, a column or the introduction of a list with that word.
    """
    marked = passage.raw if passage.cell else passage.raw[sentence.start : sentence.end + len(_NEEDS_SOURCE) + 2]
    label, is_label, _ = passage.raw[:_LONGEST_LABEL].partition(":")
    above = [*passage.headings, passage.lead, passage.cell.header if passage.cell else "", label if is_label else ""]
    said = (words, *map(words_of, above))
    return _NEEDS_SOURCE in marked.lower() or any(not _ASSUMING.isdisjoint(part) for part in said)


def _is_invented(sentence: str, words: Sequence[str]) -> bool:
    lower = sentence.lower()
    marked = "rule of thumb" in lower or "for example" in lower or "for instance" in lower
    return marked or not _INVENTING.isdisjoint(words)


def proposed(passage: Passage, sentence: Sequence[Token], raw: str, *, in_quotes: bool) -> frozenset[str]:
    """The kinds of facts that are a proposal in a sentence of a passage."""
    words = [token.lower for token in sentence]
    if _is_invented(raw, words) or _is_note(passage):
        return _ALL
    if len(words) < 8 and any(
        limit in raw.lower() for limit in (": at most", ": at least", ": no more than", ": up to")
    ):
        return _PROPOSED
    if words[:2] in (["do", "not"], ["don't", "say"], ["don't", "claim"]) or words[:1] in (["avoid"], ["never"]):
        return _PROPOSED | {"comparison", "quote"}
    if ":" in words[:6] and not _LABELS.isdisjoint(words[: words.index(":")]):
        return _PROPOSED | {"money"}
    if passage.cell:
        title = f"{passage.cell.header} {passage.cell.first}".lower().split()
        others = passage.cell.headers.lower().split()
        cells = passage.raw.split(" | ")
        # A head of a column, or the first cell of a row to write in: a form, not a statement.
        if not passage.cell.row or (len(cells) > 1 and not any(cell.strip(" _|") for cell in cells[1:])):
            return frozenset({"date", "time"})
        if "minutes" in title and not _COLUMNS.isdisjoint(passage.cell.title.lower().split()):
            return _PROPOSED
        if not {"target", "targets", "proposed", "when", "due"}.isdisjoint(others):
            return frozenset({"date", "time"}) | (_PROPOSED if not _COLUMNS.isdisjoint(title) else frozenset())
        if not _COLUMNS.isdisjoint(word.strip(":,()") for word in title):
            return _PROPOSED | {"money"}
    if any(not _PLANS.isdisjoint(title.lower().split()) for title in passage.headings[-2:]):
        return _PROPOSED | {"money"}
    if in_quotes:
        return frozenset()
    # "Mail 4 goes out two days after", "would be a reason to stop", "of this brief"
    if _is_of_a_part(words) or "this brief" in raw.lower() or words[:2] in (["we", "expect"], ["i", "expect"]):
        return _PROPOSED
    if (
        words[:1]
        and words[0] in ("if", "when", "unless", "once")
        and "," in words
        and _is_order(words[words.index(",") + 1 :])
    ):
        return _PROPOSED
    if words[:2] in (["we", "could"], ["we", "might"], ["i", "would"], ["let", "us"]):
        return _PROPOSED | {"money"}
    if " would be " in raw or " would mean " in raw:
        return frozenset({"number", "percent"})
    if not _WORDS.isdisjoint(words) and not (words[:1] == ["the"] and "goal" in words):
        money = not {
            "budget",
            "suggest",
            "suggested",
            "propose",
            "proposed",
            "proposal",
            "spend",
            "should",
            "ads",
        }.isdisjoint(words)
        return _PROPOSED | {"money"} if money and ("suggested" in words or words[0] != "budget") else _PROPOSED
    return _PROPOSED if _is_order(words) else frozenset()


def _is_note(passage: Passage) -> bool:
    """A paragraph in square brackets is for who lays it out: "[Screenshot: …]"."""
    raw = passage.raw.strip(" *_")
    return raw.startswith("[") and raw.endswith("]")


def _is_of_a_part(words: list[str]) -> bool:
    """ "Mail 4 goes out two days after", "Variant B", "Scene 2, 4 seconds"."""
    part = words[0] in OF_THE_TEXT or words[0] in NUMBERS_A_PART if words else False
    return (
        part
        and bool(words[1:2])
        and (words[1].isdecimal() or (len(words[1]) == 1 and words[1].isalpha() and words[1] != "a"))
    )


def _is_order(words: list[str]) -> bool:
    start = 0
    # "Day 2: send", "Then wait"
    if ":" in words[:5]:
        start = words.index(":") + 1
    if words[start : start + 1] in (["then"], ["please"], ["now"], ["and"], ["first"]):
        start += 1
    return bool(words[start : start + 1]) and words[start] in _ORDERS


#: With these begins what is stated, whatever the sentence proposes: "…, who joined in 2016, should …".
_STATING: Final = frozenset("who whose which because since".split())


def stated(tokens: Sequence[Token]) -> set[int]:
    """The tokens of a clause that states something inside a proposal: up to the next comma; and of "joined in 2016"."""
    found: set[int] = set()
    inside = False
    for at, token in enumerate(tokens):
        inside = (inside or token.lower in _STATING) and token.text not in ",;"
        is_past = at > 1 and tokens[at - 1].lower in ("in", "on") and tokens[at - 2].lower.endswith("ed")
        if inside or is_past:
            found.add(at)
    return found


def conditions(tokens: Sequence[Token]) -> set[int]:
    """The tokens of a threshold: from "if" to the next comma, in a sentence that then decides something; and of "whether …"."""
    found: set[int] = set()
    words = [token.lower for token in tokens]
    decides = not {"stop", "continue", "change", "drop", "repeat"}.isdisjoint(words)
    inside = False
    for at, word in enumerate(words):
        inside = (inside or word in ("if", "unless", "until", "whether")) and word != ","
        if inside and (decides or "whether" in words[:at]):
            found.add(at)
    return found
