"""The 0/1 knapsack problem with several limits: items leave an overfull load, then others join it."""
