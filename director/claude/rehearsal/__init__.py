"""The built-in model that answers in place of Claude: no key, no network, the same bytes for the same goal."""
