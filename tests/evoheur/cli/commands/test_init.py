"""`init` and `configs`: a configuration to begin with, and those that ship."""

from pathlib import Path

from tests.evoheur.cli.support.invoking import evoheur, refusal


def test_init_writes_a_configuration_that_runs_and_says_what_to_do_next() -> None:
    done = evoheur("init", "mine")
    assert done.code == 0, done
    assert "  evoheur run mine/evoheur.yaml --dry-run" in done.out
    assert "  evoheur best" in done.out
    assert evoheur("run", "mine/evoheur.yaml", "--quiet", "--set", "budget.evaluations=2") == (0, "", "")
    [run] = evoheur("runs", "--json").document
    assert (run["name"], run["evaluations"], run["problem"]) == ("evoheur-1", 2, "bin_packing_online")


def test_init_writes_into_the_working_folder_and_overwrites_nothing() -> None:
    assert evoheur("init").code == 0
    Path("evoheur.yaml").write_text("# mine\n")
    assert "nothing is overwritten" in refusal("init")
    assert Path("evoheur.yaml").read_text() == "# mine\n"


def test_configs_lists_what_run_takes_by_name() -> None:
    listed = evoheur("configs", "--json").document
    assert "quickstart" in [entry["name"] for entry in listed]
    assert all(entry["summary"] for entry in listed)
    assert "quickstart" in evoheur("configs").out
    assert "evoheur configs" in evoheur("run", "--help").out
    message = refusal("run", "quickstrt")
    assert "did you mean 'quickstart'" in message


def test_a_shipped_configuration_runs_from_any_folder() -> None:
    assert evoheur("run", "quickstart", "--quiet", "--set", "budget.evaluations=2") == (0, "", "")
    [run] = evoheur("runs", "--json").document
    assert (run["name"], run["evaluations"]) == ("quickstart-1", 2)
