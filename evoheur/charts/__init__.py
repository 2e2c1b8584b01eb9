"""Data of figures: what a chart shows, computed from an archive, without a drawing library."""
