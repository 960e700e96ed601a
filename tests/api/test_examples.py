"""The examples of docs/api.md: each is called as it stands, in the order of the page, and answers."""

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from lib.demo.transport import DemoTransport
from lib.local.demo import Demo
from lib.local.diary import Diary
from lib.local.site import site
from lib.wiring import Wired
from tests.api.conftest import LOCKED, PASSWORD, in_mode
from tests.spine import BORN_AT, Spine, hours

PAGE = (Path(__file__).parent.parent.parent / "docs" / "api.md").read_text()
LOCAL, OWN = "http://127.0.0.1:8000", "https://monitor.example"


def examples(host: str) -> list[list[str]]:
    """The words of each command of the page that calls this host."""
    lines = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
    commands = [shlex.split(line) for line in lines]
    return [words for words in commands if any(word.startswith(host) for word in words)]


async def run(client: httpx.AsyncClient, words: list[str]) -> httpx.Response:
    """Do what curl would."""
    method, body, address, headers, rest = "GET", None, "", {}, iter(words[1:])
    for word in rest:
        match word:
            case "-s":
                pass
            case "-c" | "-b":
                next(rest)  # the client has its own jar
            case "-X":
                method = next(rest)
            case "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            case "-d":
                body = next(rest)
            case _:
                assert not word.startswith("-"), word
                address = word
    parts = urlsplit(address)
    return await client.request(method, f"{parts.path}?{parts.query}", headers=headers, content=body)


async def test_every_example_answers(spine: Spine) -> None:
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 3)])

    async def wiring() -> Wired:
        return spine.wired

    found = examples(LOCAL)
    assert len(found) == 19
    demo = Demo(DemoTransport(spine.exchange), spine.clock, lambda: spine.now, Diary(spine.dsn))
    transport = httpx.ASGITransport(site(wiring, lambda: demo))
    async with httpx.AsyncClient(transport=transport, base_url=LOCAL) as client:
        for words in found:
            answer = await run(client, words)
            assert answer.status_code in (200, 201), (words, answer.text)
        assert (await client.get("/openapi.json")).json()["openapi"] == "3.1.0"


async def test_the_examples_of_logging_in_answer(spine: Spine) -> None:

    locked = in_mode(spine.wired, LOCKED)

    async def wiring() -> Wired:
        return locked

    transport = httpx.ASGITransport(site(wiring, lambda: None))
    async with httpx.AsyncClient(transport=transport, base_url=OWN) as client:
        for words in examples(OWN):
            answer = await run(client, [word.replace("…", PASSWORD) for word in words])
            assert answer.status_code == 200, (words, answer.text)
        assert (await client.get("/api/accounts")).status_code == 401, "logged out everywhere"
