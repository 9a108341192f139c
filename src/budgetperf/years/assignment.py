"""The best assignment of rows to columns: exact, over sparse gains."""

import numpy as np


def assign(
    gains: dict[tuple[int, int], float], shape: tuple[int, int], *, tie_break: bool = False
) -> list[tuple[int, int]]:
    """The set of pairs with the greatest sum of gains, each row and column used once at most; pairs without gain stay out.

    tie_break: of equal sums the one that keeps the order of rows and columns.

    >>> assign({(0, 0): 0.5, (0, 1): 0.4, (1, 0): 0.4}, (2, 2))
    [(0, 1), (1, 0)]
    """
    from scipy.optimize import linear_sum_assignment  # scipy takes as long to load as a small document to build
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    gains = {place: gain for place, gain in gains.items() if gain > 0}
    if not gains:
        return []
    places = np.array(list(gains))
    values = np.array(list(gains.values()))
    if tie_break:
        away = places[:, 0] / max(shape[0] - 1, 1) - places[:, 1] / max(shape[1] - 1, 1)
        values = values - 1e-6 * away**2
    nodes = sum(shape)
    graph = coo_array((np.ones(len(places)), (places[:, 0], shape[0] + places[:, 1])), shape=(nodes, nodes))
    _, label = connected_components(graph, directed=False)
    chosen = []
    of = label[places[:, 0]]
    order = np.argsort(of, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(of[order])) + 1):
        rows, row_at = np.unique(places[group, 0], return_inverse=True)
        columns, column_at = np.unique(places[group, 1], return_inverse=True)
        matrix = np.zeros((len(rows), len(columns)))
        matrix[row_at, column_at] = values[group]
        for r, c in zip(*linear_sum_assignment(matrix, maximize=True), strict=True):
            if matrix[r, c] > 0:
                chosen.append((int(rows[r]), int(columns[c])))
    return sorted(chosen)
