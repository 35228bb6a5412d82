"""The Messages API: a client, what its replies and errors become, and the rehearsal that answers where there is no key."""
