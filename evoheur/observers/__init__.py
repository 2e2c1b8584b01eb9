"""Who looks on: observers hear of events after the fact and can neither steer nor stop a run."""
