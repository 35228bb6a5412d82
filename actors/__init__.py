"""The actors: the Director, one actor for each skill folder, the reviewer. `dramatiq actors` starts them as a worker."""

import actors.director
import actors.reviewer
import actors.specialists  # noqa: F401 - importing declares them
