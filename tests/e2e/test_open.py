"""`open` where nothing runs yet: the team comes up with the page first, and a link lets one browser in."""

import re
import signal
from collections.abc import Callable
from http.client import HTTPConnection

import pytest

from director.cli import open as command
from director.launcher import state
from director.launcher.state import PartStatus, State, Status
from director.office import Office
from director.words.errors import WrongCall
from tests.e2e.installation import Installation, until
from tests.e2e.standing import ORDER, Up, free_port

pytestmark = pytest.mark.timeout(300)


def asked(port: int, method: str, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    """The status of the web app's answer, and its headers."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    line.request(method, path, headers=headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_open_starts_the_team_and_prints_a_link_that_becomes_a_session(install: Callable[..., Installation]) -> None:
    """
    The link is there as soon as the page is, before the workers are; a second `open` finds the team up and prints another
    link. The secret stands in no line of the log.
    """
    port = free_port()
    place = install(web_port=str(port))
    up = Up(place, command="open")
    link = until(lambda: re.search(r"http://127\.0\.0\.1:\d+(/open/troupe_\S+)", up.program.out), "it prints a link")[1]
    shown, _ = asked(port, "GET", link)
    begun, headers = asked(port, "POST", link, **{"Sec-Fetch-Site": "same-origin"})
    cookie = headers["set-cookie"].partition(";")[0]
    another = place.run("open", "--json").document["url"]
    looked, _ = asked(port, "GET", "/health/detail", Cookie=cookie)
    up.until_running(*ORDER)
    listed = place.run("tokens", "--json").document
    up.program.send(signal.SIGTERM)
    done = up.program.wait()

    assert (shown, begun, looked) == (200, 303, 200)
    assert re.findall(r"(\w+): running \(process", done.err) == ["redis", "web", "workers", "clock"]
    assert [(one["kind"], one["role"], one["state"]) for one in listed] == [("session", "admin", "good")]
    assert another != f"http://127.0.0.1:{port}{link}"
    assert link.removeprefix("/open/") not in done.err
    assert (done.code, up.left()) == (0, [])


class TestRefusals:
    """Where `open` cannot help it says what to start."""

    @pytest.fixture(autouse=True)
    def _here(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command, "from_env", lambda: office.settings)

    def test_a_script_that_asks_for_a_document_starts_no_team(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It would never get its answer."""
        monkeypatch.setattr(command.address, "who_answers", lambda _: None)

        with pytest.raises(WrongCall, match=r"Nothing is up in this workspace.* up`"):
            command.open_page(json=True)

    def test_the_web_app_of_another_workspace_gets_no_link_of_ours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It would know nothing of it."""
        monkeypatch.setattr(command.address, "who_answers", lambda _: "another")

        with pytest.raises(WrongCall, match="of another workspace answers: set WEB_PORT"):
            command.open_page(json=False)

    @pytest.mark.parametrize(
        ("part", "stopping", "says"),
        [(State.GIVEN_UP, False, "its web app is not"), (State.RUNNING, True, "is stopping")],
    )
    def test_a_team_without_its_web_app_says_so(self, office: Office, part: State, stopping: bool, says: str) -> None:
        """A link would lead nowhere."""
        with state.held(office.settings.state_dir, office.clock()) as status:
            web = PartStatus("web", part if not stopping else State.STOPPING, None, None, 0, "")
            state.write(office.settings.state_dir, Status(status.pid, status.since, stopping, (web,), status.where))
            with pytest.raises(WrongCall, match=f"{says}.* ps`"):
                command.open_page(json=False)
