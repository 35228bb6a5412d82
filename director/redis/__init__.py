"""The doorbell: bells through Redis, and the workspace's own server."""
