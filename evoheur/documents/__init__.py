"""The documents that evoheur writes for programs: their forms, their versions and their JSON schemas."""
