"""Attacks on a sandbox as data, and their runners.

No test framework is needed.

    for verdict in run_red_team(ProcessSandbox):
        ...  # verdict.name, verdict.family, verdict.blocked, verdict.detail

Everything happens on this machine: files in temporary folders, sockets on the loopback interface, victims that are processes of our own.
What an attack could do to a machine without any sandbox is bounded, and undone.
"""
