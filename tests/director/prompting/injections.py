"""
Texts that try to leave their fence, to open another, or to be obeyed: `injections.jsonl`, written by somebody who has read
`prompting/fences.py`; how their tags are written; and a reader of fences that shares nothing with it.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_suffix(".jsonl")


@dataclass(frozen=True)
class Injection:
    """A text; `@` stands in it for the tag of the place it is put into, and `@CYR` for that tag in Cyrillic letters."""

    kind: str
    text: str
    then: str = ""  #: the other half of one that is split over two texts

    def at(self, tag: str) -> tuple[str, str]:
        """Both halves, for a place with that tag."""
        return _with(self.text, tag), _with(self.then, tag)


def _letters(latin: str, others: str) -> dict[str, str]:
    return dict(zip(latin, others, strict=True))


CYRILLIC = _letters("aceiopsxyj", "асеіорѕхуј")  # noqa: RUF001
GREEK = _letters("aeiklnoptuvx", "αειкӏηορтυνχ")
SMALL_CAPITALS = _letters("acdegilmnoprtuv", "ᴀᴄᴅᴇɢɪʟᴍɴᴏᴘʀᴛᴜᴠ")
DIGITS = _letters("oieast", "01345" + "7")


def _shifted(first: int, *, upper: bool = False) -> Callable[[str], str]:
    def written(tag: str) -> str:
        letters = tag.upper() if upper else tag
        return "".join(chr(first + ord(c) - ord("A" if upper else "a")) if c.isalpha() else c for c in letters)

    return written


def _between(char: str) -> Callable[[str], str]:
    return char.join


#: How a tag is written, by the word behind `@`.
WRITTEN: Mapping[str, Callable[[str], str]] = {
    "UP": str.upper,
    "CAP": str.capitalize,
    "MIX": lambda tag: "".join(c.upper() if n % 2 else c for n, c in enumerate(tag)),
    "CAMEL": lambda tag: tag.title().replace("_", ""),
    "DASH": lambda tag: tag.replace("_", "-"),
    "DOT": lambda tag: tag.replace("_", "."),
    "SPACED": lambda tag: tag.replace("_", " "),
    "JOINED": lambda tag: tag.replace("_", ""),
    "FULL": _shifted(0xFF41),
    "CYR": lambda tag: "".join(CYRILLIC.get(c, c) for c in tag),
    "GREEK": lambda tag: "".join(GREEK.get(c, c) for c in tag),
    "SMALLCAPS": lambda tag: "".join(SMALL_CAPITALS.get(c, c) for c in tag),
    "BOLD": _shifted(0x1D41A),
    "SCRIPT": _shifted(0x1D4EA),
    "CIRCLED": _shifted(0x24D0),
    "SQUARED": _shifted(0x1F170, upper=True),
    "REGIONAL": _shifted(0x1F1E6, upper=True),
    "TAGS": _shifted(0xE0061),
    "DIGITS": lambda tag: "".join(DIGITS.get(c, c) for c in tag),
    "ACCENT": lambda tag: unicodedata.normalize("NFC", "\u0300".join(tag)),
    "MARKS": _between("\u0336"),
    "ZW": _between("\u200b"),
    "JOINER": _between("\u200d"),
    "SHY": _between("\u00ad"),
    "WJ": _between("\u2060"),
    "VS": _between("\ufe0f"),
    "LRM": _between("\u200e"),
    "P1": lambda tag: tag[:2],
    "P2": lambda tag: tag[2:],
}


def _with(text: str, tag: str) -> str:
    return re.sub(
        rf"@({'|'.join(sorted(WRITTEN, key=len, reverse=True))})?",
        lambda found: WRITTEN[found[1]](tag) if found[1] else tag,
        text,
    )


def injections() -> list[Injection]:
    """All of them."""
    return [Injection(**json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines()]


_BACK: Final = str.maketrans(
    {
        **{new: old for table in (CYRILLIC, GREEK, SMALL_CAPITALS) for old, new in table.items()},
        **{chr(0x1F170 + n): chr(97 + n) for n in range(26)},
        **{chr(0x1F1E6 + n): chr(97 + n) for n in range(26)},
        **{chr(0xE0061 + n): chr(97 + n) for n in range(26)},
        **dict.fromkeys("‹⟨〈❮˂〈≪", "<"),  # noqa: RUF001
    }
)


#: The letters that digits stand for.
_DIGITS: Final = str.maketrans("013457", "oieast")


def _plain(text: str) -> str:
    """A text as a lenient reader takes it: what looks alike is alike, and what nobody sees is not there."""
    return "\n".join(map(_plain_line, text.split("\n")))


@lru_cache(maxsize=100_000)
def _plain_line(text: str) -> str:
    # Most lines are those of all prompts, and hold nothing of the kind.
    if text.isascii():
        return text.casefold()
    text = unicodedata.normalize("NFKD", text.translate(_BACK)).translate(_BACK)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Me", "Cf") and c not in "\u3164\u1160")
    return text.casefold()


@lru_cache(maxsize=100_000)
def tags_in(part: str, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """
    Whatever in a part of a prompt could be one of the tags called *names*, in order: "/" where it ends a fence, and which.
    Digits that stand for letters count as these.
    """
    found = []
    plain = _plain(part)
    for text in dict.fromkeys((plain, plain.translate(_DIGITS))):
        for name in names:
            spelled = r"[\W_]{0,3}".join(name.split("_"))
            for tag in re.finditer(rf"<([^\w<]*)_*{spelled}(?![^\W_])", text):
                is_html = name == "input" and re.match(r"<input [^<>]*type=[^<>]*>", text[tag.start() :])
                if not is_html or re.match(r"<input [^<>]*(by|kind)=", text[tag.start() :]):
                    found.append((tag.start(), "/" if "/" in tag[1] or "\u2044" in tag[1] else "", name))
    return tuple((end, name) for _, end, name in sorted(set(found)))


def outside(prompt: str) -> str:
    """What of a prompt stands in no fence, by the tags as they are written and nothing else."""
    kept: list[str] = []
    open_ = ""
    for line in prompt.split("\n"):
        if open_:
            open_ = "" if line == f"</{open_}>" else open_
        elif found := re.fullmatch(r'<([a-z_]+)(?: [a-z]+="[^"]*")*>', line):
            open_ = found[1]
        else:
            kept.append(line)
    return "\n".join(kept)


def lenient_outside(text: str, names: tuple[str, ...]) -> str:
    """What of a text stands in no fence for a reader who takes whatever looks like a tag for one."""
    kept: list[str] = []
    open_ = ""
    for line in text.split("\n"):
        tags = tags_in(line, names)
        if not open_ and line.startswith("<") and tags and not tags[0][0]:
            open_ = tags[0][1]
        elif open_ and ("/", open_) in tags:
            open_ = ""
            kept.append(line.rpartition(">")[2])
        elif not open_:
            kept.append(line)
    return "\n".join(kept)
