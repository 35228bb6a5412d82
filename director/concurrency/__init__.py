"""Threads of one process that share something."""
