"""What the travelling salesman problems share: instances, files, pricing, textbook tours and local search."""
