"""A watcher of the station's events: the little of RFC 6455 that it takes."""
import base64
import hashlib
import json
import os
import socket
import struct
import time


class Events:
    def __init__(self, path, since, headers=(), says=None):
        """path: of a Unix socket, or (host, port); headers: besides, as {name: value}; says: an object that goes first."""
        self.socket = socket.socket(socket.AF_INET if isinstance(path, tuple) else socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path if isinstance(path, tuple) else str(path))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = {"Host": "localhost", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key,
                 "Sec-WebSocket-Version": "13", **dict(headers)}
        self.socket.sendall(f"GET /api/v1/events?since={since} HTTP/1.1\r\n".encode() +
                            b"".join(f"{name}: {value}\r\n".encode() for name, value in lines.items()) + b"\r\n")
        self.pending = b""
        while b"\r\n\r\n" not in self.pending:
            got = self.socket.recv(4096)
            if not got:
                raise RuntimeError(f"no events: {self.pending.decode()}")
            self.pending += got
        head, self.pending = self.pending.split(b"\r\n\r\n", 1)
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        if b" 101 " not in head.split(b"\r\n")[0] or accept not in head:
            raise RuntimeError(f"no events: {head.decode()}")
        self.open = True
        if says is not None:
            self._say(0x1, json.dumps(says).encode())

    def _frame(self):
        """(opcode, payload) when a whole frame is there."""
        if len(self.pending) < 2:
            return None
        size, at = self.pending[1] & 0x7F, 2
        if size >= 126:
            width = 2 if size == 126 else 8
            if len(self.pending) < 2 + width:
                return None
            size, at = int.from_bytes(self.pending[2:2 + width], "big"), 2 + width
        if len(self.pending) < at + size:
            return None
        frame = self.pending[0] & 0x0F, self.pending[at:at + size]
        self.pending = self.pending[at + size:]
        return frame

    def _say(self, opcode, payload):
        mask = os.urandom(4)
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        self.socket.sendall(struct.pack("!BB", 0x80 | opcode, 0x80 | len(payload)) + mask + masked)

    def next(self, seconds):
        """The next event; None when none came for so long, or the feed ended."""
        end = time.monotonic() + seconds
        while self.open:
            frame = self._frame()
            if frame is None:
                self.socket.settimeout(max(0.001, end - time.monotonic()))
                try:
                    got = self.socket.recv(65536)
                except TimeoutError:
                    return None
                except OSError:
                    got = b""
                self.open = bool(got)
                self.pending += got
            elif frame[0] == 0x1:
                return json.loads(frame[1])
            elif frame[0] == 0x9:
                self._say(0xA, frame[1])
            elif frame[0] == 0x8:
                self.open = False
        return None

    def alive(self):
        """Takes nothing; False once the feed ended."""
        self.socket.settimeout(0.001)
        try:
            got = self.socket.recv(65536)
            self.pending += got
            self.open = self.open and bool(got)
        except TimeoutError:
            pass
        except OSError:
            self.open = False
        return self.open

    def close(self):
        self.socket.close()
        self.open = False
