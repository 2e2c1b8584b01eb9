"""2-opt and Or-opt over neighbour lists, and searches upon them."""
