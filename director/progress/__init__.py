"""Where a goal stands, what it waits for and what is next."""
