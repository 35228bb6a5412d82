"""The web server's log: what gunicorn says goes where our own lines go, in their form."""

from typing import Any

from gunicorn import glogging  # type: ignore[import-untyped]  # it has no types


class Logger(glogging.Logger):  # type: ignore[misc]  # as above
    """gunicorn's logger without a format of its own, unless its log was sent somewhere by its own options."""

    def setup(self, cfg: Any) -> None:
        """Called at the start, and again at each reload."""
        super().setup(cfg)
        if cfg.errorlog == "-" and not (cfg.logconfig or cfg.logconfig_dict or cfg.logconfig_json):
            # The first of its handlers; one for syslog, where that is asked for, stands behind it.
            self.error_log.removeHandler(self._get_gunicorn_handler(self.error_log))
            self.error_log.propagate = True
