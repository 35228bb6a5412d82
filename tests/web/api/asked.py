"""How the tests of the interface ask it."""

import asyncio
from collections.abc import Sequence
from typing import Any

from falcon.testing import ASGIConductor, Result, TestClient

from director.office import Office

ROOT = "/api/v1"


class Api:
    """A program that asks the interface."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def ask(self, method: str, path: str, **given: Any) -> Result:
        """Ask as a program of this machine."""
        return self.client.simulate_request(method, path, **{"host": "localhost", "remote_addr": "127.0.0.1", **given})

    def get(self, path: str, **given: Any) -> Result:
        """GET below the root."""
        return self.ask("GET", ROOT + path, **given)

    def post(self, path: str, body: Any = None, *, version: str | None = None, **headers: str) -> Result:
        """POST as JSON below the root; with the version that was seen, where one is said."""
        return self.send("POST", path, body, version=version, **headers)

    def put(self, path: str, body: Any = None, *, version: str | None = None, **headers: str) -> Result:
        """PUT, likewise."""
        return self.send("PUT", path, body, version=version, **headers)

    def send(self, method: str, path: str, body: Any, *, version: str | None, **headers: str) -> Result:
        """Either of them."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if version is not None:
            named["If-Match"] = version
        return self.ask(method, ROOT + path, json=body, headers=named)

    def post_at_once(self, path: str, bodies: Sequence[Any], **headers: str) -> list[Result]:
        """POST each of the bodies, all at the same time."""
        return asyncio.run(self._post_at_once(ROOT + path, bodies, headers))

    async def _post_at_once(self, path: str, bodies: Sequence[Any], headers: dict[str, str]) -> list[Result]:
        async with ASGIConductor(self.client.app) as conductor:
            here = {"host": "localhost", "remote_addr": "127.0.0.1", "headers": headers}
            return await asyncio.gather(*(conductor.simulate_post(path, json=body, **here) for body in bodies))


def problem(answer: Result, status: int, said: str = "") -> dict[str, Any]:
    """What an answer says that is a problem of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json["detail"], answer.json
    assert answer.json["status"] == status
    assert "Traceback" not in answer.text
    return dict(answer.json)


def who(office: Office, what: str) -> list[tuple[str, str | None]]:
    """Who did that, which is about no single goal, as the journal has it, and what it says besides."""
    with office.store.read() as tx:
        lines = tx.conn.exec_driver_sql('select "by", detail, what from journal where goal is null order by id')
        return [(by, detail) for by, detail, said in lines if said == what]
