"""`ps`: what is up in this workspace."""

from datetime import UTC, datetime
from typing import Any

from director.cli.documents import print_document
from director.cli.terminal import console, cut, fitted
from director.launcher import memory, state
from director.launcher.state import Status
from director.words.command import program
from director.words.settings import from_env

_MEBIBYTE = 2**20


def print_parts(*, json: bool) -> None:
    """Each part with its processes' memory, and the launcher that watches them."""
    settings = from_env()
    status = state.find(settings.state_dir)
    if json:
        print_document(_document(status))
        return
    out = console()
    if status is None:
        out.print(f"Nothing is up in {settings.workspace_dir}; `{program()} up` starts the team.")
        return
    rows = [
        (
            row["name"], row["state"], str(row["pid"] or ""), _since(row["since"]), str(row["restarts"]),
            _size(row["memory_bytes"]), cut(row["why"]),
        )
        for row in _rows(status)
    ]  # fmt: skip
    columns = ("part", "state", "process", "since (UTC)", "restarts", "memory", "ended last because")
    drop = ("ended last because", "restarts", "process")
    out.print(fitted(rows, columns, out.width, text=columns[-1], right=("process", "restarts", "memory"), drop=drop))
    out.print(f"Up since {status.since:%Y-%m-%d %H:%M} UTC{', stopping' if status.stopping else ''}.")


def _document(status: Status | None) -> dict[str, Any]:
    if status is None:
        return {"up": False, "parts": []}
    parts = [{**row, "since": row["since"] and row["since"].isoformat()} for row in _rows(status)]
    return {
        "up": True, "pid": status.pid, "since": status.since.isoformat(), "stopping": status.stopping, "parts": parts,
    }  # fmt: skip


def _rows(status: Status) -> list[dict[str, Any]]:
    # Numbers of another container are others' here.
    sizes = {} if status.is_elsewhere else memory.by_session()
    launcher = {
        "name": "up", "state": "stopping" if status.stopping else "running", "pid": status.pid, "since": status.since,
        "restarts": 0, "memory_bytes": None if status.is_elsewhere else memory.of(status.pid), "why": "",
    }  # fmt: skip
    return [
        launcher,
        *(
            {
                "name": part.name, "state": part.state.value, "pid": part.pid, "since": part.since,
                "restarts": part.restarts, "memory_bytes": sizes.get(part.pid) if part.pid else None, "why": part.why,
            }
            for part in status.parts
        ),
    ]  # fmt: skip


def _size(count: int | None) -> str:
    return "" if count is None else f"{count / _MEBIBYTE:,.0f} MB"


def _since(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return f"{moment:%H:%M:%S}" if moment.date() == datetime.now(UTC).date() else f"{moment:%Y-%m-%d %H:%M}"
