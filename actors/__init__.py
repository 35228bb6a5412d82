"""The actors: the Director, one for each skill folder, the reviewer, the clock. `dramatiq actors` starts them as a worker."""

import actors.clock
import actors.director
import actors.reviewer
import actors.specialists  # noqa: F401 - importing declares them
