"""Health of a stored run: which share of its replies is valid, new, and better than what was known."""

from evoheur.run.reply_health import NEWEST, HealthShare, HealthWindow, RunHealth, health_of_run

__all__ = ["NEWEST", "HealthShare", "HealthWindow", "RunHealth", "health_of_run"]
