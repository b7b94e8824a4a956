#!/usr/bin/env python3
"""Makes mix.json from the text of docs/protocol.md 8 alone: hashlib and python3-cryptography, nothing of src/.

Usage: make_mix_vectors.py [OUT]      (Debian: python3-cryptography)
"""
import hashlib
import json
import struct
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HOPS, CELL = 3, 512


def blake(data, size, key=b""):
    return hashlib.blake2b(data, digest_size=size, key=key).digest()


def kdf(key, label, ctx=b"", size=32):
    return blake(b"sw1/" + label.encode() + b"\0" + ctx, size, key)


def fixed(name, size=32):
    """Stands for randomness."""
    return blake(b"mix vectors: " + name.encode(), size)


def raw(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


RELAYS = [{"id": Ed25519PrivateKey.from_private_bytes(fixed(f"id {i}")), "kx": X25519PrivateKey.from_private_bytes(fixed(f"kx {i}")),
           "kx_secret": fixed(f"kx {i}")} for i in range(HOPS)]
DESCRIPTOR = {"venue": fixed("venue", 16).hex(), "epoch": 993_500, "t0_ms": 1_788_300_000_000, "round_ms": 1000, "rounds": 1800, "lead_rounds": 60,
              "cell": CELL, "slots": 2, "suite": 1, "circuits": 40, "noise": 1676, "sigma_milli": 69_500}


def descriptor():
    d = DESCRIPTOR
    body = b"sw1-epoch" + b"\1" + bytes.fromhex(d["venue"]) + struct.pack(
        "<QQIIHHBBBIII", d["epoch"], d["t0_ms"], d["round_ms"], d["rounds"], d["lead_rounds"], d["cell"], d["slots"], d["suite"], HOPS,
        d["circuits"], d["noise"], d["sigma_milli"])
    for relay in RELAYS:
        body += raw(relay["id"]) + raw(relay["kx"])
    return body, blake(body, 32), [relay["id"].sign(body) for relay in RELAYS]


def onion(h, drop, ephemerals):
    """Layers from the last relay to the first; (onion, per relay: E, K, k_fwd, k_bwd, tag)."""
    inner, layers = drop, []
    for i in range(HOPS, 0, -1):
        e = X25519PrivateKey.from_private_bytes(ephemerals[i - 1])
        p = raw(RELAYS[i - 1]["kx"])
        ss = e.exchange(X25519PublicKey.from_public_bytes(p))
        k = kdf(ss, "setup", h + bytes([i]) + raw(e) + p, 64)
        inner = raw(e) + ChaCha20Poly1305(k[:32]).encrypt(bytes(12), inner, b"sw1-setup" + h + bytes([i]))
        circ = kdf(k[32:], "circ", bytes([i]), 64)
        layers.insert(0, {"onion": inner.hex(), "forward": circ[:32].hex(), "backward": circ[32:].hex(), "tag": blake(inner, 8, h).hex()})
    return layers


def keystream(key, round_, size=CELL):
    iv = struct.pack("<Q", round_) + bytes(8)
    return Cipher(algorithms.AES(key), modes.CTR(iv)).encryptor().update(bytes(size))


def xor(*parts):
    out = bytes(len(parts[0]))
    for part in parts:
        out = bytes(a ^ b for a, b in zip(out, part))
    return out


def round_trip(layers, number):
    """One cell through the chain and back to its own circuit (an idle one loops at the last relay)."""
    said = fixed("said", 64) * (CELL // 64)
    sent = xor(said, *[keystream(bytes.fromhex(layer["forward"]), number) for layer in layers])
    steps, cell = [sent], sent
    for layer in layers:
        cell = xor(cell, keystream(bytes.fromhex(layer["forward"]), number))
        steps.append(cell)
    assert cell == said
    for layer in reversed(layers):
        cell = xor(cell, keystream(bytes.fromhex(layer["backward"]), number))
        steps.append(cell)
    return {"round": number, "said": said.hex(), "steps": [blake(step, 16).hex() for step in steps]}


def receipt(h, hop, form, tags):
    tags = sorted(tags)
    if form == 1:
        body = b"".join(tags)
    else:
        bits, last = "", 0
        for tag in tags:
            place = int.from_bytes(tag, "big") * (len(tags) << 20) >> 64
            step, last = place - last, place
            bits += "1" * (step >> 20) + "0" + format(step & 0xFFFFF, "020b")
        bits += "0" * (-len(bits) % 8)
        body = int(bits, 2).to_bytes(len(bits) // 8, "big") if bits else b""
    said = b"sw1-receipt" + h + bytes([hop, form]) + struct.pack("<I", len(tags)) + body
    return (said + RELAYS[hop - 1]["id"].sign(said)).hex()


def main():
    body, h, signatures = descriptor()
    drop = fixed("drop")
    ephemerals = [fixed(f"ephemeral {i}") for i in range(HOPS)]
    layers = onion(h, drop, ephemerals)
    tags = [fixed(f"tag {i}", 8) for i in range(25)]
    vectors = {
        "relays": [{"id_seed": fixed(f"id {i}").hex(), "id": raw(r["id"]).hex(), "kx_secret": r["kx_secret"].hex(), "kx": raw(r["kx"]).hex()}
                   for i, r in enumerate(RELAYS)],
        "descriptor": DESCRIPTOR | {"body": body.hex(), "hash": h.hex(), "signatures": [s.hex() for s in signatures]},
        "onion": {"drop": drop.hex(), "ephemerals": [e.hex() for e in ephemerals], "layers": layers},
        "rounds": [round_trip(layers, number) for number in (0, 1, 258, 1799)],
        "receipts": {"tags": [t.hex() for t in sorted(tags)], "hop": 2, "form1": receipt(h, 2, 1, tags), "form2": receipt(h, 2, 2, tags),
                     "empty": receipt(h, 2, 2, [])},
    }
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("mix.json")
    out.write_text(json.dumps(vectors, indent=1) + "\n")


main()
