"""Tables and JSON that several commands show."""
