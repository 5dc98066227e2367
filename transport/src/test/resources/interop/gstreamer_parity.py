"""Video with parity (RED and ULPFEC) from GStreamer's webrtcbin, driven by JSON lines: {"id","cmd","sdp"} in, {"id","sdp"} or
{"id","error"} out. Neither NACK nor retransmissions are offered: only parity can bring back what is lost.

`frames` answers with the SHA-256 of every frame that the encoder made so far, in order. It exits at the end of its input.
"""

import hashlib
import json
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

FILM = (
    "videotestsrc is-live=true pattern=snow ! video/x-raw,width=320,height=240,framerate=15/1 ! videoconvert"
    " ! vp8enc name=encoder deadline=1 keyframe-max-dist=30 target-bitrate=1000000"
    " ! rtpvp8pay pt=96 mtu=1000 picture-id-mode=15-bit"
    " ! capsfilter caps=application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000"
)
PARITY_PERCENT = 60


class Sender:
    def __init__(self):
        self.hashes = []
        self.gathered = threading.Event()
        self.pipeline = Gst.Pipeline.new(None)
        self.webrtc = Gst.ElementFactory.make("webrtcbin", None)
        self.webrtc.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.webrtc.connect("notify::ice-gathering-state", self.gathering)
        self.webrtc.connect(
            "notify::connection-state",
            lambda *_: print(self.webrtc.get_property("connection-state").value_nick, file=sys.stderr, flush=True))
        self.pipeline.add(self.webrtc)
        film = Gst.parse_bin_from_description(FILM, True)
        self.pipeline.add(film)
        film.get_by_name("encoder").get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, self.encoded)
        film.get_static_pad("src").link(self.webrtc.request_pad_simple("sink_%u"))
        transceiver = self.webrtc.emit("get-transceiver", 0)
        transceiver.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        transceiver.set_property("fec-type", GstWebRTC.WebRTCFECType.ULP_RED)
        transceiver.set_property("fec-percentage", PARITY_PERCENT)
        transceiver.set_property("do-nack", False)
        self.pipeline.set_state(Gst.State.PLAYING)

    def gathering(self, *_):
        if self.webrtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            self.gathered.set()

    def encoded(self, _, info):
        buffer = info.get_buffer()
        self.hashes.append(hashlib.sha256(buffer.extract_dup(0, buffer.get_size())).hexdigest())
        return Gst.PadProbeReturn.OK

    def promised(self, signal, *arguments):
        promise = Gst.Promise.new()
        self.webrtc.emit(signal, *arguments, promise)
        promise.wait()
        reply = promise.get_reply()
        if reply is not None and reply.has_field("error"):
            raise ValueError(str(reply.get_value("error")))
        return reply

    def offer(self, _):
        reply = self.promised("create-offer", None)
        self.promised("set-local-description", reply.get_value("offer"))
        if not self.gathered.wait(30):
            raise TimeoutError("no candidates")
        return self.webrtc.get_property("local-description").sdp.as_text()

    def accept(self, sdp):
        _, parsed = GstSdp.SDPMessage.new_from_text(sdp)
        answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, parsed)
        self.promised("set-remote-description", answer)
        return ""

    def frames(self, _):
        return " ".join(self.hashes)


Gst.init(None)
threading.Thread(target=GLib.MainLoop().run, daemon=True).start()
sender = Sender()
for line in sys.stdin:
    command = json.loads(line)
    reply = {"id": command["id"]}
    try:
        reply["sdp"] = getattr(sender, command["cmd"])(command["sdp"])
    except Exception as failure:  # whatever it is, the test wants to tell it
        reply["error"] = repr(failure)
    print(json.dumps(reply), flush=True)
sender.pipeline.set_state(Gst.State.NULL)
