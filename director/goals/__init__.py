"""What is asked for, from the sentence a person types to the report they read."""
