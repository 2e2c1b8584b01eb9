"""The command line: each command checks what it was given, calls the library, and shows what came of it."""
