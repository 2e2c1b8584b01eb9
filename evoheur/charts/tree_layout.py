"""Places of a tree's nodes across the page, so that no two of its lines cross."""

__all__ = ["placed"]


def placed(parents: dict[int, int | None]) -> dict[int, float]:
    """Place the nodes of a tree, or of several.

    Leaves stand side by side in the order in which they are come to from the oldest root down, and every other node above the middle of its
    children.

    Args:
        parents: Node → the node that it hangs on, which comes before it; None for a root.

    Returns:
        Node → place across, from 0 to 1; 0.5 where there is one column only.
    """
    children: dict[int, list[int]] = {}
    for node, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(node)
    column: dict[int, float] = {}
    leaves = 0
    waiting = [node for node in reversed(parents) if parents[node] is None]
    order: list[int] = []
    while waiting:  # without recursion, since a line of descent may be longer than Python's stack
        node = waiting.pop()
        order.append(node)
        waiting.extend(reversed(children.get(node, [])))
    for node in order:
        if node not in children:
            column[node] = float(leaves)
            leaves += 1
    for node in reversed(order):
        if node in children:
            below = children[node]
            column[node] = (column[below[0]] + column[below[-1]]) / 2
    widest = leaves - 1
    return {node: column[node] / widest if widest > 0 else 0.5 for node in parents}
