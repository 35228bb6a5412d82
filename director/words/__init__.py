"""The vocabulary: states, rows, errors, settings, and how they are said."""
