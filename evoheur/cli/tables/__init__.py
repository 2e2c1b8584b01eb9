"""Tables and JSON of what several commands show."""
