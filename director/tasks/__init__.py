"""What is done for one task: the prompt, the draft, its review and the verdict."""
