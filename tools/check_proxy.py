#!/usr/bin/env python3
"""neurone serve behind proxies: nginx and Caddy with TLS, as examples/proxy/ has them, and HAProxy without.

Usage: check_proxy.py NEURONE FOLDER. Each proxy listens on a free port of this machine, with a certificate made here, and ends
with the check. Asks through it: many requests on a connection, rows in chunks, long bodies, the form as a page of the same
origin; and sends requests that a proxy and a server may cut in two places, of which no second one may arrive. Prints a line for
each check and exits 1 where something was wrong.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import time

from check_serve import ROOT, ROW, Server, everything, failures, say, train

NAME = "models.example"
TLS = ("nginx", "Caddy")
CODINGS = ["chunked", "xchunked", " chunked", "chunked ", "\tchunked", "\x0bchunked", "chunked\x0b", "chunked\x0c", "\"chunked\"",
           "'chunked'", "CHUNKED", "chunked,", ",chunked", "chunked;x=y", "chunked, identity", "identity, chunked", "identity",
           "gzip, chunked", "chunked, chunked", "x\r\n chunked", "\r\n chunked", "x\r\nTransfer-Encoding: chunked",
           "chunked\r\nTransfer-Encoding: x", "chunked\r\ntransfer-encoding: identity"]
NAMES = ["Transfer-Encoding: chunked", "Transfer-Encoding : chunked", " Transfer-Encoding: chunked", "Transfer_Encoding: chunked",
         "X: y\nTransfer-Encoding: chunked", "X: y\rTransfer-Encoding: chunked", "Transfer-Encoding\t: chunked", "tRANSFER-eNCODING: chunked"]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def put_in_place(text, changes):
    for old, new in changes.items():
        if text.count(old) != 1:
            raise SystemExit(f"expected one {old!r} in\n{text}")
        text = text.replace(old, new)
    return text


def nginx(folder, port, server_port):
    site = put_in_place((ROOT / "examples/proxy/nginx.conf").read_text(), {
        "listen 443 ": f"listen 127.0.0.1:{port} ", "127.0.0.1:8080": f"127.0.0.1:{server_port}",
        "/etc/ssl/neurone/certificate.pem": str(folder / "certificate.pem"), "/etc/ssl/neurone/key.pem": str(folder / "key.pem")})
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\n"
                                       f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{site}}}\n")
    return ["nginx", "-e", str(folder / "nginx.log"), "-c", str(folder / "nginx.conf")]


def caddy(folder, port, server_port):
    site = put_in_place((ROOT / "examples/proxy/Caddyfile").read_text(), {
        "127.0.0.1:8080": f"127.0.0.1:{server_port}", "/etc/ssl/neurone/certificate.pem": str(folder / "certificate.pem"),
        "/etc/ssl/neurone/key.pem": str(folder / "key.pem")})
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https disable_redirects\n\thttps_port {port}\n\thttp_port {free_port()}\n"
                                      f"\tdefault_bind 127.0.0.1\n}}\n{site}")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def haproxy(folder, port, server_port):
    (folder / "haproxy.cfg").write_text(
        "defaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n  option http-keep-alive\n"
        f"frontend f\n  bind 127.0.0.1:{port}\n  default_backend b\nbackend b\n  http-reuse always\n  server s 127.0.0.1:{server_port}\n")
    return ["haproxy", "-db", "-f", str(folder / "haproxy.cfg")]


PROXIES = {"nginx": nginx, "Caddy": caddy, "HAProxy": haproxy}


class Proxy:
    def __init__(self, name, folder, server):
        self.name, self.port, self.folder = name, free_port(), folder / name.lower()
        self.folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", self.folder / "key.pem",
                        "-out", self.folder / "certificate.pem"], check=True, capture_output=True)
        self.context = ssl.create_default_context(cafile=self.folder / "certificate.pem")
        self.log = open(self.folder / "output.log", "w")
        self.process = subprocess.Popen(PROXIES[name](self.folder, self.port, server.port), stdout=self.log, stderr=self.log,
                                        env={**os.environ, "HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder)})
        deadline = time.monotonic() + 20
        while True:
            try:
                self.connect().close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{name} does not start: see {self.folder}")
                time.sleep(0.1)

    def connect(self):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        return self.context.wrap_socket(client, server_hostname=NAME) if self.name in TLS else client

    def session(self):
        connection = http.client.HTTPConnection(NAME, self.port, timeout=60)
        connection.sock = self.connect()
        return connection

    def ask(self, connection, body, path="/predict", **fields):
        connection.request("POST", path, body, {"Content-Type": "application/json", **fields})
        response = connection.getresponse()
        return response.status, response.read()

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()


def check_use(proxy, expected, long_body, long_answer):
    connection = proxy.session()
    kept = connection.sock
    again = sum(proxy.ask(connection, ROW) == (200, expected) for _ in range(100))
    say(f"{proxy.name}: 100 requests on a connection", again == 100 and connection.sock is kept, f"{again} answered as without it")
    pieces = (ROW[k:k + 7] for k in range(0, len(ROW), 7))
    chunked = proxy.ask(connection, pieces)  # without a length: http.client sends chunks
    say(f"{proxy.name}: a row in chunks", chunked == (200, expected), f"status {chunked[0]}")
    longer = proxy.ask(connection, long_body)
    say(f"{proxy.name}: a long body", longer == (200, long_answer), f"{len(long_body) / 2**20:.1f} MiB, status {longer[0]}")
    scheme = "https" if proxy.name in TLS else "http"
    own, foreign = (proxy.ask(proxy.session(), ROW, Origin=origin)[0]
                    for origin in (f"{scheme}://{NAME}:{proxy.port}", "https://evil.example"))
    say(f"{proxy.name}: pages", own == 200 and foreign == 403, f"its own page {own}, another's {foreign}")
    if proxy.name in TLS:
        versions = []
        for version in (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            proxy.context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            proxy.context.maximum_version = version
            with contextlib.suppress(ssl.SSLError, ConnectionResetError), proxy.connect() as client:
                versions.append(client.version())
        proxy.context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
        say(f"{proxy.name}: TLS", versions == ["TLSv1.2", "TLSv1.3"], ", ".join(versions))


def attacks():
    """Requests in whose body, by one of two readings, stands a second one."""
    second = f"GET /smuggled HTTP/1.1\r\nHost: {NAME}\r\nX: ".encode("latin-1")
    fields = [f"Transfer-Encoding: {coding}" for coding in CODINGS] + NAMES
    for field in fields:
        for length_first in (True, False):
            # with _ it is another field, behind a space a part of the last one: then the length counts, and a second
            # request behind it is one by right
            for ends_early in (True,) if "_" in field or field[0] == " " else (True, False):
                if ends_early:  # the chunks do, the length does not
                    body = b"0\r\n\r\n" + second
                    length = len(body)
                else:  # the other way round
                    inner = second + b"y\r\n\r\n"
                    size = f"{len(inner):x}\r\n".encode()
                    body = size + inner + b"\r\n0\r\n\r\n"
                    length = len(size)
                lines = [f"Content-Length: {length}", field]
                head = f"POST /predict HTTP/1.1\r\nHost: {NAME}\r\n" + "\r\n".join(lines if length_first else lines[::-1])
                yield head.encode("latin-1") + b"\r\n\r\n" + body
    for lines in ("Content-Length: 0\r\nContent-Length: {}", "Content-Length: {}\r\ncontent-length: 0", "Content-Length: 0, {}",
                  "Content-Length: +{}", "Content-Length: 0x0{}", "Content-Length : {}"):
        yield f"POST /predict HTTP/1.1\r\nHost: {NAME}\r\n{lines.format(len(second))}\r\n\r\n".encode() + second


def paths_in(log):
    return [entry["path"] for entry in map(json.loads, log.read_text().splitlines()) if "path" in entry]


def check_smuggling(proxy, log, expected):
    count = wrong = 0
    for attack in attacks():
        count += 1
        with proxy.connect() as client:
            client.settimeout(0.15)
            with contextlib.suppress(OSError):  # a proxy that waits for the rest of a body says nothing
                client.sendall(attack)
                everything(client)
        with proxy.connect() as client:
            client.settimeout(10)
            fields = f"Host: {NAME}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {len(ROW)}\r\n\r\n"
            client.sendall(b"POST /predict HTTP/1.1\r\n" + fields.encode() + ROW)
            wrong += not everything(client).endswith(expected)
    arrived = sum("smuggled" in path for path in paths_in(log))
    say(f"{proxy.name}: smuggling", arrived == wrong == 0,
        f"{count} requests of two readings: {arrived} second ones arrived, {wrong} neighbours got a wrong answer")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("neurone")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    options.neurone = pathlib.Path(options.neurone).resolve()
    options.folder = options.folder.resolve()
    options.folder.mkdir(parents=True, exist_ok=True)
    os.environ["PATH"] += ":/usr/sbin"
    model = train(options, "model")
    long_body = b"[" + b",".join([ROW] * 9_000) + b"]"
    for name in PROXIES:
        if not shutil.which(name.lower()):
            say(name, False, "is not installed")
            continue
        log = options.folder / f"{name}.log"
        log.unlink(missing_ok=True)
        server = Server(options, model, "--allow-host", NAME, "--log", str(log))
        try:
            proxy = Proxy(name, options.folder, server)
            try:
                expected, long_answer = server.ask()[1], server.ask(long_body)[1]
                check_use(proxy, expected, long_body, long_answer)
                check_smuggling(proxy, log, expected)
            finally:
                proxy.close()
        finally:
            server.stop()
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
