"""Decodes a film (IVF or H.264 by annex B) and tells how many frames it has, and the colours of the last one."""

import json
import sys

import av

QUARTERS = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]

frames = 0
last = None
with av.open(sys.argv[1]) as film:
    stream = film.streams.video[0]
    for packet in film.demux(stream):
        for frame in packet.decode():
            frames += 1
            last = frame
picture = last.to_ndarray(format="rgb24")
height, width = picture.shape[:2]
colours = [[int(value) for value in picture[int(y * height), int(x * width)]] for x, y in QUARTERS]
print(json.dumps({"frames": frames, "width": width, "height": height, "colours": colours}))
