"""aiortc as a benchmark peer; docs/peer.md tells the contract."""

import asyncio
import hashlib
import json
import math
import struct
import sys
import time

import aiortc
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

PAUSE = 4 << 20
GO_ON = 1 << 20
LOOK = 64 << 10
STEP_SECONDS = 10
MAX_MESSAGE = 65536

ends = {}
seen = {"channels": 0, "pings": 0}
tasks = set()


def out(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def start(name, cmd, work):
    async def watched():
        try:
            await work
        except Exception as failure:  # whatever it is, the driver is told
            out({"event": "error", "pc": name, "cmd": cmd, "error": repr(failure)})

    task = asyncio.ensure_future(watched())
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def within(number, least, most, name):
    if not isinstance(number, (int, float)) or not least <= number <= most:
        raise ValueError("%s is from %d to %d" % (name, least, most))


async def opened(channel):
    if channel.readyState != "open":
        done = asyncio.get_running_loop().create_future()
        channel.once("open", lambda: done.done() or done.set_result(None))
        await asyncio.wait_for(done, STEP_SECONDS)


class Receiver:
    def __init__(self, name, channel):
        _, self.run, seconds, verify = channel.label.split("|")
        self.name = name
        self.limit = float(seconds)
        self.digest = hashlib.sha256() if verify == "1" else None
        self.count = self.bytes = 0
        self.first = self.last = None
        self.announced = -1
        self.done = False
        channel.on("message", self.take)

    def take(self, data):
        if self.done:
            return
        if isinstance(data, str):
            self.announced = json.loads(data)["end"]
        else:
            self.last = time.monotonic()
            if self.count == 0:
                self.first = self.last
                if self.limit > 0:
                    asyncio.get_running_loop().call_later(self.limit, self.time_is_up)
            self.count += 1
            self.bytes += len(data)
            if self.digest:
                self.digest.update(data)
        if self.count == self.announced:
            self.report(False, self.last - self.first)

    def time_is_up(self):
        if not self.done:
            self.report(True, time.monotonic() - self.first)

    def report(self, limited, seconds):
        self.done = True
        figures = {
            "event": "received", "pc": self.name, "run": self.run, "count": self.count, "bytes": self.bytes,
            "seconds": seconds, "limited": limited,
        }
        if self.digest:
            figures["sha256"] = self.digest.hexdigest()
        out(figures)


class End:
    def __init__(self, name):
        if name in ends:
            raise ValueError("pc %s is there already" % name)
        self.name = name
        self.accepted = 0
        self.main = None
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.pc.on("datachannel", self.use)
        ends[name] = self

    def use(self, channel):
        seen["channels"] += 1
        if channel.label == "main":
            self.main = channel
            out({"event": "open", "pc": self.name, "side": "answer"})
        elif channel.label == "ping":

            @channel.on("message")
            def on_message(data):
                channel.send(data)
                seen["pings"] += 1

        elif channel.label.startswith("bulk|"):
            Receiver(self.name, channel)

    async def send(self, command):
        size, seconds = command["size"], command.get("seconds", 0)
        label = "bulk|%s|%s|%d" % (command["run"], seconds, command.get("verify", False))
        channel = self.pc.createDataChannel(label, ordered=command.get("ordered", True))
        await opened(channel)
        low = asyncio.Event()
        channel.bufferedAmountLowThreshold = GO_ON
        channel.on("bufferedamountlow", low.set)
        pattern = bytes(at & 255 for at in range(size + 256))
        count = command["bytes"] // size
        begun = time.monotonic()
        sent = 0
        while sent < count and not (seconds and time.monotonic() - begun > seconds + 1):
            given = 0
            while given < LOOK and sent < count:
                head = struct.pack("!I", sent & 0xFFFFFFFF)[:size]
                channel.send(head + pattern[(sent & 255) + len(head) : (sent & 255) + size])
                sent += 1
                given += size
            if channel.bufferedAmount >= PAUSE:
                low.clear()
                await low.wait()
        channel.send('{"end":%d}' % sent)
        out({"event": "sent", "pc": self.name, "run": str(command["run"]), "count": sent, "bytes": sent * size})

    async def ping(self, command):
        unreliable = command.get("unreliable", False)
        options = {"ordered": False, "maxRetransmits": 0} if unreliable else {}
        count, size = command["count"], command["size"]
        channel = self.pc.createDataChannel("ping", **options)
        await opened(channel)
        await asyncio.sleep(command.get("settleMs", 500) / 1000)
        sent_at, times, complete = {}, {}, asyncio.Event()

        @channel.on("message")
        def on_message(data):
            at = time.monotonic()
            index = struct.unpack("!I", data[:4])[0]
            if index in sent_at and index not in times:
                times[index] = (at - sent_at[index]) * 1000
                if len(times) == count:
                    complete.set()

        begun = time.monotonic()
        for i in range(count):
            await asyncio.sleep(max(0, begun + i * command.get("intervalMs", 0) / 1000 - time.monotonic()))
            sent_at[i] = time.monotonic()
            channel.send(struct.pack("!I", i) + bytes(size - 4))
        grace = command.get("graceMs", 2000 if unreliable else 15000) / 1000
        elapsed = time.monotonic() - begun
        try:
            await asyncio.wait_for(complete.wait(), grace)
            elapsed = time.monotonic() - begun
        except asyncio.TimeoutError:
            pass
        ranked = sorted(times.values())

        def rank(percent):
            return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)] if ranked else None

        out({
            "event": "pings", "pc": self.name, "sent": count, "received": len(ranked), "min": rank(0), "p50": rank(50),
            "p95": rank(95), "p99": rank(99), "max": rank(100), "elapsed": elapsed * 1000,
        })
        channel.close()

    async def channels(self, command):
        count = command["count"]
        batch = command.get("batch", count)
        figures = {"opened": 0, "closed": 0, "openMs": 0, "closeMs": 0}

        async def step(key, channels, event):
            begun = time.monotonic()
            reached, complete = [0], asyncio.Event()

            def reach():
                reached[0] += 1
                if reached[0] == len(channels):
                    complete.set()

            for channel in channels:
                channel.once(event, reach)
                if event == "close":
                    channel.close()
            try:
                await asyncio.wait_for(complete.wait(), STEP_SECONDS)
            except asyncio.TimeoutError:
                pass
            figures[key] += reached[0]
            return (time.monotonic() - begun) * 1000

        for begin in range(0, count, batch):
            begun = time.monotonic()
            made = [self.pc.createDataChannel("chan") for _ in range(min(batch, count - begin))]
            made_ms = (time.monotonic() - begun) * 1000
            figures["openMs"] += made_ms + await step("opened", made, "open")
            figures["closeMs"] += await step("closed", made, "close")
        out({
            "event": "channels", "pc": self.name, "count": count, "batch": batch, "failed": count - figures["closed"],
            **figures,
        })


async def info(command):
    return {"name": "aiortc", "version": aiortc.__version__, "maxMessage": MAX_MESSAGE}


async def offer(command):
    begun = time.monotonic()
    end = End(command["pc"])
    end.main = end.pc.createDataChannel("main")

    @end.main.on("open")
    def on_open():
        now = time.monotonic()
        out({
            "event": "open", "side": "offer", "pc": end.name, "ms": (now - begun) * 1000,
            "sinceAccept": (now - end.accepted) * 1000,
        })

    await end.pc.setLocalDescription(await end.pc.createOffer())
    return {"sdp": end.pc.localDescription.sdp, "gatherMs": (time.monotonic() - begun) * 1000}


async def answer(command):
    begun = time.monotonic()
    end = End(command["pc"])
    await end.pc.setRemoteDescription(RTCSessionDescription(command["sdp"], "offer"))
    await end.pc.setLocalDescription(await end.pc.createAnswer())
    return {"sdp": end.pc.localDescription.sdp, "gatherMs": (time.monotonic() - begun) * 1000}


async def accept(command):
    end = known(command)
    end.accepted = time.monotonic()
    await end.pc.setRemoteDescription(RTCSessionDescription(command["sdp"], "answer"))
    return {"ok": True}


def known(command):
    if command["pc"] not in ends:
        raise ValueError("there is no pc %s" % command["pc"])
    return ends[command["pc"]]


async def send(command):
    end = known(command)
    within(command.get("size"), 1, MAX_MESSAGE, "size")
    within(command.get("bytes"), command["size"], 2**44, "bytes")
    start(end.name, "send", end.send(command))
    return {"ok": True}


async def ping(command):
    end = known(command)
    within(command.get("size"), 4, MAX_MESSAGE, "size")
    within(command.get("count"), 1, 1e6, "count")
    start(end.name, "ping", end.ping(command))
    return {"ok": True}


async def channels(command):
    end = known(command)
    within(command.get("count"), 1, 1e6, "count")
    start(end.name, "channels", end.channels(command))
    return {"ok": True}


async def stat(command):
    return {"channelsSeen": seen["channels"], "pingsEchoed": seen["pings"], "pcs": len(ends)}


async def reset(command):
    all_ends = list(ends.values())
    ends.clear()
    for end in all_ends:
        await end.pc.close()
    return {"ok": True}


async def leave(command):
    return {"ok": True}


COMMANDS = {
    "info": info, "offer": offer, "answer": answer, "accept": accept, "send": send, "ping": ping, "channels": channels,
    "stat": stat, "reset": reset, "quit": leave,
}


async def obey(line):
    number = None
    try:
        command = {"pc": "0", **json.loads(line)}
        number = command.get("id")
        if command.get("cmd") not in COMMANDS:
            raise ValueError("unknown command")
        out({"id": number, **await COMMANDS[command["cmd"]](command)})
        return command["cmd"] != "quit"
    except Exception as failure:  # whatever it is, the driver is told
        out({"id": number, "error": repr(failure)})
        return True


async def main():
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        if not await obey(line):
            break


asyncio.run(main())
