"""The job shop problem by dispatching: which operation is next when a machine is free."""
