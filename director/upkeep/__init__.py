"""What keeps work moving when nobody rings."""
