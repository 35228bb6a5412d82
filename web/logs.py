"""The web server's log: what gunicorn says goes where our own lines go, in their form."""

import logging
from typing import Any

from gunicorn import glogging  # type: ignore[import-untyped]  # it has no types


class Logger(glogging.Logger):  # type: ignore[misc]  # as above
    """gunicorn's logger without a format of its own, unless its log was sent somewhere by its own options."""

    def setup(self, cfg: Any) -> None:
        """Called at the start, and again at each reload."""
        super().setup(cfg)
        if cfg.errorlog == "-" and not (cfg.logconfig or cfg.logconfig_dict or cfg.logconfig_json):
            for handler in [one for one in self.error_log.handlers if isinstance(one, logging.StreamHandler)]:
                self.error_log.removeHandler(handler)
            self.error_log.propagate = True
