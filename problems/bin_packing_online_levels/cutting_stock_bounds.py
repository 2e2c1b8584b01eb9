"""Lower bounds of the seeded streams, where they are above the bound by volume.

Written by `python -m evoheur.problems.bin_packing_online_levels.lower_bounds`. The guest must not hold this module.
"""

__all__ = ["BOUNDS"]

BOUNDS: dict[int, int] = {
    395187476018312786: 2255,  # bimodal-5k-c100-s53400
    255873138684373745: 2260,  # bimodal-5k-c100-s53401
    974836926317166157: 2250,  # bimodal-5k-c100-s53402
    827838942162117071: 2261,  # bimodal-5k-c100-s53403
    796477367832180492: 2274,  # bimodal-5k-c100-s53404
}
"""`stream_checksum.checksum` of a stream's sizes → a number of bins that no packing can stay below."""
