"""What to say: one template per operator, filled from the problem card and the parents."""
