"""Calls to the model: asked once, paid once."""
