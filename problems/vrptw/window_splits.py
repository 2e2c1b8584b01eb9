"""Instances of all splits.

The guest must not hold this module.
"""

from dataclasses import replace

from evoheur.problem import Split
from evoheur.problems.fresh_seeds import fresh_seeds

from .generate import TimedFamily, clusters, half_and_half, scattered, timed_instances
from .instance import TimeWindowInstance

__all__ = ["FAMILIES", "instances"]

# Solomon's horizons are 230 and 1,000 where service takes 10; that of his clusters 1,236 and 3,390 where it takes 90.
_TRAINED = (
    TimedFamily(
        name="uniform-50-short-w10",
        draw=scattered,
        customers=50,
        horizon=230.0,
        capacity=200,
        service=10.0,
        windowed=1.0,
        half=10.0,
        seeds=range(81_000, 81_016),
    ),
    TimedFamily(
        name="uniform-50-short-w40",
        draw=scattered,
        customers=50,
        horizon=230.0,
        capacity=200,
        service=10.0,
        windowed=0.5,
        half=40.0,
        seeds=range(81_100, 81_116),
    ),
    TimedFamily(
        name="clustered-50-short-w50",
        draw=clusters,
        customers=50,
        horizon=1_236.0,
        capacity=200,
        service=90.0,
        windowed=0.75,
        half=50.0,
        toured=True,
        seeds=range(81_200, 81_216),
    ),
    TimedFamily(
        name="mixed-50-short-w30",
        draw=half_and_half,
        customers=50,
        horizon=240.0,
        capacity=200,
        service=10.0,
        windowed=1.0,
        half=30.0,
        seeds=range(81_300, 81_316),
    ),
    TimedFamily(
        name="uniform-50-long-w60",
        draw=scattered,
        customers=50,
        horizon=1_000.0,
        capacity=1_000,
        service=10.0,
        windowed=1.0,
        half=60.0,
        seeds=range(81_400, 81_416),
    ),
    TimedFamily(
        name="mixed-50-long-w120",
        draw=half_and_half,
        customers=50,
        horizon=960.0,
        capacity=1_000,
        service=10.0,
        windowed=0.5,
        half=120.0,
        seeds=range(81_500, 81_516),
    ),
)

FAMILIES: dict[Split, tuple[TimedFamily, ...]] = {
    "train": _TRAINED,
    "validation": (
        *(replace(family, seeds=range(family.seeds[0] + 1_000, family.seeds[0] + 1_010)) for family in _TRAINED),
        TimedFamily(
            name="clustered-50-long-w80",
            draw=clusters,
            customers=50,
            horizon=3_390.0,
            capacity=700,
            service=90.0,
            windowed=1.0,
            half=80.0,
            seeds=range(82_600, 82_610),
        ),
        TimedFamily(
            name="mixed-80-short-w15",
            draw=half_and_half,
            customers=80,
            horizon=240.0,
            capacity=200,
            service=10.0,
            windowed=0.75,
            half=15.0,
            seeds=range(82_700, 82_710),
        ),
    ),
    "test": (
        TimedFamily(
            name="uniform-100-short-w5",
            draw=scattered,
            customers=100,
            horizon=230.0,
            capacity=200,
            service=10.0,
            windowed=1.0,
            half=5.0,
            seeds=range(83_000, 83_008),
        ),
        TimedFamily(
            name="uniform-100-short-w30",
            draw=scattered,
            customers=100,
            horizon=230.0,
            capacity=200,
            service=10.0,
            windowed=0.75,
            half=30.0,
            seeds=range(83_100, 83_108),
        ),
        TimedFamily(
            name="clustered-100-short-w30",
            draw=clusters,
            customers=100,
            horizon=1_236.0,
            capacity=200,
            service=90.0,
            windowed=1.0,
            half=30.0,
            toured=True,
            seeds=range(83_200, 83_208),
        ),
        TimedFamily(
            name="mixed-100-short-w60",
            draw=half_and_half,
            customers=100,
            horizon=240.0,
            capacity=120,
            service=10.0,
            windowed=1.0,
            half=60.0,
            seeds=range(83_300, 83_308),
        ),
        TimedFamily(
            name="uniform-100-long-w120",
            draw=scattered,
            customers=100,
            horizon=1_000.0,
            capacity=1_000,
            service=10.0,
            windowed=1.0,
            half=120.0,
            seeds=range(83_400, 83_408),
        ),
        TimedFamily(
            name="clustered-100-long-w160",
            draw=clusters,
            customers=100,
            horizon=3_390.0,
            capacity=700,
            service=90.0,
            windowed=0.5,
            half=160.0,
            seeds=range(83_500, 83_508),
        ),
        TimedFamily(
            name="mixed-100-long-w30",
            draw=half_and_half,
            customers=100,
            horizon=960.0,
            capacity=1_000,
            service=10.0,
            windowed=1.0,
            half=30.0,
            seeds=range(83_600, 83_608),
        ),
        TimedFamily(
            name="metres-100-short-w20",
            draw=half_and_half,
            customers=100,
            horizon=235.0,
            capacity=150,
            service=8.0,
            windowed=0.8,
            half=20.0,
            unit=100,
            load_unit=7,
            seeds=range(83_700, 83_708),
        ),
        TimedFamily(
            name="uniform-200-short-w20",
            draw=scattered,
            customers=200,
            horizon=260.0,
            capacity=200,
            service=10.0,
            windowed=0.75,
            half=20.0,
            seeds=range(83_800, 83_805),
        ),
    ),
}
"""Split → families, cheapest instances first; "w10" is a mean half width of windows of 10.

No seed is in two. Test families have twice to four times the customers of training, windows from narrower to wider, clusters with a long
horizon, smaller vehicles, and one is in metres: coordinates and times × 100, loads × 7.
"""


def instances(split: Split, *, resampled: int | None = None) -> list[TimeWindowInstance]:
    """The instances of a split, cheapest first.

    Args:
        split: Which.
        resampled: Draw as many other instances of the same families from this; None for the split's own.
    """
    wanted = FAMILIES[split]
    if resampled is not None:
        wanted = tuple(replace(family, seeds=fresh_seeds(resampled, family.name, len(family.seeds))) for family in wanted)
    return [instance for family in wanted for instance in timed_instances(family)]
