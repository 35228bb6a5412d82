"""The use cases for programs, under /api/v1."""
