"""Finds out how far the reviewer can be trusted: texts whose faults are known are judged, and people's answers compared."""
