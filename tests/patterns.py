"""Every regular expression of the code base, and texts that are hard on each."""

import ast
import importlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants as op
from re import _parser
from types import ModuleType
from typing import Any

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("actors", "director", "pipelines", "skills", "web")

#: Stands, with the reason behind it, beside a pattern that is made while the program runs.
EXEMPT = "# own text:"

#: The methods that apply a pattern, and the one that does the same to a text that none of them can stop early in.
_WAYS = {"match": "match", "fullmatch": "fullmatch", "search": "findall", "findall": "findall", "finditer": "findall"}
_WAYS |= dict.fromkeys(("split", "sub", "subn"), "findall")

#: Files that do something when they are imported.
_LEFT_ALONE = ("env.py", "gunicorn.conf.py", "__main__.py")


@dataclass(frozen=True, slots=True)
class Applied:
    """A pattern, the ways in which it is applied, and where it stands."""

    where: str
    pattern: re.Pattern[str]
    ways: frozenset[str]


def applied() -> list[Applied]:
    """All patterns of our packages: those that stand where they are applied, and those compiled once for a module."""
    found: dict[tuple[str, int], Applied] = {}
    for file, tree in _sources().items():
        is_left_alone = file.name in _LEFT_ALONE or "versions" in file.parts
        inside = list(_inline(file, tree, is_left_alone))
        if not is_left_alone:
            inside += _compiled(importlib.import_module(_module(file)))
        for one in inside:
            key = (one.pattern.pattern, one.pattern.flags)
            before = found.get(key, one)
            found[key] = Applied(before.where, before.pattern, before.ways | one.ways)
    return list(found.values())


def made_while_running() -> list[str]:
    """
    Where a function makes a pattern of what it is given, so that nothing can be tried on it, and no reason stands beside.
    """
    return [
        f"{file.relative_to(_ROOT)}:{call.lineno}"
        for file, tree in _sources().items()
        for call, inside in _calls(tree)
        if inside and _written(call) is None and EXEMPT not in _lines(file, call)
    ]


@cache
def _sources() -> dict[Path, ast.Module]:
    files = sorted(file for package in _PACKAGES for file in (_ROOT / package).rglob("*.py"))
    return {file: ast.parse(file.read_text("utf-8")) for file in files}


def _module(file: Path) -> str:
    return ".".join(file.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__")


def _lines(file: Path, call: ast.Call) -> str:
    return "\n".join(file.read_text("utf-8").splitlines()[call.lineno - 2 : call.end_lineno])


def _calls(tree: ast.AST, inside: bool = False) -> Iterator[tuple[ast.Call, bool]]:
    """The calls of the module `re` that take a pattern, and whether each stands in a function."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)) if name in (*_WAYS, "compile"):
                yield node, inside
        yield from _calls(node, inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))


def _written(call: ast.Call) -> str | None:
    """The pattern as it stands in the call, with a word for each part that is put in; None where it does not stand there."""
    match call.args[0]:
        case ast.Constant(value=str(pattern)):
            return pattern
        case ast.JoinedStr(values=parts):
            return "".join(part.value if isinstance(part, ast.Constant) else "word" for part in parts)
    return None


def _inline(file: Path, tree: ast.AST, all_of_it: bool) -> Iterator[Applied]:
    for call, inside in _calls(tree):
        pattern = _written(call)
        if pattern is None or not (inside or all_of_it):
            continue
        name = call.func.attr
        place = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(name, 2)
        flags = [*(word.value for word in call.keywords if word.arg == "flags"), *call.args[place : place + 1]]
        flag = sum(
            getattr(re, node.attr) for tree in flags for node in ast.walk(tree) if isinstance(node, ast.Attribute)
        )
        where = f"{file.relative_to(_ROOT)}:{call.lineno}"
        yield Applied(
            where, re.compile(pattern, flag), frozenset(_WAYS.values() if name == "compile" else [_WAYS[name]])
        )


def _compiled(module: ModuleType) -> Iterator[Applied]:
    for name, value in vars(module).items():
        ways = _ways_of(module, name) if isinstance(value, re.Pattern) else None
        # Of a class that is defined here, those that are compiled in it.
        is_own = isinstance(value, type) and value.__module__ == module.__name__
        for pattern in _patterns_in([*vars(value).values()] if is_own else value):
            yield Applied(f"{module.__name__}.{name}", pattern, frozenset(ways or _WAYS.values()))


def _ways_of(module: ModuleType, name: str) -> set[str]:
    """How the pattern that is called *name* in a module is applied there; nothing when that cannot be seen."""
    tree = _sources()[Path(str(module.__file__))]
    return {
        _WAYS[node.attr]
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id == name and node.attr in _WAYS
    }


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _patterns_in(each)
    elif isinstance(value, dict):
        yield from _patterns_in([*value, *value.values()])


def hard_on(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """
    Beginnings, and what to repeat behind each, that are hard on *pattern*.

    To each of its repetitions they lead there, and then go on with every character it knows: once after the way there, and
    with the way there again and again.
    """
    tree = _parser.parse(pattern.pattern, pattern.flags)
    known = dict.fromkeys([*" \ta1\n#", *_characters(tree)])
    texts: dict[tuple[str, str], None] = {}
    for before, body in _repetitions(tree, ""):
        for more in (*list(known)[:20], body):
            if more:
                texts[before, more] = None
                texts["a" + before, more] = None
                texts["", before + more] = None
                texts["", before + body + more] = None
                texts["", "\n" + before + more] = None
    return list(texts)


def _characters(tree: Iterable[Any]) -> Iterator[str]:
    for code, argument in tree:
        if code in (op.LITERAL, op.NOT_LITERAL):
            yield chr(argument)
        elif code is op.IN:
            yield from _characters(argument)
        elif code is op.RANGE:
            yield chr(argument[0])
        for inner in _inside(code, argument):
            yield from _characters(inner)


def _inside(code: Any, argument: Any) -> list[Any]:
    match code:
        case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
            return [argument[2]]
        case op.SUBPATTERN:
            return [argument[3]]
        case op.ATOMIC_GROUP:
            return [argument]
        case op.BRANCH:
            return list(argument[1])
        case op.ASSERT:
            return [argument[1]]
    return []


def _repetitions(tree: Iterable[Any], before: str) -> Iterator[tuple[str, str]]:
    """For each repetition: what leads to it, and what one round of it takes."""
    for code, argument in tree:
        if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            yield before, _word(argument[2])
        for inner in _inside(code, argument):
            yield from _repetitions(inner, before)
        before += _word([(code, argument)])


def _word(tree: Iterable[Any]) -> str:
    """Something short that the tree takes, or nearly."""
    return "".join(_word_of(code, argument) for code, argument in tree)


def _word_of(code: Any, argument: Any) -> str:
    if code is op.LITERAL:
        return chr(argument)
    if code is op.NOT_LITERAL or code is op.ANY:
        return "a" if argument != ord("a") else "b"
    if code is op.IN:
        letters = ["a", *"x1A #-_.!|(\n\"'`~*", *_characters(argument)]
        return next((letter for letter in letters if _is_in(letter, argument)), "a")
    inner = _inside(code, argument)
    if not inner or code is op.ASSERT:
        return ""
    least = argument[0] if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT) else 1
    return _word(inner[0]) * min(max(least, 1), 50)


_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s", op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def _is_in(letter: str, members: Any) -> bool:
    negated = members[0][0] is op.NEGATE
    for code, argument in members:
        match code:
            case op.LITERAL if chr(argument) == letter:
                return not negated
            case op.RANGE if argument[0] <= ord(letter) <= argument[1]:
                return not negated
            case op.CATEGORY if re.fullmatch(_CATEGORIES[argument], letter):
                return not negated
    return negated
