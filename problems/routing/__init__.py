"""What travelling salesman and vehicle routing problems share: distance rules, checks of visits, recorded references."""
