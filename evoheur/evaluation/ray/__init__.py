"""The executor `ray`: candidates on the processors of a cluster.

    evoheur run ── pipe ── bridge ── Ray ── worker ── guest ── candidate
    (keys, archive)        (a Ray driver)   (one per slot, trusted)

The run's own process never speaks to Ray. A bridge process does, which starts with an environment of its own and gets no more than a
recipe for evaluators, sources and instances: whatever Ray copies from its driver (environment, command line, working directory), keys and
archive are not there to be copied, and whatever ends a Ray driver does not end the run.
"""
