"""Graph colouring: one colour after the other is given to as many vertices as it may have, vertex by vertex."""
