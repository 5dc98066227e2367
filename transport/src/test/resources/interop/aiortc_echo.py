"""An echo over data channels by aiortc, driven by JSON lines: {"id","cmd","sdp"} in, {"id","sdp"} or {"id","error"} out.

It exits at the end of its input.
"""

import asyncio
import json
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription


def echo(channel):
    @channel.on("message")
    def on_message(message):
        channel.send(message)


async def run(pc, command):
    cmd = command["cmd"]
    if cmd == "offer":
        echo(pc.createDataChannel("main"))
        await pc.setLocalDescription(await pc.createOffer())
        return pc.localDescription.sdp
    if cmd == "accept":
        await pc.setRemoteDescription(RTCSessionDescription(command["sdp"], "answer"))
        return ""
    if cmd == "answer":
        await pc.setRemoteDescription(RTCSessionDescription(command["sdp"], "offer"))
        await pc.setLocalDescription(await pc.createAnswer())
        return pc.localDescription.sdp
    raise ValueError("unknown command " + cmd)


async def main():
    pc = RTCPeerConnection()
    pc.on("datachannel", echo)

    @pc.on("connectionstatechange")
    def on_state():
        print("connection:", pc.connectionState, file=sys.stderr, flush=True)

    lines = asyncio.StreamReader(limit=1 << 20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        command = json.loads(line)
        reply = {"id": command["id"]}
        try:
            reply["sdp"] = await run(pc, command)
        except Exception as failure:  # whatever it is, the test wants to read it
            reply["error"] = repr(failure)
        print(json.dumps(reply), flush=True)
    await pc.close()


asyncio.run(main())
