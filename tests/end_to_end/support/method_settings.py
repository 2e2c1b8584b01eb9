"""Short runs of every built-in strategy, with settings under which each soon has all of its state to lose."""

from typing import Any

_OTHERS = ["eoh", "reevo", "funsearch", "map_elites", "opro", "lhns"]

METHOD_SETTINGS: dict[str, dict[str, Any]] = {
    "adaevolve": {"strategy": {"kind": "adaevolve", "island_size": 4, "migrate_every": 6, "cooldown": 8, "productivity": 0.3}},
    "calm": {"strategy": {"kind": "calm", "population_size": 4, "initial": 6, "collapse_growth": 0.02}},
    "eoh": {"strategy": {"kind": "eoh", "population_size": 4, "parents": 2}},
    "eohs": {"strategy": {"kind": "eohs", "population_size": 4, "initial": 6}},
    "meoh": {"strategy": {"kind": "meoh", "population_size": 4, "initial": 6}},
    "nsga2": {"strategy": {"kind": "nsga2", "population_size": 4, "initial": 6}, "repair": 1},
    "evox": {"strategy": {"kind": "evox", "initial": 2, "patience": 5, "ahead": 2}},
    "es": {"strategy": {"kind": "es", "parents": 2, "children": 3}},
    "funsearch": {"strategy": {"kind": "funsearch"}},
    "hsevo": {
        "strategy": {"kind": "hsevo", "population_size": 4, "initial": 6},
        "tune": {"evaluations": 60, "each": 20, "settled": 2},
    },
    "lhns": {"strategy": {"kind": "lhns"}, "simplify": {"evaluations": 40, "tolerance": 0.5}},
    "map_elites": {"strategy": {"kind": "map_elites"}},
    "mcts_ahd": {"strategy": {"kind": "mcts_ahd", "horizon": 60}, "repair": 1},
    "opro": {"strategy": {"kind": "opro"}},
    "portfolio": {
        "strategy": {"kind": "portfolio", "members": [{"kind": kind} for kind in _OTHERS], "migrate_every": 5},
        "repair": 1,
    },
    "random": {"strategy": {"kind": "random"}, "repair": 1},
    "reevo": {"strategy": {"kind": "reevo"}},
    "sfs": {"strategy": {"kind": "sfs", "seeds": 2}, "repair": 1},
}
"""Strategy → sections of a configuration; beside populations, these have trees, reflections, tunings in work, bandits and repairs, and
one simplifies its best."""

RESAMPLED: dict[str, dict[str, Any]] = {
    f"{method}-resampled": {
        **{section: value for section, value in settings.items() if section != "tune"},
        "train": {"resample": {"every": 7}},
    }
    for method, settings in METHOD_SETTINGS.items()
}
"""The same with fresh training instances every few candidates, beside which nothing can be tuned."""


FUNNELLED: dict[str, dict[str, Any]] = {"eoh-funnelled": METHOD_SETTINGS["eoh"]}
"""One with the stages of `FUNNEL`, beside racing."""

FUNNEL = [{"instances": 1}, {"instances": 2, "keep": 0.7}]
"""Two stages below the four training instances of list scheduling."""


def method_configuration(method: str, problem: str, *, evaluations: int, **settings: Any) -> dict[str, Any]:
    """A configuration whose runs are all equal, whatever finishes first.

    Args:
        method: Of `METHOD_SETTINGS`, `RESAMPLED` or `FUNNELLED`.
        problem: Folder of the problem.
        evaluations: The budget; with tuning three times as many, most of which tune.
        settings: More sections.
    """
    chosen = {**METHOD_SETTINGS, **RESAMPLED, **FUNNELLED}[method]
    configuration = {
        "name": "r",
        "problem": problem,
        "generator": {"kind": "mutator", "max_nodes": 20},
        "evaluation": {"executor": {"kind": "local", "slots": 2}, "limits": {"memory_mib": 256}},
        "budget": {"evaluations": 3 * evaluations if "tune" in chosen else evaluations},
        "in_flight": 4,
        "tell_order": "asked",
        "seed": 7,
        **chosen,
        **settings,
    }
    if method in FUNNELLED:
        configuration["evaluation"] = {**configuration["evaluation"], "funnel": FUNNEL}
    return configuration
