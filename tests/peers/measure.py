"""Measures Parlance and its peers in turn, and prints ratios. `tests/peers/run` starts it.

A cell is a call to a server: h2load, on a core of its own, sends a fixed number of requests (closed loop), and the cost is the
CPU time of the server. A round has every cell once, in random order, and ratios are taken within a round: so whatever else the
machine does in the meantime falls on both sides. The first round warms up and is dropped.
"""

import csv
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time

import report
from calls import PLACE, READS, values
from load import answer, ask, cost
from servers import PARLANCE, PEERS, Running

ROUNDS = int(os.environ.get("ROUNDS", 10))
REQUESTS = int(os.environ.get("REQUESTS", 5_000))
ORDERS = int(os.environ.get("ORDERS", 2_000))
CONNECTIONS = 8
ORDER_CONNECTIONS = 64
# Parlance's cell that is measured twice: the difference is the error of the method.
AGAIN = ("again", "REST", "get_user")


def main(command, names):
    unknown = set(names) - {peer.name for peer in PEERS}
    if unknown:
        sys.exit(f"there is no peer {', '.join(sorted(unknown))}")
    peers = [peer for peer in PEERS if not names or peer.name in names]
    if command == "list":
        print("\n".join(peer.name for peer in peers))
    elif command == "needs":
        print(" ".join(sorted({peer.needs for peer in peers})))
    else:
        ready = os.environ["READY"].split()
        # So that the servers end and their files go, also when the run is stopped.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
        # Not in /tmp, which may be in memory: an order is to wait for a disk.
        with tempfile.TemporaryDirectory(dir=os.environ["BUILT"]) as folder:
            measure([peer for peer in peers if peer.needs in ready], folder)


def measure(peers, folder):
    seeded = os.path.join(folder, "seeded.db")
    seed(seeded, folder)
    servers = {server.name: server for server in [PARLANCE, *peers]}
    styles = {"REST", "REST, HTTP/2"}.union(*(peer.styles for peer in peers))
    of_styles = [(server, style) for server in servers.values() for style in server.styles if style in styles]
    reads = [AGAIN] + [(server.name, style, read) for server, style in of_styles if server.reads for read in READS]
    sells = any(peer.places_orders for peer in peers)
    orders = [
        (server.name, style, PLACE)
        for server, style in of_styles
        if sells and server.places_orders and style != "REST, HTTP/2"
    ]
    load = os.getloadavg()[0]
    running = {name: Running(server, seeded, folder) for name, server in servers.items() if server.reads}
    running[AGAIN[0]] = running[PARLANCE.name]
    try:
        lengths = compare_reads(reads, running)
        compare_orders(orders, servers, seeded, folder)
        rounds = []
        for number in range(ROUNDS + 1):
            begun, costs = time.monotonic(), {}
            for cell in random.sample(reads + orders, len(reads + orders)):
                name, style, operation = cell
                if operation == PLACE:
                    costs[cell] = cost_of_orders(servers[name], style, seeded, folder)
                else:
                    requests = REQUESTS // running[name].server.slowness
                    costs[cell] = cost(running[name], style, operation, requests, CONNECTIONS, lengths[cell])
            rounds.append(costs)
            write_rows(rounds)
            print(f"Round {number} of {ROUNDS}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    finally:
        for server in running.values():
            server.end_and_delete()
    print(f"{ROUNDS} rounds of {REQUESTS:,} requests over {CONNECTIONS} connections, {ORDERS:,} orders over {ORDER_CONNECTIONS}.")
    print(f"Load of the machine before the first: {load:.1f} on {os.cpu_count()} cores.")
    report.show(rounds[1:], AGAIN, servers)


def seed(file, folder):
    """Lets Parlance make the file, with stock for all orders, and keeps its WSDL for the peer that reads it."""
    server = Running(PARLANCE, None, folder)
    with open(os.path.join(os.environ["BUILT"], "shop.wsdl"), "wb") as wsdl:
        wsdl.write(ask(server, "/soap?singlewsdl"))
    server.end()
    database = sqlite3.connect(server.data)
    database.execute("UPDATE products SET stock = 1000000")
    database.commit()
    # This also moves the write-ahead log into the file.
    database.close()
    os.rename(server.data, file)


def compare_reads(cells, running):
    """Compares the answers of the servers: if two differ, there are no numbers. Returns the length of each."""
    lengths = {}
    for cell in cells:
        name, style, operation = cell
        ours, theirs = (answer(running[server], style, operation) for server in (PARLANCE.name, name))
        require_equal(cell, ours, theirs)
        lengths[cell] = len(theirs)
    return lengths


def compare_orders(cells, servers, seeded, folder):
    answers = {}
    for cell in cells:
        name, style, operation = cell
        server = Running(servers[name], seeded, folder)
        answers[name, style] = answer(server, style, operation)
        server.end_and_delete()
        require_equal(cell, answers[PARLANCE.name, style], answers[name, style])


def require_equal(cell, ours, theirs):
    name, style, operation = cell
    if values(style, operation, ours) != values(style, operation, theirs):
        sys.exit(f"{style} {operation}: {name} answers otherwise than Parlance\n{ours}\n{theirs}")


def cost_of_orders(server, style, seeded, folder):
    """Sends orders to a new server with a new copy of the file, so that no server has the larger one; all must be in it."""
    orders = max(ORDERS // server.slowness, ORDER_CONNECTIONS)
    server = Running(server, seeded, folder)
    try:
        cost(server, style, PLACE, max(orders // 4, ORDER_CONNECTIONS), ORDER_CONNECTIONS)
        before = orders_in(server.data)
        result = cost(server, style, PLACE, orders, ORDER_CONNECTIONS)
        if orders_in(server.data) - before != orders:
            sys.exit(f"{server.server.title} has not placed all orders over {style}")
        return result
    finally:
        server.end_and_delete()


def orders_in(file):
    database = sqlite3.connect(file)
    [count] = database.execute("SELECT count(*) FROM orders").fetchone()
    database.close()
    return count


def write_rows(rounds):
    if "RAW" not in os.environ:
        return
    with open(os.environ["RAW"], "w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["round", "server", "style", "operation", "cpu_us_per_request", "requests_per_second"])
        for number, costs in enumerate(rounds):
            rows.writerows([number, *cell, f"{of.cpu_us:.3f}", f"{of.per_second:.1f}"] for cell, of in costs.items())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
