"""The style, the scripts and the icon: read once, kept by browsers for as long as they are the same."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, NamedTuple

from web.problems import Problem

_FOLDER: Final = Path(__file__).parent.parent / "static"

#: All scripts come as one file, in this order: a page is three requests.
_SCRIPTS: Final = ("htmx.min.js", "hx-sse.min.js", "page.js")


class _File(NamedTuple):
    content: bytes
    kind: str
    digest: str


def _file(content: bytes, kind: str) -> _File:
    return _File(content, kind, hashlib.sha256(content).hexdigest()[:16])


def _read() -> Mapping[str, _File]:
    return {
        "style.css": _file((_FOLDER / "style.css").read_bytes(), "text/css; charset=utf-8"),
        "page.js": _file(
            b";\n".join((_FOLDER / name).read_bytes() for name in _SCRIPTS), "text/javascript; charset=utf-8"
        ),
        "icon.svg": _file((_FOLDER / "icon.svg").read_bytes(), "image/svg+xml"),
    }


_FILES: Final = _read()


def address(name: str) -> str:
    """Where a browser gets the file: another address when its content is another."""
    return f"/static/{name}?v={_FILES[name].digest}"


class StaticFile:
    """A file for everybody: nothing in it is anybody's, and a page that refuses somebody needs its style."""

    async def on_get(self, req: Any, resp: Any, name: str) -> None:
        """The file, which a browser keeps for a year where it asked by its content."""
        found = _FILES.get(name)
        if found is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        resp.content_type = found.kind
        resp.data = found.content
        is_named = req.get_param("v") == found.digest
        resp.set_header("Cache-Control", "public, max-age=31536000, immutable" if is_named else "no-cache")
