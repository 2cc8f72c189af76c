"""Prints each row of a MessagePack file as a line of JSON: unpack.py <file>

Bytes are printed in hexadecimal."""

import json
import sys

import msgpack

with open(sys.argv[1], "rb") as file:
    for row in msgpack.Unpacker(file, raw=False, strict_map_key=False):
        print(json.dumps(row, default=bytes.hex))
