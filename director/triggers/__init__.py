"""What starts work besides people: schedules, and triggers that answer events."""
