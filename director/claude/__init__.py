"""The Messages API: one client, its limits, and the rehearsal that stands in where there is no key."""
