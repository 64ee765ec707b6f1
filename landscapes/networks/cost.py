"""The predicted cost of a network's loss and derivatives: seconds on one core, and bytes.

A loss takes about T · D multiply-adds for each sequence. The rates are those of one core of an AMD EPYC (Zen 4),
rounded down. With 8 units or a single sequence a step takes longer than predicted, but such a step is cheap.
"""

from cliffscape.landscapes.networks.network import Net

# Multiply-adds of the loss in one second: of the loss in float32, of its gradient in float64, and of one product with
# a matrix of second derivatives in float64, with the graph that it needs.
LOSS_RATE, GRADIENT_RATE, PRODUCT_RATE = 2e10, 4e9, 3e8
# Bytes that the graph of a product keeps for each number that a step keeps.
GRAPH_BYTES = 80
# A product is computed in one go, and nothing else is computed meanwhile. So these bound its seconds and its graph.
MOST_SECONDS, MOST_BYTES = 5, 2 << 30


def multiply_adds(net: Net, sequences: int) -> int:
    """About how many multiply-adds the loss on so many sequences takes."""
    return sequences * net.task.length * net.layout.size


def graph_bytes(net: Net, sequences: int) -> int:
    """About how much memory the graph of a product with second derivatives takes, for one row of theta."""
    kept = net.cell.rows + net.cell.hidden_units + net.cell.extra_memory
    return GRAPH_BYTES * sequences * (net.task.length * kept + net.task.steps * net.task.outputs)


def product_is_short(net: Net, sequences: int, lanes: int = 2) -> bool:
    """Whether one product with second derivatives, for so many rows of theta, is within ``MOST_SECONDS``."""
    return lanes * multiply_adds(net, sequences) <= MOST_SECONDS * PRODUCT_RATE


def max_product_sequences(net: Net, lanes: int = 2) -> int:
    """On how many sequences one product may be, within ``MOST_SECONDS`` and ``MOST_BYTES``."""
    fast = MOST_SECONDS * PRODUCT_RATE // (lanes * multiply_adds(net, 1))
    return int(min(fast, MOST_BYTES // (lanes * graph_bytes(net, 1))))
