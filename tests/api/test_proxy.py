"""The reference configuration of a proxy, with the real nginx: TLS, limits, a rate for each address, and what it lets through."""

import json
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.commands import ROOT, SECONDS, command, serving
from tests.support.databases import Sqlite
from tests.support.portfolio import PORTFOLIO
from tests.support.workers import until

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
OPENSSL = shutil.which("openssl")
CONFIGURATION = ROOT / "docs" / "proxy" / "nginx.conf"
NAME = "apos.example.nl"


def certificate(folder: Path) -> None:
    """Makes a certificate that is its own authority, and its key."""
    words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
    words += ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run([str(OPENSSL), *words, *files], check=True, capture_output=True)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether anybody listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def configured(folder: Path, service: int, plain: int, secure: int) -> Path:
    """The reference configuration with this folder and these ports, and nothing else changed."""
    text = CONFIGURATION.read_text()
    for given, own in (
        ("127.0.0.1:8000", f"127.0.0.1:{service}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        ("/etc/nginx/tls", str(folder)),
    ):
        assert given in text, given
        text = text.replace(given, own)
    kept = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = text.replace("http {", f"http {{ {kept}", 1)
    file = folder / "nginx.conf"
    file.write_text(f"pid {folder}/pid; error_log {folder}/error.log; daemon off; master_process off;\n{text}")
    return file


@contextmanager
def nginx(folder: Path, service: int) -> Iterator[tuple[int, int]]:
    """A running nginx before a service at this port, and its ports without and with TLS."""
    plain, secure = free_port(), free_port()
    certificate(folder)
    words = [str(NGINX), "-p", str(folder), "-c", str(configured(folder, service, plain, secure))]
    process = subprocess.Popen(words, stderr=subprocess.PIPE)
    try:
        until(lambda: process.poll() is not None or listens(secure))
        assert process.poll() is None, process.communicate()[1].decode()
        yield plain, secure
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def announced(port: int, trust: ssl.SSLContext, headers: dict[str, str], length: int) -> tuple[int, Any]:
    """What is answered to the head of an upload of this length, of which nothing is sent."""
    lines = [f"{name}: {value}" for name, value in {**headers, "Content-Length": length}.items()]
    head = "\r\n".join(["POST /v1/intake-previews HTTP/1.1", *lines, "", ""]).encode()
    with (
        socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as plain,
        trust.wrap_socket(plain, server_hostname=NAME) as secured,
    ):
        secured.sendall(head)
        answer = HTTPResponse(secured)
        answer.begin()
        return answer.status, json.loads(answer.read())


def test_the_reference_configuration_of_a_proxy_does_what_it_says(sqlite: Sqlite, tmp_path: Path) -> None:
    if NGINX is None or OPENSSL is None:
        pytest.skip("install nginx-light and openssl with apt-get: docs/proxy/nginx.conf was NOT tested without them")
    url = sqlite.empty()
    secret = command(url, "keys", "create", "--role", "supplier", "--supplier", a_supplier(url)).stdout.strip()
    with serving(url) as (address, _), nginx(tmp_path, httpx.URL(address).port or 0) as (plain, secure):
        trust = ssl.create_default_context(cafile=tmp_path / "certificate.pem")
        given = {"headers": {"Authorization": f"Bearer {secret}", "Host": NAME}, "extensions": {"sni_hostname": NAME}}
        with httpx.Client(
            verify=trust, trust_env=False, timeout=SECONDS, base_url=f"https://127.0.0.1:{secure}"
        ) as client:
            moved = httpx.get(f"http://127.0.0.1:{plain}/v1/lots?limit=1", headers={"Host": NAME}, trust_env=False)
            assert (moved.status_code, moved.headers["location"]) == (308, f"https://{NAME}/v1/lots?limit=1")
            me = client.get("/v1/me", **given)
            assert (me.status_code, me.json()["role"], me.headers["etag"][:1]) == (200, "supplier", '"')
            assert client.get("/v1%2Flots", **given).status_code == 400, "it is passed on as it was sent"
            assert client.get("/readyz", **given).status_code == 404
            headers = {**given["headers"], "Content-Type": "text/csv"}
            body = b"key,name,quantity\nradio,Radio,1\n" + (b" " * 99 + b"\n") * 20_000
            read = client.post("/v1/intake-previews", content=body, headers=headers, extensions=given["extensions"])
            assert (read.status_code, read.json()["lines"]["read"]) == (200, 1)
            status, problem = announced(secure, trust, headers, (128 << 20) + 1)
            assert (status, problem["type"]) == (413, "/problems/too-large")
            long = {**given["headers"], "X-Long": "x" * 20_000}
            assert client.get("/v1/me", headers=long, extensions=given["extensions"]).status_code == 400
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda _: client.get("/v1/nothing", **given), range(300)))
            refused = [answer for answer in answers if answer.status_code == 429]
            assert 0 < len(refused) < 300
            assert (refused[0].json()["type"], refused[0].headers["retry-after"]) == ("/problems/rate", "3")


def a_supplier(url: str) -> str:
    """The key of a supplier of the real portfolio, which is imported."""
    command(url, "import", str(PORTFOLIO))
    return "intelic"
