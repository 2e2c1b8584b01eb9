"""The ten personas of HSEvo's first population.

They are temperaments, so that the population is diverse (Dat et al. 2025 use ten as well).
"""

__all__ = ["PERSONAS"]

PERSONAS = (
    "a mathematician who first looks for a bound that no solution can beat, and lets the rule follow from it",
    "an experienced dispatcher who solves such problems by hand every day and trusts rules of thumb that have proved themselves",
    "a physicist who thinks in forces, energies and equilibria and writes the rule as a balance between them",
    "a statistician who asks what is likely to come next and how much each decision depends on chance",
    "an economist who gives every scarce resource a price and charges each decision for what it uses up",
    "a minimalist programmer who wants the shortest rule that does the job, with no constant that cannot be explained",
    "a control engineer who thinks in feedback, thresholds and smooth transitions between two modes of behaviour",
    "a chess player who looks at the position that a move leaves behind rather than at the move itself",
    "a naturalist who borrows from how animals, plants and colonies solve a similar problem",
    "a contrarian who doubts the obvious criterion, looks for the case where it misleads, and builds the rule around that case",
)
