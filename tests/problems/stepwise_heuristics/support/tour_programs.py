"""Programs of the kinds that models write for `tsp_constructive`, for tests and benchmarks."""

_HEAD = "import numpy as np\nimport math\n\n"
_DEF = "def select_next_node(current_node, destination_node, unvisited_nodes, distance_matrix):\n"


def _program(body: str, *, before: str = "") -> str:
    lines = "\n".join(f"    {line}" if line else "" for line in body.strip("\n").split("\n"))
    return f"{_HEAD}{before}\n{_DEF}{lines}\n"


TOUR_PROGRAMS = {
    "nearest": _program("""
distances = distance_matrix[current_node, unvisited_nodes]
return int(unvisited_nodes[np.argmin(distances)])
"""),
    "nearest_by_loop": _program("""
best, best_distance = None, float('inf')
for node in unvisited_nodes:
    if distance_matrix[current_node][node] < best_distance:
        best_distance = distance_matrix[current_node][node]
        best = node
return best
"""),
    "mean_of_others": _program("""
best_score = float('inf')
next_node = unvisited_nodes[0]
for node in unvisited_nodes:
    others = [distance_matrix[node][k] for k in unvisited_nodes if k != node]
    score = 0.7 * distance_matrix[current_node][node] - 0.2 * np.mean(others)
    if score < best_score:
        best_score, next_node = score, node
return next_node
"""),
    "mean_and_deviation": _program("""
threshold = 0.7
c1, c2, c3, c4 = 0.4, 0.3, 0.2, 0.1
scores = {}
for node in unvisited_nodes:
    all_distances = [distance_matrix[node][i] for i in unvisited_nodes if i != node]
    average = np.mean(all_distances)
    deviation = np.std(all_distances)
    score = c1 * distance_matrix[current_node][node] - c2 * average + c3 * deviation - c4 * distance_matrix[destination_node][node]
    scores[node] = score
if min(scores.values()) > threshold:
    next_node = min(unvisited_nodes, key=lambda node: distance_matrix[current_node][node])
else:
    next_node = min(scores, key=scores.get)
return next_node
"""),
    "two_steps_ahead": _program("""
best, best_cost = -1, np.inf
for first in unvisited_nodes:
    cost = distance_matrix[current_node, first]
    onward = np.inf
    for second in unvisited_nodes:
        if second == first:
            continue
        if distance_matrix[first, second] < onward:
            onward = distance_matrix[first, second]
    total = cost + 0.5 * onward
    if total < best_cost:
        best_cost = total
        best = first
return int(best)
"""),
    "helper": _program(
        """
scores = [evaluate(current_node, node, destination_node, unvisited_nodes, distance_matrix) for node in unvisited_nodes]
return unvisited_nodes[int(np.argmin(scores))]
""",
        before="""
ALPHA = 0.8
BETA = -0.15


def closest(node, nodes, matrix):
    smallest = float("inf")
    for other in nodes:
        if other != node and matrix[node, other] < smallest:
            smallest = matrix[node, other]
    return smallest


def evaluate(current, node, destination, nodes, matrix):
    return ALPHA * matrix[current, node] + BETA * closest(node, nodes, matrix) + 0.05 * matrix[node, destination]
""",
    ),
    "nested_helper": _program("""
def lookahead(node, depth, left):
    if depth == 0 or len(left) <= 1:
        return 0.0
    rest = [k for k in left if k != node]
    nearest = min(rest, key=lambda k: distance_matrix[node][k])
    return distance_matrix[node][nearest] + lookahead(nearest, depth - 1, rest)

candidates = sorted(unvisited_nodes, key=lambda k: distance_matrix[current_node][k])[:5]
best = None
best_cost = float('inf')
for node in candidates:
    cost = distance_matrix[current_node][node] + lookahead(node, 3, list(unvisited_nodes))
    if cost < best_cost:
        best_cost, best = cost, node
return best
"""),
    "set_of_unvisited": _program("""
unvisited = set(unvisited_nodes)
best, best_score = None, None
for node in unvisited:
    remaining = unvisited - {node}
    total = 0.0
    for other in remaining:
        total += distance_matrix[node][other]
    score = distance_matrix[current_node][node] - 0.3 * total / max(1, len(remaining))
    if best_score is None or score < best_score:
        best, best_score = node, score
return best
"""),
    "sorted_tuples": _program("""
candidates = []
for node in unvisited_nodes:
    candidates.append((distance_matrix[current_node][node], node))
candidates.sort()
if len(candidates) > 3:
    first, second = candidates[0], candidates[1]
    if second[0] < 1.1 * first[0]:
        return min([first[1], second[1]], key=lambda k: distance_matrix[k][destination_node])
return candidates[0][1]
"""),
    "dict_cache": _program("""
cache = {}
def mean_distance(node):
    if node in cache:
        return cache[node]
    total = 0.0
    count = 0
    for other in unvisited_nodes:
        if other != node:
            total += distance_matrix[node, other]
            count += 1
    cache[node] = total / count if count > 0 else 0.0
    return cache[node]

best = unvisited_nodes[0]
for node in unvisited_nodes:
    a = distance_matrix[current_node, node] - 0.25 * mean_distance(node)
    b = distance_matrix[current_node, best] - 0.25 * mean_distance(best)
    if a < b:
        best = node
return best
"""),
    "argsort_and_slice": _program("""
distances = distance_matrix[current_node][unvisited_nodes]
order = np.argsort(distances, kind='stable')
k = min(5, len(unvisited_nodes))
best_node, best_value = -1, -np.inf
for i in order[:k]:
    node = unvisited_nodes[i]
    rest = np.delete(unvisited_nodes, i)
    value = -distances[i] + 0.4 * np.min(distance_matrix[node, rest])
    if value > best_value:
        best_value = value
        best_node = node
return int(best_node)
"""),
    "masks": _program("""
scores = np.zeros(len(unvisited_nodes))
for i, node in enumerate(unvisited_nodes):
    others = unvisited_nodes[unvisited_nodes != node]
    to_others = distance_matrix[node, others]
    scores[i] = distance_matrix[current_node, node] - 0.5 * to_others.mean() + 0.1 * to_others.std() + 0.05 * to_others.max()
return unvisited_nodes[np.argmin(scores)]
"""),
    "reduction_outside": _program("""
d = distance_matrix[current_node, unvisited_nodes]
near = np.count_nonzero(d < np.median(d))
weight = 0.1 + 0.2 * near / len(d)
best, value = 0, 1e18
for i in range(len(unvisited_nodes)):
    s = d[i]
    for j in range(len(unvisited_nodes)):
        if i != j:
            s -= weight * distance_matrix[unvisited_nodes[i], unvisited_nodes[j]] / len(unvisited_nodes)
    if s < value:
        best, value = i, s
return unvisited_nodes[best]
"""),
    "grid_of_unvisited": _program("""
between = distance_matrix[np.ix_(unvisited_nodes, unvisited_nodes)]
average = between.mean(axis=1)
lonely = between.max(axis=1)
score = distance_matrix[current_node, unvisited_nodes] - 0.3 * average - 0.05 * lonely
return int(unvisited_nodes[np.argmin(score)])
"""),
    "while_and_break": _program("""
left = list(unvisited_nodes)
best = left[0]
i = 1
while i < len(left):
    node = left[i]
    if distance_matrix[current_node, node] < distance_matrix[current_node, best]:
        best = node
    elif distance_matrix[current_node, node] > 50 * distance_matrix[current_node, best] and i > 60:
        break
    i += 1
return best
"""),
    "early_return": _program("""
if len(unvisited_nodes) == 1:
    return unvisited_nodes[0]
nearest = unvisited_nodes[np.argmin(distance_matrix[current_node, unvisited_nodes])]
for node in unvisited_nodes:
    if node != nearest and distance_matrix[current_node, node] <= 1.05 * distance_matrix[current_node, nearest]:
        if distance_matrix[node, destination_node] > distance_matrix[nearest, destination_node]:
            return node
return nearest
"""),
    "weights_and_power": _program("""
n = len(unvisited_nodes)
progress = n / len(distance_matrix)
best, best_score = None, float('-inf')
for node in unvisited_nodes:
    d = distance_matrix[current_node, node]
    home = distance_matrix[node, destination_node]
    score = -(d ** 1.5) + progress * math.sqrt(home) - (1 - progress) * home ** 2 * 0.01
    if score > best_score:
        best_score = score
        best = node
return best
"""),
    "exponentials": _program("""
best, best_score = unvisited_nodes[0], -1.0
for node in unvisited_nodes:
    d = distance_matrix[current_node, node]
    density = 0.0
    for k in unvisited_nodes:
        density += np.exp(-distance_matrix[node, k])
    score = np.exp(-d) / (1.0 + 0.01 * density)
    if score > best_score:
        best_score, best = score, node
return best
"""),
    "savings": _program("""
best = -1
best_value = float("-inf")
for node in unvisited_nodes:
    saving = distance_matrix[node, destination_node] + distance_matrix[destination_node, current_node] - distance_matrix[current_node, node]
    penalty = sum(distance_matrix[node][k] for k in unvisited_nodes if k != node) / (len(unvisited_nodes) - 1)
    value = saving - 2.2 * distance_matrix[current_node, node] - 0.1 * penalty
    if value > best_value:
        best_value, best = value, node
return best
"""),
    "regret": _program("""
regrets = []
for node in unvisited_nodes:
    row = sorted(distance_matrix[node][k] for k in unvisited_nodes if k != node)
    regret = row[1] - row[0] if len(row) > 1 else 0.0
    regrets.append(distance_matrix[current_node][node] - 0.5 * regret)
return unvisited_nodes[regrets.index(min(regrets))]
"""),
    "clusters": _program("""
def neighbours(node, radius):
    return [k for k in unvisited_nodes if k != node and distance_matrix[node][k] < radius]

radius = 2.0 * np.mean(distance_matrix[current_node, unvisited_nodes]) / 3
best, best_key = None, None
for node in unvisited_nodes:
    close = neighbours(node, radius)
    key = (distance_matrix[current_node][node] - 0.02 * len(close), node)
    if best_key is None or key < best_key:
        best_key, best = key, node
return best
"""),
    "rollout": _program("""
def greedy_length(start, nodes):
    left = set(nodes)
    left.discard(start)
    length, here, steps = 0.0, start, 0
    while left and steps < 5:
        after = min(left, key=lambda k: distance_matrix[here][k])
        length += distance_matrix[here][after]
        left.remove(after)
        here = after
        steps += 1
    return length

shortlist = sorted(unvisited_nodes, key=lambda k: distance_matrix[current_node][k])[:4]
costs = {node: distance_matrix[current_node][node] + greedy_length(node, unvisited_nodes) for node in shortlist}
return min(costs, key=lambda node: costs[node])
"""),
    "weighted_lists": _program("""
weights = [1.0, 0.5, 0.25]
best, best_score = unvisited_nodes[0], float('inf')
for node in unvisited_nodes:
    near = sorted([distance_matrix[node][k] for k in unvisited_nodes if k != node])[:3]
    score = distance_matrix[current_node][node]
    for w, d in zip(weights, near):
        score += w * d * 0.2
    if score < best_score:
        best, best_score = node, score
return best
"""),
    "any_and_all": _program("""
for node in unvisited_nodes:
    if all(distance_matrix[current_node][node] <= distance_matrix[current_node][k] for k in unvisited_nodes):
        return node
if any(distance_matrix[current_node][k] > 0 for k in unvisited_nodes):
    return unvisited_nodes[0]
return unvisited_nodes[-1]
"""),
    "normalised": _program("""
d = distance_matrix[current_node, unvisited_nodes]
h = distance_matrix[unvisited_nodes, destination_node]
dn = (d - d.min()) / (d.max() - d.min() + 1e-9)
hn = (h - h.min()) / (h.max() - h.min() + 1e-9)
t = 1.0 - len(unvisited_nodes) / distance_matrix.shape[0]
score = dn - 0.3 * (1 - t) * hn + 0.1 * t * np.sqrt(hn)
return int(unvisited_nodes[int(np.argmin(score))])
"""),
    "where_and_clip": _program("""
d = distance_matrix[current_node, unvisited_nodes]
limit = np.mean(d)
score = np.where(d < limit, d, d * 2.0) + 0.01 * np.maximum(0.0, distance_matrix[destination_node, unvisited_nodes] - limit)
return unvisited_nodes[np.where(score == score.min())[0][0]]
"""),
    "counting": _program("""
counts = [0] * len(distance_matrix)
for a in unvisited_nodes:
    nearest, best = None, float('inf')
    for b in unvisited_nodes:
        if a != b and distance_matrix[a][b] < best:
            nearest, best = b, distance_matrix[a][b]
    if nearest is not None:
        counts[nearest] += 1
return max(unvisited_nodes, key=lambda k: counts[k] - 4.0 * distance_matrix[current_node][k])
"""),
    "ternary_and_bools": _program("""
few = len(unvisited_nodes) < 10
pull = 0.4 if few else 0.05
best, value = None, 1e9
for node in unvisited_nodes:
    d = distance_matrix[current_node][node]
    back = distance_matrix[node][destination_node]
    v = d + (pull * back if few and back > d else -pull * back)
    if not v >= value:
        best, value = node, v
return best
"""),
    "enumerate_pairs": _program("""
pairs = [(i, float(distance_matrix[current_node, node])) for i, node in enumerate(unvisited_nodes)]
pairs = sorted(pairs, key=lambda pair: pair[1])
top = [i for i, _ in pairs[:3]]
second = {}
for i in top:
    node = unvisited_nodes[i]
    ahead = [distance_matrix[node, k] for k in unvisited_nodes if k != node]
    second[i] = pairs[top.index(i)][1] + 0.6 * min(ahead)
return int(unvisited_nodes[min(second, key=second.get)])
"""),
    "percent_of_integers": _program("""
n = len(unvisited_nodes)
best, value = 0, float('inf')
for i in range(0, n):
    node = unvisited_nodes[i]
    bonus = 0.01 if node % 2 == 0 else -0.01
    part = (i // 3) / n + bonus
    v = distance_matrix[current_node, node] * (1 + 0.1 * part)
    if v < value:
        value, best = v, i
return unvisited_nodes[best]
"""),
}
"""Name → source."""
