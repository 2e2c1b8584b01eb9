"""Lower bounds of the seeded streams, where they are above the bound by volume.

Written by `python -m evoheur.problems.bin_packing_online_levels.lower_bounds`. The guest must not hold this module.
"""

__all__ = ["BOUNDS"]

BOUNDS: dict[int, int] = {
    879697964569622535: 2283,  # bimodal-5k-c100-s56400
    706840937895304459: 2283,  # bimodal-5k-c100-s56401
    439500704589179202: 2276,  # bimodal-5k-c100-s56402
    606577549772022528: 2253,  # bimodal-5k-c100-s56403
    312026300118736135: 2275,  # bimodal-5k-c100-s56404
}
"""`stream_checksum.checksum` of a stream's sizes → a number of bins that no packing can stay below."""
