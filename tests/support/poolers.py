"""A pooler between the service and PostgreSQL, in transaction mode: PgBouncer where it is installed, and one that is made here.

The one made here does what matters of PgBouncer: it gives each transaction the next of its connections to the server, refuses
settings at the start of a connection, and names a process that serves nothing. So the tests mean the same where there is none.
"""

import asyncio
import os
import shutil
import socket
import struct
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

CONNECTIONS = 3
PGBOUNCER = os.environ.get("APOS_TEST_PGBOUNCER") or shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
"""The path of PgBouncer; None where it is not installed."""
POOLERS = [None] if PGBOUNCER is None else [None, PGBOUNCER]
"""The poolers that tests are run through: the one made here, and PgBouncer where it is installed."""
_KNOWN = {"user", "database", "client_encoding", "application_name", "datestyle", "timezone"}
_SSL, _GSS = 80877103, 80877104
Message = tuple[bytes, bytes]


@asynccontextmanager
async def pooled(database_url: str, program: str | None) -> AsyncIterator[str]:
    """The URL of the same database by way of PgBouncer, the path of which is given, or else of the pooler made here."""
    name, _, folder = database_url.partition("@/")[2].partition("?host=")
    running = _pgbouncer(program, folder) if program else _made_here(folder, name)
    async with running as port:
        yield f"postgresql://apos@127.0.0.1:{port}/{name}"


@asynccontextmanager
async def _pgbouncer(program: str, folder: str) -> AsyncIterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = _settings_of_pgbouncer(folder, port)
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.getuid() == 0 else []
    process = await asyncio.create_subprocess_exec(*as_nobody, program, "-q", str(own / "ini"))
    try:
        for _ in range(100):
            with suppress(OSError):
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                break
            await asyncio.sleep(0.05)
        yield port
    finally:
        process.terminate()
        await process.wait()
        shutil.rmtree(own)


def _settings_of_pgbouncer(folder: str, port: int) -> Path:
    own = Path(tempfile.mkdtemp(prefix="apos-pooler-"))
    own.chmod(0o755)
    (own / "users").write_text('"apos" ""\n')
    (own / "ini").write_text(
        f"[databases]\n* = host={folder} user=apos\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port={port}\nunix_socket_dir=\n"
        f"auth_type=trust\nauth_file={own}/users\npool_mode=transaction\ndefault_pool_size={CONNECTIONS}\n"
        "server_round_robin=1\nmin_pool_size=3\n"
    )
    return own


@asynccontextmanager
async def _made_here(folder: str, name: str) -> AsyncIterator[int]:
    pooler = _Pooler()
    for _ in range(CONNECTIONS):
        await pooler.connect(f"{folder}/.s.PGSQL.5432", name)
    server = await asyncio.start_server(pooler.greet_and_serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await pooler.close()


class _Connection:
    """One to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer


class _Pooler:
    def __init__(self) -> None:
        self._free: asyncio.Queue[_Connection] = asyncio.Queue()
        self._all: list[_Connection] = []
        self._clients: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._greeting = b""

    async def connect(self, socket: str, name: str) -> None:
        """Adds a connection to the server."""
        reader, writer = await asyncio.open_unix_connection(socket)
        settings = b"".join(part.encode() + b"\0" for part in ("user", "apos", "database", name)) + b"\0"
        writer.write(struct.pack("!ii", len(settings) + 8, 196608) + settings)
        told = b""
        while (message := await _message(reader))[0] != b"Z":
            told += _packed(message) if message[0] in (b"R", b"S") else b""
        self._greeting = told
        self._all.append(connection := _Connection(reader, writer))
        self._free.put_nowait(connection)

    async def close(self) -> None:
        """Closes every connection, to clients and to the server."""
        for task in self._clients:
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        for writer in (*self._clients.values(), *(connection.writer for connection in self._all)):
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def greet_and_serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Takes a client on."""
        self._clients[asyncio.create_task(self._serve(reader, writer))] = writer

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            if await self._greeted(reader, writer):
                while (first := await _message(reader))[0] != b"X":
                    await self._transaction(first, reader, writer)
        writer.close()

    async def _greeted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        while True:
            length, code = struct.unpack("!ii", await reader.readexactly(8))
            rest = await reader.readexactly(length - 8)
            if code not in (_SSL, _GSS):
                break
            writer.write(b"N")
        unknown = [name for name in rest.decode().split("\0")[::2] if name and name not in _KNOWN]
        if unknown:
            text = f"SFATAL\0C08P01\0Munsupported startup parameter: {unknown[0]}\0\0".encode()
            writer.write(_packed((b"E", text)))
            return False
        writer.write(self._greeting + _packed((b"K", struct.pack("!ii", 1, 1))) + _packed((b"Z", b"I")))
        return True

    async def _transaction(self, first: Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Gives a client the next connection until its transaction has ended."""
        connection = await self._free.get()
        asked, copying, message = 0, False, first
        while True:
            connection.writer.write(_packed(message))
            asked += message[0] in (b"Q", b"S")
            copying = copying and message[0] not in (b"c", b"f")
            while asked and not copying:
                answer = await _message(connection.reader)
                writer.write(_packed(answer))
                asked -= answer[0] == b"Z"
                if answer[0] == b"G":
                    # The server ignores the Sync that came with the statement; another follows the copied rows.
                    copying, asked = True, asked - (message[0] == b"S")
                if answer == (b"Z", b"I") and not asked:
                    self._free.put_nowait(connection)
                    return
            message = await _message(reader)


async def _message(reader: asyncio.StreamReader) -> Message:
    kind = await reader.readexactly(1)
    [length] = struct.unpack("!i", await reader.readexactly(4))
    return kind, await reader.readexactly(length - 4)


def _packed(message: Message) -> bytes:
    return message[0] + struct.pack("!i", len(message[1]) + 4) + message[1]
