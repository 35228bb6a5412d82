"""The folder people look into: what they write for the team, and readable copies of what it wrote."""
