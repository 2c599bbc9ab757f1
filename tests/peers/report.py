"""Prints what was measured as tables, with the targets."""

from statistics import median

from calls import PLACE, READS
from servers import PARLANCE

TITLES = {"get_user": "read a user", "get_order_details": "order with its lines", "list_users": "list of 20 users"}
OURS = PARLANCE.name

# The most that Parlance may cost, as a part of what the peer costs, and in which reads.
TARGETS = {
    ("REST", "actix"): (1.15, ["get_user", "list_users"]),
    ("JSON-RPC", "REST"): (1.2, READS),
    ("JSON-RPC", "jsonrpsee-actix"): (0.95, READS),
    ("SOAP", "gsoap"): (0.65, READS),
    ("XML-RPC", "abyss"): (0.25, READS),
    ("GraphQL", "juniper"): (0.9, READS),
    ("gRPC", "tonic"): (1.1, READS),
}
# The least orders per second, as a part of those of the peer, and of those of REST.
ORDERS_TARGET = {"axum-grouped": 1.0}
STYLES_TARGET = 0.85


def show(rounds, again, servers):
    first = (OURS, *again[1:])
    print(f"Noise: the same cell twice in each round has the ratio {spread(ratios(rounds, 'cpu_us', again, first))}.")
    print("These runs do not show a difference within this range.")
    print()
    print("CPU of the server for a request, in microseconds: the median of the rounds. Next to a peer's: Parlance's divided by it,")
    print("within a round: the median (and range).")
    for style in PARLANCE.styles:
        if (OURS, style, READS[0]) in rounds[0]:
            show_style(rounds, style, servers)
    if any(operation == PLACE for _, _, operation in rounds[0]):
        show_orders(rounds, servers)


def show_style(rounds, style, servers):
    print()
    print(f"{style:32}" + "".join(f"{TITLES[read]:29}" for read in READS) + "target")
    print(f"{'Parlance':32}" + "".join(f"{cpu(rounds, (OURS, style, read)):29}" for read in READS).rstrip())
    others = [(server.title, name, style) for name, server in servers.items() if name != OURS and (name, style, READS[0]) in rounds[0]]
    if style != "REST":
        others.append(("Parlance's REST", OURS, "REST"))
    if style == "gRPC":
        others.append(("Parlance's REST, HTTP/2", OURS, "REST, HTTP/2"))
    for title, name, other in others:
        found = {read: ratios(rounds, "cpu_us", (OURS, style, read), (name, other, read)) for read in READS}
        columns = [f"{cpu(rounds, (name, other, read))}  {spread(found[read])}" for read in READS]
        limit, reads = TARGETS.get((style, other if name == OURS else name), (None, []))
        verdicts = ["met" if median(found[read]) <= limit else "missed" for read in reads]
        of = "" if reads == READS else " (user, list)"
        target = f"<= {limit}{of}: {', '.join(verdicts)}" if reads else ""
        print((f"{title:32}" + "".join(f"{column:29}" for column in columns) + target).rstrip())


def show_orders(rounds, servers):
    print()
    print("Orders with three lines, each on the disk before its answer, over 64 connections")
    print(f"{'':32}{'orders/s':>9}  {'CPU, us':>8}  Parlance's orders/s divided by the peer's   target")
    ours = (OURS, "REST", PLACE)
    cells = [cell for server in servers for cell in rounds[0] if cell[0] == server and cell[2] == PLACE]
    for cell in sorted(cells, key=lambda cell: (cell[0] != OURS, list(servers).index(cell[0]), PARLANCE.styles.index(cell[1]))):
        name, style, _ = cell
        title = f"Parlance, {style}" if name == OURS else servers[name].title
        per_second = median(costs[cell].per_second for costs in rounds)
        line = f"{title:32}{per_second:9,.0f}  {cpu(rounds, cell):>8}  "
        if name != OURS:
            found = ratios(rounds, "per_second", ours, cell)
            line += f"{spread(found):44}" + verdict(found, ORDERS_TARGET.get(name))
        elif style != "REST":
            found = ratios(rounds, "per_second", cell, ours)
            line += f"{spread(found) + ' of REST':44}" + verdict(found, STYLES_TARGET)
        print(line.rstrip())


def verdict(found, limit):
    return "" if limit is None else f">= {limit}: {'met' if median(found) >= limit else 'missed'}"


def cpu(rounds, cell):
    return f"{median(costs[cell].cpu_us for costs in rounds):.1f}"


def ratios(rounds, what, over, under):
    return [getattr(costs[over], what) / getattr(costs[under], what) for costs in rounds]


def spread(found):
    return f"{median(found):.2f} ({min(found):.2f} to {max(found):.2f})"
