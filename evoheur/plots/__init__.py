"""Figures of runs for papers, drawn with matplotlib from the data in `evoheur.charts`."""
