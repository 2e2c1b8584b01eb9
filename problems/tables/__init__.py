"""The textbook rules on published benchmark files, as the tables of `docs/baselines.md`; the guest has no need of it."""
