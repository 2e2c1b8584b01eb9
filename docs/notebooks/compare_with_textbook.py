"""A marimo notebook: a discovered heuristic beside the textbook rules. `marimo edit compare_with_textbook.py` opens it."""

import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import marimo as mo

    from evoheur import discover, evaluate

    return discover, evaluate, mo


@app.cell
def _(mo):
    mo.md(
        """
        # A discovered heuristic beside the textbook

        How many candidates may the search evaluate? Change the number, and the cells below run again; a larger one takes longer.
        """
    )
    return


@app.cell
def _(mo):
    evaluations = mo.ui.slider(20, 200, step=20, value=40, label="evaluations", show_value=True)
    evaluations
    return (evaluations,)


@app.cell
def _(discover, evaluations):
    result = discover("quickstart", {"budget.evaluations": evaluations.value})
    result
    return (result,)


@app.cell
def _(mo, result):
    _validation = result.gaps["validation"]
    rows = [{"heuristic": "discovered", "gap in percent": _validation.best}]
    rows += [{"heuristic": _rule, "gap in percent": _gap} for _rule, _gap in _validation.textbook.items()]
    rows.sort(key=lambda _row: _row["gap in percent"])
    mo.ui.table(rows, selection=None)
    return (rows,)


@app.cell
def _(evaluate, mo, result):
    scored = evaluate(result.code, "bin_packing_online_levels", split="test")
    mo.md(
        f"""
        These are gaps on validation, where lower is better, and the best of ten was chosen. On test, which no search has seen, the
        discovered heuristic has **{scored.objective:.2f} %** over {len(scored.results)} instances.
        """
    )
    return


if __name__ == "__main__":
    app.run()
