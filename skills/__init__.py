"""What the specialists know: one folder a skill, and the loader that reads them."""
