"""A proxy as a process of its own: it lets through who knows the password, and leads every host to one address.

    python -m tests.proxy HOST:PORT [NAME:PASSWORD]

Its first line is the port it listens on; then one line for each request: what it asked for, and the answer's number.
It tunnels (CONNECT) and forwards (GET http://...), as proxies do.
"""

import asyncio
import base64
import sys

_REFUSED = b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"
_TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"


async def main(target: str, login: str) -> None:
    host, _, port = target.partition(":")
    expected = f"proxy-authorization: basic {base64.b64encode(login.encode()).decode()}".lower() if login else ""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            writer.close()
            return
        lines = head.decode("latin-1").split("\r\n")
        method, asked, _ = lines[0].split(" ")
        allowed = not expected or expected in [line.lower() for line in lines]
        print(method, asked.partition("?")[0], 200 if allowed else 407, flush=True)
        if not allowed:
            writer.write(_REFUSED)
            await writer.drain()
            writer.close()
            return
        there, back = await asyncio.open_connection(host, int(port))
        if method == "CONNECT":
            writer.write(_TUNNEL)
        else:  # one request a connection is enough here
            kept = [line for line in lines if not line.lower().startswith(("proxy-", "connection:"))]
            kept[0] = lines[0].replace(asked, "/" + asked.partition("://")[2].partition("/")[2])
            back.write("\r\n".join([kept[0], "Connection: close", *kept[1:]]).encode("latin-1"))
        await asyncio.gather(_pipe(reader, back), _pipe(there, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""))
