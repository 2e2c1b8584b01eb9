"""Rules with loops for every bundled problem, as models write them; all of them can be compiled."""

from collections.abc import Mapping

__all__ = ["LOOP_RULES"]

LOOP_RULES: Mapping[str, str] = {
    "bin_packing_offline": """
def order_scores(items, capacity):
    scores = np.zeros(len(items))
    for i in range(len(items)):
        scores[i] = items[i] if items[i] > capacity // 3 else items[i] / 2
    return scores

def fit_scores(item, bins, remaining, capacity):
    scores = np.zeros(len(bins), dtype=float)
    for i, space in enumerate(bins):
        rest = space - item
        scores[i] = 100.0 if rest == 0 else -((rest / capacity) ** 2)
        for size in remaining:
            if size == rest:
                scores[i] += 1
                break
    return scores
""",
    "bin_packing_online": """
def priority(item, bins):
    scores = np.zeros_like(bins, dtype=np.float64)
    widest = max(bins[0], bins[-1])
    for i in range(len(bins)):
        rest = bins[i] - item
        scores[i] = -rest / widest + math.exp(-0.1 * rest)
        if i > 0 and bins[i - 1] == bins[i]:
            scores[i] -= 0.5
    return scores
""",
    "cvrp_aco": """
def heuristics(distance_matrix, coordinates, demands, capacity):
    n = distance_matrix.shape[0]
    promise = np.full((n, n), 1e-9)
    for i in range(n):
        for j in range(n):
            if i != j:
                promise[i, j] = (1.0 + demands[j] / capacity) / distance_matrix[i, j] ** 2
    return promise
""",
    "cvrp_constructive": """
def select_next_node(current_node, depot, unvisited_nodes, rest_capacity, demands, distance_matrix):
    best_node = None
    best_score = float("inf")
    for node in unvisited_nodes:
        score = distance_matrix[current_node][node] - 0.3 * distance_matrix[depot][node] * demands[node] / rest_capacity
        if best_node is None or score < best_score:
            best_score = score
            best_node = node
    return best_node
""",
    "cvrp_ruin_recreate": """
def removal_scores(seed, distances, demands, routes, successors, savings, noise):
    scores = np.zeros(len(noise))
    for node in range(1, len(noise)):
        if routes[node] == routes[seed] or successors[node] == seed:
            scores[node] = 1.0 + savings[node]
        scores[node] += noise[node] / (0.1 + distances[node])
    return scores

def insertion_scores(demands, depot_distances, cheapest, regrets, noise):
    scores = np.zeros(len(demands))
    for i, demand in enumerate(demands):
        scores[i] = min(regrets[i], 5.0) - 0.1 * cheapest[i] + 0.01 * demand
    return scores
""",
    "cvrp_savings": """
def joining_savings(distances, depot_distances, other_depot_distances, demands, other_demands, capacity):
    n = len(distances)
    savings = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            savings[i, j] = depot_distances[i, j] + other_depot_distances[i, j] - 1.2 * distances[i, j]
            if demands[i, j] + other_demands[i, j] > 0.8 * capacity:
                savings[i, j] *= 0.5
    return savings
""",
    "tsp_aco": """
def heuristics(distance_matrix):
    promise = np.zeros((len(distance_matrix), len(distance_matrix)))
    for i, row in enumerate(distance_matrix):
        nearest = row.min()
        for j, distance in enumerate(row):
            promise[i, j] = nearest / distance ** 1.5
    return promise
""",
    "tsp_constructive": """
def select_next_node(current_node, destination_node, unvisited_nodes, distance_matrix):
    best, least = -1, math.inf
    for node in unvisited_nodes:
        total = 0
        for other in unvisited_nodes:
            if other == node:
                continue
            total += math.sqrt(distance_matrix[node, other])
        score = distance_matrix[current_node, node] - 0.2 * total / len(unvisited_nodes)
        if score < least:
            best, least = node, score
    return int(best)
""",
    "tsp_gls": """
def guide(distances, tour, penalties):
    n = len(tour)
    worth = np.zeros((n, n))
    for k in range(n):
        i, j = tour[k - 1], tour[k]
        worth[i, j] = distances[i, j] / (1 + penalties[i, j])
    return worth
""",
}
