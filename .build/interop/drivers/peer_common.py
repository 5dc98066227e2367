"""What the drivers in Python have in common; README.md tells the protocol."""

import hashlib
import json
import struct
import sys
import threading

MESSAGES = 64
# the middle of each quarter of the picture, as shares of its size, and its colour
QUARTERS = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]
COLOURS = [(220, 40, 40), (40, 200, 60), (40, 70, 220), (230, 220, 60)]

_output = threading.Lock()


def out(message):
    with _output:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def message(index, size):
    return struct.pack(">I", index) + bytes((index + k) & 255 for k in range(4, size))


class Transfer:
    """What has come of a transfer."""

    def __init__(self):
        self.messages = {}
        self.count = 0
        self.in_order = True
        self.intact = True

    def take(self, data):
        """Whether all of it is there now."""
        index = struct.unpack(">I", data[:4])[0]
        self.in_order = self.in_order and index == self.count
        self.intact = self.intact and data == message(index, len(data))
        self.count += 1
        self.messages[index] = data
        return self.count == MESSAGES

    def report(self, pc, label, ordered, max_retransmits):
        everything = b"".join(data for _, data in sorted(self.messages.items()))
        out({"event": "received", "pc": pc, "label": label, "count": self.count, "inOrder": self.in_order,
             "intact": self.intact, "sha256": hashlib.sha256(everything).hexdigest(), "ordered": ordered,
             "maxRetransmits": max_retransmits})
