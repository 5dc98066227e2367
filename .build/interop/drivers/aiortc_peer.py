"""aiortc as a peer of the matrix; README.md tells the protocol."""

import asyncio
import json
import sys

import aiortc
import av
import numpy
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription, VideoStreamTrack
from aiortc.sdp import candidate_from_sdp
from peer_common import COLOURS, QUARTERS, Transfer, message, out

SETTLED_SECONDS = 2
CANNOT = {"restart": "aiortc has no ICE restart: an offer with new credentials changes nothing"}
for unknown in ("VP9", "AV1"):
    CANNOT["send " + unknown] = CANNOT["receive " + unknown] = "aiortc has no " + unknown


class Film(VideoStreamTrack):
    async def recv(self):
        pts, time_base = await self.next_timestamp()
        picture = numpy.zeros((180, 320, 3), numpy.uint8)
        for (x, y), colour in zip(QUARTERS, COLOURS):
            top, left = int((y - 0.25) * 180), int((x - 0.25) * 320)
            picture[top : top + 90, left : left + 160] = colour
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = pts
        frame.time_base = time_base
        return frame


class Collector:
    def __init__(self, pc, channel):
        self.pc = pc
        self.channel = channel
        self.transfer = Transfer()
        self.timer = None
        channel.on("message", self.take)

    def take(self, data):
        if self.timer:
            self.timer.cancel()
        if self.transfer.take(data):
            self.report()
        else:
            self.timer = asyncio.get_running_loop().call_later(SETTLED_SECONDS, self.report)

    def report(self):
        limit = self.channel.maxRetransmits
        self.transfer.report(self.pc, self.channel.label, self.channel.ordered, -1 if limit is None else limit)


class Connection:
    def __init__(self, name):
        self.name = name
        self.main = None
        self.frame_count = 0
        self.last = None
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.pc.on("datachannel", self.use)
        self.pc.on("track", lambda track: asyncio.ensure_future(self.watch(track)))
        self.pc.on("connectionstatechange", self.state)

    def state(self):
        out({"event": "state", "pc": self.name, "state": self.pc.connectionState})
        if self.pc.connectionState in ("closed", "failed"):
            out({"event": "closed", "pc": self.name})

    def use(self, channel):
        if channel.label != "main":
            Collector(self.name, channel)
            return
        self.main = channel

        @channel.on("message")
        def on_message(text):
            if text.startswith("ping "):
                channel.send("pong " + text[5:])

        channel.on("close", lambda: out({"event": "closed", "pc": self.name}))
        if channel.readyState == "open":
            out({"event": "open", "pc": self.name})
        else:
            channel.on("open", lambda: out({"event": "open", "pc": self.name}))

    async def watch(self, track):
        while True:
            self.last = await track.recv()
            self.frame_count += 1

    def prefer(self, transceiver, codec):
        wanted = ["video/" + codec.lower(), "video/rtx"]
        codecs = [c for c in RTCRtpSender.getCapabilities("video").codecs if c.mimeType.lower() in wanted]
        transceiver.setCodecPreferences(codecs)

    async def describe(self, description):
        await self.pc.setLocalDescription(description)
        return {"sdp": self.pc.localDescription.sdp}

    async def offer(self, command):
        if self.main is None:
            self.use(self.pc.createDataChannel("main"))
        if "send" in command:
            self.prefer(self.pc.addTransceiver(Film(), direction="sendonly"), command["send"])
        if "receive" in command:
            self.prefer(self.pc.addTransceiver("video", direction="recvonly"), command["receive"])
        return await self.describe(await self.pc.createOffer())

    async def answer(self, command):
        await self.pc.setRemoteDescription(RTCSessionDescription(command["sdp"], "offer"))
        if "send" in command:
            transceiver = next(each for each in self.pc.getTransceivers() if each.kind == "video")
            transceiver.sender.replaceTrack(Film())
            transceiver.direction = "sendonly"
        return await self.describe(await self.pc.createAnswer())

    async def accept(self, command):
        await self.pc.setRemoteDescription(RTCSessionDescription(command["sdp"], "answer"))
        return {}

    async def candidate(self, command):
        candidate = candidate_from_sdp(command["candidate"].split(":", 1)[1])
        candidate.sdpMid = command["mid"]
        await self.pc.addIceCandidate(candidate)
        return {}

    async def bulk(self, command):
        limit = command["maxRetransmits"]
        channel = self.pc.createDataChannel(
            command["label"], ordered=command["ordered"], maxRetransmits=None if limit < 0 else limit)
        while channel.readyState != "open":
            await asyncio.sleep(0.005)
        for i in range(command["count"]):
            channel.send(message(i, command["size"]))
        return {}

    async def frames(self, command):
        while self.frame_count < command["least"]:
            await asyncio.sleep(0.05)
        picture = self.last.to_ndarray(format="rgb24")
        height, width = picture.shape[:2]
        colours = [[int(value) for value in picture[int(y * height), int(x * width)]] for x, y in QUARTERS]
        return {"frames": self.frame_count, "width": width, "height": height, "colours": colours}

    async def close(self, _):
        await self.pc.close()
        return {}


connections = {}


async def run(command):
    reply = {"id": command["id"]}
    try:
        if command["cmd"] == "info":
            reply.update({"name": "aiortc", "version": aiortc.__version__, "cannot": CANNOT})
        else:
            connection = connections.get(command["pc"]) or connections.setdefault(command["pc"], Connection(command["pc"]))
            reply.update(await getattr(connection, command["cmd"])(command))
    except Exception as failure:  # whatever it is, the matrix wants to tell it
        reply["error"] = repr(failure)
    out(reply)


async def main():
    lines = asyncio.StreamReader(limit=1 << 20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        asyncio.ensure_future(run(json.loads(line)))


asyncio.run(main())
