"""What follows what: plans, and the templates and rules they can be made from."""
