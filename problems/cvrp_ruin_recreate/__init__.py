"""Vehicle routes improved by taking customers out and putting them back."""
