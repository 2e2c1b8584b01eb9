"""Every frame once more, as one would write it at first: plain Python and NumPy, nothing compiled, a new interpreter per candidate.

The frames are written from their descriptions, with lists where the compiled ones have arrays, but for what decides ties and draws: the
same candidate gets the same cost. So they are what speed is measured against, and a second opinion on what the frames compute. A frame
takes (candidate's functions by name, instance as `Problem.encode` gives it, generator, effort) and returns the cost.
"""
