"""What is wrong with an installation, part by part, and what mends it; it changes nothing."""
