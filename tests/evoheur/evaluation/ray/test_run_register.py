"""The register of runs on a shared cluster, without a cluster: who is in it, and who is not any more."""

from evoheur.evaluation.ray.cluster_shares import RunOnCluster
from evoheur.evaluation.ray.run_register import RegisterBook


def run(holder: str, held: int = 0) -> RunOnCluster:
    return RunOnCluster(holder=holder, claims={"CPU": 1.0}, held=held, wanted=4, most=4)


def test_runs_are_listed_in_the_order_of_coming_as_they_reported_last() -> None:
    book = RegisterBook(now=lambda: 0.0)
    assert book.report("b", run("second")) == [("b", run("second"))]
    book.report("a", run("first"))
    assert book.report("b", run("second", held=3)) == [("b", run("second", held=3)), ("a", run("first"))]


def test_a_run_that_reports_no_more_is_gone_after_a_while() -> None:
    """Such as one that was killed; one that leaves is gone at once."""
    clock = [0.0]
    book = RegisterBook(now=lambda: clock[0])
    book.report("killed", run("killed"))
    book.report("leaving", run("leaving"))
    clock[0] = 10.0
    assert [key for key, _ in book.report("a", run("a"))] == ["killed", "leaving", "a"]
    book.leave("leaving")
    clock[0] = 21.0
    assert [key for key, _ in book.report("a", run("a"))] == ["a"]
    book.leave("unheard of")
