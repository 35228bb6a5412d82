"""What is known of a deliverable when it is approved, kept for ever."""
