"""Graph colouring, one colour after the other."""
