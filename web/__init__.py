"""The use cases over HTTP: addresses translate into use cases, and that is all."""
