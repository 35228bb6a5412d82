"""
Fencing: text from outside stands between tags, is named as data, and holds nothing that could be read as such a tag.

A tag is known by its name, however it is written: in another case, spaced or over several lines, in full-width or Cyrillic
letters, with characters inside that nobody sees.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: The tags of all prompts; a test finds one that is used and not listed.
TAGS: Final = (
    "brief", "changed", "deliverable", "earlier_draft", "event", "failed_task", "findings", "goal", "inferred_category",
    "input", "learnings", "missing", "money_left", "not_mended", "notes", "open_facts", "outline", "pieces", "pipelines",
    "plan_as_it_stands", "product_context", "ready_made_plan", "reasons", "record", "reference", "references", "requirements",
    "roster", "routing", "situation", "sketch", "why",
)  # fmt: skip

#: What a tag may seem to begin with: "<" and what looks like it.
_BEGINNINGS: Final = frozenset(
    "<\u02c2\u1438\u16b2\u2039\u226a\u226e\u227a\u22d6\u2329\u276c\u276e\u2770\u27e8\u29fc\u3008\u300a\ufe64\uff1c"
)
_BEGINNING: Final = re.compile(f"[{''.join(sorted(_BEGINNINGS))}]")
_ENDS: Final = frozenset(">\u02c3\u203a\u2265\u226b\u276d\u276f\u27e9\u300b\u3009\ufe65\uff1e")

#: Letters and digits that are read as another letter than their name says. One that is a single stroke is an "l".
_READ_AS: Final = {
    "0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "9": "g", "i": "l", "а": "a", "в": "b",  # noqa: RUF001
    "г": "r", "е": "e", "з": "e", "і": "l", "и": "u", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p",  # noqa: RUF001
    "с": "c", "т": "t", "у": "y", "х": "x", "ѕ": "s", "ј": "j", "ԁ": "d", "ԛ": "q", "ԝ": "w", "һ": "h",  # noqa: RUF001
    "ӏ": "l", "ո": "n", "ս": "u", "ց": "g", "օ": "o", "հ": "h", "α": "a", "β": "b", "γ": "y", "ε": "e",  # noqa: RUF001
    "η": "n", "ι": "l", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "ω": "w",  # noqa: RUF001
    "ϲ": "c", "ϳ": "j", "ɑ": "a", "ɡ": "g", "ı": "l", "ɩ": "l", "ʟ": "l", "ɢ": "g", "ɴ": "n", "ʀ": "r",  # noqa: RUF001
    "ʏ": "y", "ſ": "s", "ƒ": "f", "ɛ": "e", "ɪ": "l", "ɒ": "a", "ǝ": "e", "ʇ": "t",  # noqa: RUF001
}  # fmt: skip

_NAMED: Final = re.compile(r"LETTER (?:SMALL CAPITAL |SMALL |CAPITAL )?([A-Z])(?: WITH .{1,80})?$")

#: What nobody sees though it counts as a letter: fillers of Hangul.
_UNSEEN: Final = frozenset("\u115f\u1160\u3164\uffa0")

#: `input` is an element of HTML too, told by attributes that ours does not have.
_OF_HTML: Final = re.compile(
    r"<input\b(?=[^<>]{0,300}\b(?:type|name|id|class|value|placeholder|required)\b)(?![^<>]{0,300}\b(?:by|kind)\b)",
    re.IGNORECASE,
)

#: What is shown in place of a beginning.
_SHOWN: Final = "&lt;"

#: Letters of a name that are looked at, more than any has.
_LONGEST: Final = 40


def fence(tag: str, text: str, **attributes: str) -> str:
    """*text* between `<tag>` and `</tag>`; nothing in it can end that fence, or begin or end another."""
    named = "".join(f' {name}="{_attribute(value)}"' for name, value in attributes.items())
    return f"<{tag}{named}>\n{without_tags(text.strip(), tag)}\n</{tag}>"


def without_tags(text: str, tag: str = TAGS[0]) -> str:
    """
    *text* in which `&lt;` stands for the beginning of whatever could be read as one of `TAGS`, or as *tag*.

    All else stays byte for byte, other HTML, code and arrows among it: a draft is edited where its words stand.
    """
    names = _names(tag)

    def written(found: re.Match[str]) -> str:
        at = found.start()
        is_tag = names.match(_name_behind(text, at)) and not _OF_HTML.match(text, at)
        return _SHOWN if is_tag else found[0]

    return _BEGINNING.sub(written, text)


def unfenced(words: str) -> str:
    """*words* copied out of a fence as they stand in its text, where what looks like a tag begins with "<"."""
    return words.replace(_SHOWN, "<")


@lru_cache
def _names(tag: str) -> re.Pattern[str]:
    """Each name in letters as `_letter` gives them, with or without something between two of them."""
    spelled = ("-?".join(_READ_AS.get(letter, letter) for letter in name if letter != "_") for name in {*TAGS, tag})
    return re.compile(rf"(?:{'|'.join(sorted(spelled))})(?![a-z?])")  # own text: names of tags


def _name_behind(text: str, at: int) -> str:
    """The letters that follow the character *at*, up to what ends or begins a tag; a hyphen stands for all between two."""
    found: list[str] = []
    for place in range(at + 1, len(text)):
        char = text[place]
        if char in _BEGINNINGS or len(found) == _LONGEST or (found and char in _ENDS):
            break
        for letter in _letters(char):
            if letter != "-" or (found and found[-1] != "-"):
                found.append(letter)
    return "".join(found)


@lru_cache(maxsize=4096)
def _letters(char: str) -> str:
    """How a character is read: as letters; "" where nobody sees it, "-" where it is no letter, "?" where it is no Latin one."""
    if char in _UNSEEN:
        return ""
    read = []
    for one in unicodedata.normalize("NFKD", char).casefold():
        named = _NAMED.search(unicodedata.name(one, ""))
        letter = _READ_AS.get(one) or (one if "a" <= one <= "z" else named[1].lower() if named else "")
        if letter:
            read.append(_READ_AS.get(letter, letter))
        elif unicodedata.category(one)[0] != "M" and unicodedata.category(one) != "Cf":
            read.append("?" if one.isalnum() else "-")
    return "".join(read)


def _attribute(value: str) -> str:
    return re.sub(r"[^\w .,:;/&()'+-]", " ", value)
