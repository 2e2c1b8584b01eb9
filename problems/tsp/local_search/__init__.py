"""2-opt and Or-opt over neighbour lists, and what is built on them."""
