"""A WHIP publisher and a WHEP player of aiortc. Arguments: publish or play, the endpoint, the token.

Prints a line when it is connected, and one for every tenth frame that it has decoded; ends the session and itself when
its standard input closes.
"""
import asyncio
import sys
import urllib.parse
import urllib.request

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import VideoStreamTrack

MODE, URL, TOKEN = sys.argv[1:4]


def request(method, url, body=None, content_type=None):
    message = urllib.request.Request(url, method=method, data=body)
    message.add_header("Authorization", "Bearer " + TOKEN)
    if content_type:
        message.add_header("Content-Type", content_type)
    with urllib.request.urlopen(message, timeout=60) as response:
        return response.status, response.headers, response.read().decode()


async def count(track):
    frames = 0
    while True:
        frame = await track.recv()
        frames += 1
        if frames % 10 == 0:
            print("decoded", frames, "%dx%d" % (frame.width, frame.height), flush=True)


async def main():
    pc = RTCPeerConnection()
    tasks = []
    if MODE == "publish":
        pc.addTrack(VideoStreamTrack())
    else:
        pc.addTransceiver("video", direction="recvonly")
        pc.on("track", lambda track: tasks.append(asyncio.ensure_future(count(track))))
    pc.on("connectionstatechange", lambda: print("state", pc.connectionState, flush=True))
    await pc.setLocalDescription(await pc.createOffer())
    offer = pc.localDescription.sdp
    if MODE == "publish":
        offer = offer.replace("a=sendrecv", "a=sendonly")
    loop = asyncio.get_running_loop()
    status, headers, answer = await loop.run_in_executor(
        None, request, "POST", URL, offer.encode(), "application/sdp"
    )
    session = urllib.parse.urljoin(URL, headers["Location"])
    print("created", status, headers["ETag"], flush=True)
    await pc.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
    await loop.run_in_executor(None, sys.stdin.read)
    status, _, _ = await loop.run_in_executor(None, request, "DELETE", session)
    print("deleted", status, flush=True)
    await pc.close()


asyncio.run(main())
