"""Programs of the kinds that models write for `cvrp_constructive`, for tests and benchmarks."""

_HEAD = "import numpy as np\nimport math\n\n"
_DEF = "def select_next_node(current_node, depot, unvisited_nodes, rest_capacity, demands, distance_matrix):\n"


def _program(body: str, *, before: str = "") -> str:
    lines = "\n".join(f"    {line}" if line else "" for line in body.strip("\n").split("\n"))
    return f"{_HEAD}{before}\n{_DEF}{lines}\n"


ROUTE_PROGRAMS = {
    "nearest": _program("""
distances = distance_matrix[current_node, unvisited_nodes]
return int(unvisited_nodes[np.argmin(distances)])
"""),
    "score_by_loop": _program("""
best_score = -float('inf')
next_node = depot
for node in unvisited_nodes:
    distance = distance_matrix[current_node][node]
    home = distance_matrix[node][depot]
    fill = demands[node] / rest_capacity
    score = 0.5 * fill - distance + 0.2 * home
    if score > best_score:
        best_score = score
        next_node = node
return next_node
"""),
    "home_when_nearly_full": _program("""
if current_node != depot:
    nearest = min(unvisited_nodes, key=lambda node: distance_matrix[current_node][node])
    if demands[nearest] > 0.9 * rest_capacity and distance_matrix[current_node][depot] < 0.3 * distance_matrix[current_node][nearest]:
        return depot
best, best_value = None, None
for node in unvisited_nodes:
    value = distance_matrix[current_node][node] - 0.4 * distance_matrix[node][depot]
    if best_value is None or value < best_value:
        best, best_value = node, value
return best
"""),
    "savings_helper": _program(
        """
values = {node: value_of(node, current_node, depot, distance_matrix) for node in unvisited_nodes}
return max(values, key=values.get)
""",
        before="""
WEIGHT = 1.4


def value_of(node, current, depot, matrix):
    return matrix[current][depot] + matrix[depot][node] - WEIGHT * matrix[current][node]
""",
    ),
    "clusters": _program("""
best = unvisited_nodes[0]
best_score = float('inf')
for node in unvisited_nodes:
    close = 0
    for other in unvisited_nodes:
        if other != node and distance_matrix[node, other] < 0.5 * distance_matrix[node, depot]:
            close += 1
    score = distance_matrix[current_node, node] - 0.02 * close
    if score < best_score:
        best, best_score = node, score
return best
"""),
    "lookahead_by_capacity": _program("""
best, best_cost = None, float("inf")
for node in unvisited_nodes:
    rest = rest_capacity - demands[node]
    onward = distance_matrix[node][depot]
    for after in unvisited_nodes:
        if after != node and demands[after] <= rest:
            onward = min(onward, distance_matrix[node][after])
    cost = distance_matrix[current_node][node] + 0.5 * onward
    if cost < best_cost:
        best_cost, best = cost, node
return best
"""),
    "vectors": _program("""
d = distance_matrix[current_node, unvisited_nodes]
h = distance_matrix[unvisited_nodes, depot]
q = demands[unvisited_nodes] / rest_capacity
score = d / (np.max(d) + 1e-9) - 0.3 * h / (np.max(h) + 1e-9) - 0.1 * q
return int(unvisited_nodes[np.argmin(score)])
"""),
    "sorted_by_several": _program("""
ranked = sorted(unvisited_nodes, key=lambda node: (distance_matrix[current_node][node], -demands[node], node))
near = ranked[:3]
return max(near, key=lambda node: demands[node] - 0.01 * distance_matrix[node][depot])
"""),
    "sets_and_totals": _program("""
waiting = set(unvisited_nodes)
total = sum(demands[node] for node in waiting)
scores = []
for node in sorted(waiting):
    others = waiting - {node}
    far = max([distance_matrix[node][k] for k in others]) if others else 0
    scores.append((distance_matrix[current_node][node] - 0.1 * far - demands[node] / total, node))
scores.sort()
return scores[0][1]
"""),
    "mean_of_near": _program("""
def spread(node):
    row = np.sort(distance_matrix[node, unvisited_nodes])
    return row[:4].mean()

scores = np.zeros(len(unvisited_nodes))
for i, node in enumerate(unvisited_nodes):
    scores[i] = distance_matrix[current_node, node] + 0.3 * spread(node)
return unvisited_nodes[scores.argmin()]
"""),
    "depot_start": _program("""
if current_node == depot:
    far = unvisited_nodes[np.argmax(distance_matrix[depot, unvisited_nodes])]
    return far
candidates = [node for node in unvisited_nodes if distance_matrix[current_node, node] < distance_matrix[current_node, depot] + 0.2]
if not candidates:
    return depot
return min(candidates, key=lambda node: distance_matrix[current_node, node])
"""),
    "exponentials": _program("""
weights = [math.exp(-2.0 * distance_matrix[current_node][node]) * (1 + demands[node]) for node in unvisited_nodes]
top = max(weights)
return unvisited_nodes[weights.index(top)]
"""),
    "integer_demands": _program("""
best, value = None, -1e9
for node in unvisited_nodes:
    left = rest_capacity - demands[node]
    v = -distance_matrix[current_node][node] - (0.1 * left if left < 0.2 * rest_capacity else 0)
    if v > value:
        best, value = node, v
return int(best)
"""),
}
"""Name → source."""
