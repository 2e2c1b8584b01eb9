"""Vehicle routes joined by savings."""
