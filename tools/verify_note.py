"""Check a proof file of a signed note without the clinic's server: python verify_note.py FILE [CLINIC'S KEY CODE].

Needs Python 3.11, the package `cryptography`, and nobody's secret. Ends with 0: all of it holds, 1: something does not,
2: this is no proof file. The code of the clinic's key, as the clinic gives it out, says whose proof it is.
What was left out of the file altogether, such as a later addendum, only the clinic can tell.
"""

import base64
import hashlib
import json
import sys
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

NOTE, KEY, COUNTERSIGNATURE = b"fernleaf-note-v1\0", b"fernleaf-signing-key-v1\0", b"fernleaf-countersignature-v1\0"
PRESENT_AND_VERIFIED, LONGEST_GESTURE = 5, timedelta(minutes=5)
HOW = {ed25519.Ed25519PublicKey: (), ec.EllipticCurvePublicKey: (ec.ECDSA(SHA256()),)}
HOW[rsa.RSAPublicKey] = (padding.PKCS1v15(), SHA256())


def once(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def code(sha256):
    text = base64.b32encode(bytes.fromhex(sha256)).decode()[:20]
    return "-".join(text[start : start + 4] for start in range(0, 20, 4))


def written(record):
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(public, signature, data):
    try:
        key = load_der_public_key(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), data, *next(how for kind, how in HOW.items() if isinstance(key, kind)))
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def touched(entry, data, origin):
    client, device = (bytes.fromhex(entry["passkey"][name]) for name in ("client_data", "authenticator_data"))
    said, host = json.loads(client), origin.partition("://")[2].partition(":")[0]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
    asked = (said["type"], said["challenge"], said["origin"]) == ("webauthn.get", challenge, origin)
    there = device[:32] == hashlib.sha256(host.encode()).digest() and device[32] & 5 == PRESENT_AND_VERIFIED
    return asked and there and signed(entry["public_key"], entry["signature"], device + hashlib.sha256(client).digest())


def typed(entry, data):
    return not any(entry["passkey"].values()) and signed(entry["public_key"], entry["signature"], data)


def problems(entry, clinic):
    """What does not hold of one signed record."""
    data, says = NOTE + entry["content"].encode(), json.loads(entry["content"], object_pairs_hook=once)
    sha256, public, signature = hashlib.sha256(data).hexdigest(), entry["public_key"], entry["signature"]
    vouched, told = entry["certificate"], entry["countersignature"]
    key, place, instance = vouched["says"], told["says"], told["instance"]
    at, passkey = datetime.fromisoformat(place["at"]), key["method"] == "passkey"
    ours = code(hashlib.sha256(bytes.fromhex(instance)).hexdigest())
    late = at - datetime.fromisoformat(says["signed_at"])
    checks = {
        "hash": (sha256, sha256, code(sha256)) == (entry["sha256"], place["sha256"], entry["code"]),
        "signature": touched(entry, data, key["origin"]) if passkey else typed(entry, data),
        "signer": (key["public"], key["user"], key["key"]) == (public, says["author"]["id"], place["key"]),
        "certificate": vouched["instance"] == instance and signed(instance, vouched["signature"], KEY + written(key)),
        "countersignature": signed(instance, told["signature"], COUNTERSIGNATURE + written(place)),
        "place": [place["patient"], place["position"], place["signature"]]
        == [says["patient"], says["position"], signature],
        "time": timedelta(0) <= late <= LONGEST_GESTURE and datetime.fromisoformat(key["from"]) <= at,
        "clinic": says["instance"] == ours and clinic.upper() in {"", ours},
    }
    return [name for name, holds in checks.items() if not holds]


def out_of_place(number, entries):
    """What does not fit between a record and those of its note before it: the note first, then what adds to it."""
    says = [json.loads(entry["content"]) for entry in entries[: number + 1]]
    before = [n for n in range(number) if says[n]["note"] == says[number]["note"]]
    checks = {
        "order": all(says[n]["position"] < says[number]["position"] for n in before),
        "what it adds to": says[number]["adds_to"] in ({entries[n]["sha256"] for n in before} or {None}),
    }
    return [name for name, holds in checks.items() if not holds]


def plain(value):
    """What the file says, on one line and without commands for the terminal."""
    text = " ".join(str(value).split())[:80]
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def line(entry, wrong):
    """What was found about a record: the codes are worked out anew, the rest is what the file says, in quotes."""
    says = json.loads(entry["content"])
    ours = code(hashlib.sha256(bytes.fromhex(entry["countersignature"]["instance"])).hexdigest())
    said = (f'"{plain(each)}"' for each in (says["author"]["name"], says["signed_at"], says["kind"], says["meaning"]))
    found = f"DOES NOT HOLD ({', '.join(wrong)})" if wrong else "HOLDS"
    return " ".join((found, code(hashlib.sha256(NOTE + entry["content"].encode()).hexdigest()), *said, "clinic", ours))


def main(path, clinic=""):
    """Print a line for each record; the exit code."""
    try:
        with open(path, encoding="utf-8") as file:
            entries = json.load(file, object_pairs_hook=once)["entries"]
        found = [problems(entry, clinic) + out_of_place(number, entries) for number, entry in enumerate(entries)]
        lines = [line(entry, wrong) for entry, wrong in zip(entries, found, strict=True)]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, StopIteration, RecursionError) as problem:
        print(f"This is no proof file: {type(problem).__name__} {plain(problem)}")
        return 2
    for each in lines:
        print(each)
    return 0 if found and not any(found) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) in {2, 3} else __doc__)
