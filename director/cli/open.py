"""`open`: a link that lets one browser in, and the team where nothing runs yet."""

import os
import sys
import threading
import time
import webbrowser
from typing import Final

from director.access.sessions import LINK_WITHIN, make_link
from director.bootstrap import opened
from director.cli.documents import print_document
from director.cli.terminal import say_workspace
from director.cli.up import go_up
from director.launcher import address, state
from director.launcher.state import State, Status
from director.office import Office
from director.words.command import program
from director.words.errors import WrongCall
from director.words.settings import Settings, from_env

#: How long a web app that is being started is waited for.
_LIVE_WITHIN_S: Final = 15.0
_LOOK_S: Final = 0.1


def open_page(*, json: bool) -> int:
    """
    Print a link to the page, and open it where there is a browser. Where nothing runs, be the team as `up` is, and print it as
    soon as the page is live.
    """
    settings = from_env()
    if not _runs(settings):
        if json:
            raise WrongCall(f"Nothing is up in this workspace: start it with `{program()} up`, then ask again.")
        with opened(settings) as office, office.store.read() as tx:
            if tx.presence.standing_workers():
                raise WrongCall(
                    f"The workers run, and no web app answers at {address.url(settings)}: start it as they were started, or "
                    f"stop them and start all of it with `{program()} up`."
                )
        return go_up(_Greeting)
    with opened(settings, begins=True) as office:
        link = _link(office)
    if json:
        print_document({"url": link, "good_for_s": int(LINK_WITHIN.total_seconds())})
        return 0
    say_workspace(settings)
    _say(link)
    _show(link)
    return 0


class _Greeting:
    """Told how what starts stands: says the link once, when the web app runs."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._said = False

    def __call__(self, news: Status) -> None:
        if not self._said and any(part.name == "web" and part.state is State.RUNNING for part in news.parts):
            self._said = True
            link = _link(self._office)
            _say(link)
            # Some browsers keep who starts them waiting, and the launcher has to listen.
            threading.Thread(target=_show, args=(link,), daemon=True).start()


def _runs(settings: Settings) -> bool:
    """
    Whether the web app of this workspace answers; one that is being started is waited for.

    Raises:
        WrongCall: the team is up without it, or that of another workspace answers in its place.
    """
    until = time.monotonic() + _LIVE_WITHIN_S
    while (status := state.find(settings.state_dir)) is not None:
        part = next((one for one in status.parts if one.name == "web"), None)
        if part is not None and part.state is State.RUNNING:
            return True
        if status.stopping or (part is not None and part.state is State.GIVEN_UP) or time.monotonic() > until:
            how = "is stopping" if status.stopping else "is up, and its web app is not"
            raise WrongCall(f"The team {how}: `{program()} ps` says how it stands; `{program()} up` starts it anew.")
        time.sleep(_LOOK_S)
    who = address.who_answers(settings)
    if who:
        raise WrongCall(
            f"At {address.url(settings)} the web app of another workspace answers: set WEB_PORT for this one, or call this "
            "with its WORKSPACE_DIR."
        )
    return who is not None


def _link(office: Office) -> str:
    return f"{address.url(office.settings)}/open/{make_link(office)}"


def _say(link: str) -> None:
    minutes = int(LINK_WITHIN.total_seconds()) // 60
    print(f"Open      {link}\n          lets one browser in, once, within {minutes} minutes", flush=True)  # noqa: T201


def _show(link: str) -> None:
    """Open it where somebody sees that: on a terminal, in a browser with windows; one of text would take the terminal."""
    has_windows = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.stdout.isatty() and has_windows:
        webbrowser.open(link)
