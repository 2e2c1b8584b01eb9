"""Reference pages that are written from the program itself: its commands, its configuration, its public names."""
