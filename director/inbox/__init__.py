"""Answers of people, and what follows from them."""
