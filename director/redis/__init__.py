"""Bells through Redis, and the workspace's own Redis server."""
