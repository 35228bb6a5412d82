"""The web server's log: what gunicorn says goes where our own lines go, in their form; and its access log repeats no secret."""

from typing import Any
from urllib.parse import unquote

from gunicorn import glogging  # type: ignore[import-untyped]  # it has no types

from director.words.characters import visible
from director.words.own_secrets import own_secrets
from director.words.redaction import blank
from director.words.settings import from_env


class Logger(glogging.Logger):  # type: ignore[misc]  # as above
    """gunicorn's logger without a format of its own, unless its log was sent somewhere by its own options."""

    def setup(self, cfg: Any) -> None:
        """Called at the start, and again at each reload."""
        super().setup(cfg)
        self._own = own_secrets(from_env())
        if cfg.errorlog == "-" and not (cfg.logconfig or cfg.logconfig_dict or cfg.logconfig_json):
            # The first of its handlers; one for syslog, where that is asked for, stands behind it.
            self.error_log.removeHandler(self._get_gunicorn_handler(self.error_log))
            self.error_log.propagate = True

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """
        What a line of the access log is made of, wherever it goes: an address may be a link's, which opens a session, and a
        header may be a token, in whatever way it is written.
        """
        found = super().atoms(resp, req, environ, request_time)
        return {name: self._told(said) if isinstance(said, str) else said for name, said in found.items()}

    def _told(self, said: str) -> str:
        read = unquote(said)
        without = blank(read, self._own)
        return visible(said if without == read else without)
