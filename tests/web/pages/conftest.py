"""What the tests of the pages share: a browser's requests, what stands on a page, and a goal that was rehearsed to its end."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from falcon.testing import Result, TestClient

from director.goals.submit import submit
from director.office import Office
from director.words.models import Goal
from web.app import create_app

#: How Falcon's client is told who asks, and whom.
HERE: Any = {"remote_addr": "127.0.0.1", "host": "127.0.0.1"}


class Html(HTMLParser):
    """A page as a browser reads it: its elements with their attributes, its text, its forms."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.source = text
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """What can be read, in one line."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of that name."""
        return [attrs for name, attrs in self.elements if name == tag]

    def links(self) -> list[str]:
        """Where its links lead to."""
        return [attrs["href"] or "" for attrs in self.all("a") if "href" in attrs]

    def hidden(self) -> dict[str, str]:
        """The fields that nobody types; of several with one name the last."""
        return {a["name"] or "": a.get("value") or "" for a in self.all("input") if a.get("type") == "hidden"}


class Browser:
    """A browser of this machine without JavaScript."""

    def __init__(self, office: Office) -> None:
        self.client = TestClient(create_app(lambda: office))

    def get(self, path: str, **more: Any) -> Result:
        """Ask for a page."""
        path, _, query = path.partition("#")[0].partition("?")
        return self.client.simulate_get(path, query_string=query, headers=_headers("none"), **HERE, **more)

    def read(self, path: str) -> Html:
        """Ask for a page that has to be there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return Html(answer.text)

    def send(self, path: str, site: str = "same-origin", **fields: str) -> Result:
        """Send a form."""
        headers = {**_headers(site), "Content-Type": "application/x-www-form-urlencoded"}
        return self.client.simulate_post(path, body=urlencode(fields), headers=headers, **HERE)


def _headers(site: str) -> dict[str, str]:
    return {"Accept": "text/html", "Sec-Fetch-Site": site}


@pytest.fixture
def browser(office: Office) -> Browser:
    """A browser before the office."""
    return Browser(office)


@pytest.fixture
def finished(office: Office, drain: Callable[..., Goal]) -> Goal:
    """A goal that was rehearsed to its end."""
    return drain(office, submit(office, "Increase signup conversion by 20%"))
