"""`./monitor demo exchange`: the imitation of Binance on its own, for any client."""

import argparse
import json
from contextlib import suppress
from datetime import UTC, datetime

import uvicorn

from lib import setting_values
from lib.cli import terminal
from lib.demo import archetypes, scenario
from lib.demo.asgi import asgi_app
from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, describe, keys_of, other_keys_of
from lib.domain.schedule import slot_start
from lib.local.demo import HISTORY
from lib.local.server import listen

_HOUR_MINUTES = 60


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("demo", help="parts of the demo on their own")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    exchange = parts.add_parser("exchange", help="serve the demo exchange on one port")
    exchange.add_argument("--port", type=_port, default=8001, help="0 takes any free one (default: 8001)")
    exchange.add_argument("--archetypes", action="store_true", help="with an account of every kind there is")
    exchange.add_argument(
        "--other-keys", action="store_true", help="the first account also has an Ed25519 and an RSA key, printed in PEM"
    )
    exchange.set_defaults(run=run)


def _port(text: str) -> int:
    try:
        return setting_values.port(text)
    except setting_values.Refused as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from None


def run(parsed: argparse.Namespace) -> int:
    """Serve until Ctrl-C, after one line of JSON that names address and accounts."""
    listening = listen("127.0.0.1", parsed.port, "--port")
    now = datetime.now(UTC)
    world = scenario.build(scenario.SEED, slot_start(now, _HOUR_MINUTES) - HISTORY)
    if parsed.archetypes:
        world = archetypes.beside(world)
    keys = (*keys_of(world), *(other_keys_of(world) if parsed.other_keys else ()))
    exchange = DemoExchange(world, WorldClock(now, lambda: datetime.now(UTC)), keys)
    print(json.dumps(describe(exchange, f"http://127.0.0.1:{listening.getsockname()[1]}")), flush=True)
    server = uvicorn.Server(uvicorn.Config(asgi_app(exchange), log_config=None, access_log=False, lifespan="off"))
    with suppress(KeyboardInterrupt):  # not raised where the one who started this ignores it, as for a background job
        server.run(sockets=[listening])
    terminal.say("Stopped.")
    return terminal.FINE
