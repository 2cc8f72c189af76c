"""Records users with mite's own recorder: mite_recorder.py <directory> <name> <count>"""

import sys

from mite.recorder import Recorder


def user(number):
    return {
        "id": f"user-{number}",
        "number": number,
        "balance": -number,
        "ratio": number / 8,
        "active": number % 2 == 0,
        "note": None,
        "token": bytes([number % 256, 0xFF]),
        "address": {"city": "Ōsaka", "lines": ["1", "2"]},
        "text": "x" * number,
    }


directory, name, count = sys.argv[1:]
recorder = Recorder(directory)
for number in range(int(count)):
    recorder.process_message({"type": "txn", "time": 0.0, "had_error": False})
    recorder.process_message({"type": "data_created", "name": None, "data": {"not": "recorded"}})
    recorder.process_message({"type": "data_created", "name": name, "data": user(number)})
