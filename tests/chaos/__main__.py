"""Runs the whole schedule of kills under load and prints what became of every message: `make chaos`.

Exits with 1 when anything was lost, doubled, left undone or reasoned over twice.
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

from tests.chaos.away import run_without_redis
from tests.chaos.emptying import emptying_redis
from tests.chaos.running import Outcome, run, staged
from tests.chaos.schedule import Scale, draw


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, help="repeats a run; drawn and printed when it is not given")
    parser.add_argument("--messages", type=int, default=Scale().messages)
    parser.add_argument("--clients", type=int, default=Scale().clients)
    parser.add_argument("--workspaces", type=int, default=Scale().workspaces)
    parser.add_argument("--kills", type=int, default=Scale().kills)
    parser.add_argument("--flushall", action="store_true", help="empty Redis every second; with --kills 0 nothing else")
    parser.add_argument("--redis-away", type=float, metavar="SECONDS", help="take Redis away for so long instead")
    parser.add_argument("--keep", type=Path, help="a new folder for the engine's home, which stays there with its logs")
    chosen = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if chosen.seed is None else chosen.seed
    scale = Scale(messages=chosen.messages, clients=chosen.clients, workspaces=chosen.workspaces, kills=chosen.kills)
    print(f"seed: {seed}; to do the same again: make chaos ARGS='--seed {seed}'", flush=True)
    with tempfile.TemporaryDirectory(prefix="doxa-chaos-") as folder:
        outcomes = _run(chosen.keep or Path(folder), seed, scale, chosen.flushall, chosen.redis_away)
    for outcome in outcomes:
        print("\n".join(outcome.lines))
    good = all(outcome.verdict.good for outcome in outcomes)
    print("all is well" if good else "SOMETHING WAS LOST, DOUBLED OR LEFT UNDONE")
    return 0 if good else 1


def _run(folder: Path, seed: int, scale: Scale, flushall: bool, away: float | None) -> list[Outcome]:
    with staged(folder) as stage:
        if away is not None:
            return asyncio.run(run_without_redis(stage, seed, scale, away))
        return [asyncio.run(run(stage, draw(seed, scale), emptying_redis(stage.redis) if flushall else None))]


if __name__ == "__main__":
    sys.exit(main())
