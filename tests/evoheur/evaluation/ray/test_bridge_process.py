"""What a bridge gets of the run's environment: next to nothing."""

from evoheur.evaluation.ray.bridge_process import bridge_environment

EVERYTHING = {
    "PATH": "/usr/bin",
    "HOME": "/home/me",
    "LC_ALL": "C.UTF-8",
    "DOCKER_HOST": "unix:///run/docker.sock",
    "RAY_TMPDIR": "/var/tmp",
    "OPENAI_API_KEY": "secret",
    "ANTHROPIC_API_KEY": "secret",
    "EVOHEUR_ARCHIVE": "postgresql://me:secret@db/runs",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "DOCKER_AUTH_CONFIG": "secret",
    "HTTPS_PROXY": "http://me:secret@proxy",
    "PGPASSWORD": "secret",
}


def test_only_what_programs_need_to_start_is_passed_on() -> None:
    passed = bridge_environment(EVERYTHING, own_cluster=False)
    assert {name: passed[name] for name in passed if name in EVERYTHING} == {
        name: EVERYTHING[name] for name in ("PATH", "HOME", "LC_ALL", "DOCKER_HOST", "RAY_TMPDIR")
    }
    assert not [name for name, value in passed.items() if "secret" in value]


def test_a_cluster_of_our_own_has_a_token_of_its_own() -> None:
    """Otherwise Ray would write one into the user's home folder; every cluster has another."""
    first, second = (bridge_environment(EVERYTHING, own_cluster=True) for _ in range(2))
    assert first["RAY_AUTH_MODE"] == second["RAY_AUTH_MODE"] == "token"
    assert len(first["RAY_AUTH_TOKEN"]) == len(second["RAY_AUTH_TOKEN"]) == 64
    assert first["RAY_AUTH_TOKEN"] != second["RAY_AUTH_TOKEN"]
    assert "RAY_AUTH_TOKEN" not in bridge_environment(EVERYTHING, own_cluster=False)


def test_what_the_user_says_of_ray_goes_before_our_defaults_except_for_uploads() -> None:
    """Ray would upload the working directory, with the archive in it, of a run under `uv run`."""
    said = {"RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "1", "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "1"}
    passed = bridge_environment(said, own_cluster=True)
    assert passed["RAY_AUTH_MODE"] == "disabled"
    assert passed["RAY_USAGE_STATS_ENABLED"] == "1"
    assert passed["RAY_ENABLE_UV_RUN_RUNTIME_ENV"] == "0"
