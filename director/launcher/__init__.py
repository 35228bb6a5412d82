"""One command up: the processes of an installation, started in order, watched, and stopped in order."""
