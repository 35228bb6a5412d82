"""What the team learned: kept, shown where it fits, measured, and retired where it does harm."""
