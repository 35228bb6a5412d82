"""Who asks over HTTP: addresses translate into use cases, and that is all."""
