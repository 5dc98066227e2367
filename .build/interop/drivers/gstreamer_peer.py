"""GStreamer's webrtcbin as a peer of the matrix; README.md tells the protocol."""

import json
import re
import sys
import threading
import time

import gi
from peer_common import COLOURS, QUARTERS, Transfer, message, out

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

WIDTH, HEIGHT = 320, 180
SETTLED_MS = 2000
PAYLOAD_TYPES = {"VP8": 96, "VP9": 98, "H264": 102}
SEND = {
    "VP8": "vp8enc deadline=1 keyframe-max-dist=15 ! rtpvp8pay",
    "VP9": "vp9enc deadline=1 keyframe-max-dist=15 ! rtpvp9pay",
    # one slice a picture: this payloader puts parameter sets before every slice of a key frame, and with a second slice they
    # would stand in the middle of the picture, where ITU-T H.264 section 7.4.1.2.3 lets the next one begin
    "H264": "x264enc tune=zerolatency sliced-threads=false speed-preset=ultrafast key-int-max=15 ! video/x-h264,profile=constrained-baseline"
            " ! rtph264pay config-interval=-1 aggregate-mode=zero-latency",
}
TAKE = {"VP8": "rtpvp8depay ! vp8dec", "VP9": "rtpvp9depay ! vp9dec", "H264": "rtph264depay ! h264parse ! avdec_h264"}
CANNOT = {
    "restart": "webrtcbin 1.22 has no ICE restart",
    "close answer": "webrtcbin 1.22 tells its program neither of close_notify nor of the end of SCTP",
    "send AV1": "GStreamer 1.22 as packaged has no RTP payloader for AV1",
    "receive AV1": "GStreamer 1.22 as packaged has no RTP depayloader for AV1",
}


def picture():
    rows = [bytes(colour) * (WIDTH // 2) for colour in COLOURS]
    top = rows[0] + rows[1]
    bottom = rows[2] + rows[3]
    return top * (HEIGHT // 2) + bottom * (HEIGHT // 2)


class Collector:
    def __init__(self, pc, channel):
        self.pc = pc
        self.channel = channel
        self.transfer = Transfer()
        self.timer = None
        channel.connect("on-message-data", self.take)

    def take(self, _, data):
        if self.timer:
            GLib.source_remove(self.timer)
            self.timer = None
        if self.transfer.take(data.get_data()):
            self.report()
        else:
            self.timer = GLib.timeout_add(SETTLED_MS, self.report)

    def report(self):
        self.timer = None
        self.transfer.report(
            self.pc,
            self.channel.get_property("label"),
            self.channel.get_property("ordered"),
            self.channel.get_property("max-retransmits"))
        return GLib.SOURCE_REMOVE


class Connection:
    """Commands run in a thread of their own each; GStreamer calls back in its own threads."""

    def __init__(self, name):
        self.name = name
        self.trickle = False
        self.main = None
        self.channels = []
        self.frame_count = 0
        self.last = None
        self.closed = False
        self.changed = threading.Condition()
        self.pipeline = Gst.Pipeline.new(None)
        self.webrtc = Gst.ElementFactory.make("webrtcbin", None)
        self.webrtc.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.pipeline.add(self.webrtc)
        self.webrtc.connect("on-data-channel", lambda _, channel: self.use(channel))
        self.webrtc.connect("on-ice-candidate", self.candidate_found)
        self.webrtc.connect("notify::connection-state", self.state)
        self.webrtc.connect("notify::ice-connection-state", self.ice_state)
        self.webrtc.connect("notify::ice-gathering-state", lambda *_: self.wake())
        self.webrtc.connect("pad-added", self.pad_added)
        self.pipeline.set_state(Gst.State.PLAYING)

    def wake(self):
        with self.changed:
            self.changed.notify_all()

    def wait_until(self, condition):
        with self.changed:
            if not self.changed.wait_for(condition, 60):
                raise TimeoutError("nothing happens")

    def state(self, *_):
        state = self.webrtc.get_property("connection-state").value_nick
        out({"event": "state", "pc": self.name, "state": state})
        if state in ("closed", "failed"):
            out({"event": "closed", "pc": self.name})

    def ice_state(self, *_):
        print("ice:", self.webrtc.get_property("ice-connection-state").value_nick, file=sys.stderr, flush=True)

    def candidate_found(self, _, index, candidate):
        if self.trickle:
            out({"event": "candidate", "pc": self.name, "candidate": candidate})

    def use(self, channel):
        self.channels.append(channel)
        if channel.get_property("label") != "main":
            Collector(self.name, channel)
            return
        self.main = channel
        opened = GstWebRTC.WebRTCDataChannelState.OPEN

        def on_string(_, text):
            if text.startswith("ping "):
                channel.emit("send-string", "pong " + text[5:])

        channel.connect("on-message-string", on_string)
        channel.connect("on-close", lambda _: out({"event": "closed", "pc": self.name}))
        if channel.get_property("ready-state") == opened:
            out({"event": "open", "pc": self.name})
        else:
            channel.connect("on-open", lambda _: out({"event": "open", "pc": self.name}))

    def promised(self, signal, *arguments):
        promise = Gst.Promise.new()
        self.webrtc.emit(signal, *arguments, promise)
        promise.wait()
        return promise.get_reply()

    def set_description(self, signal, kind, sdp):
        _, parsed = GstSdp.SDPMessage.new_from_text(sdp)
        reply = self.promised(signal, GstWebRTC.WebRTCSessionDescription.new(kind, parsed))
        if reply is not None and reply.has_field("error"):
            raise ValueError(str(reply.get_value("error")))

    def describe(self, signal, kind):
        reply = self.promised(signal, None)
        if reply.has_field("error"):
            raise ValueError(str(reply.get_value("error")))
        description = reply.get_value("offer" if signal == "create-offer" else "answer")
        text = description.sdp.as_text()
        self.set_description("set-local-description", kind, text)
        complete = GstWebRTC.WebRTCICEGatheringState.COMPLETE
        if not self.trickle:
            self.wait_until(lambda: self.webrtc.get_property("ice-gathering-state") == complete)
        return {"sdp": self.webrtc.get_property("local-description").sdp.as_text()}

    def film(self, codec, payload_type):
        branch = Gst.parse_bin_from_description(
            f"appsrc name=film is-live=true format=time caps=video/x-raw,format=RGB,width={WIDTH},height={HEIGHT},"
            f"framerate=15/1 ! videoconvert ! video/x-raw,format=I420 ! {SEND[codec]} pt={payload_type}"
            f" ! capsfilter caps=application/x-rtp,media=video,encoding-name={codec},payload={payload_type},clock-rate=90000",
            True)
        self.pipeline.add(branch)
        branch.get_static_pad("src").link(self.webrtc.request_pad_simple("sink_%u"))
        branch.sync_state_with_parent()
        source = branch.get_by_name("film")
        frame = picture()
        at = [0]

        def push():
            if self.closed:
                return GLib.SOURCE_REMOVE
            buffer = Gst.Buffer.new_wrapped(frame)
            buffer.pts = at[0] * Gst.SECOND // 15
            buffer.duration = Gst.SECOND // 15
            at[0] += 1
            source.emit("push-buffer", buffer)
            return GLib.SOURCE_CONTINUE

        GLib.timeout_add(66, push)

    def pad_added(self, _, pad):
        if pad.direction != Gst.PadDirection.SRC:
            return
        codec = pad.get_current_caps().get_structure(0).get_string("encoding-name")
        branch = Gst.parse_bin_from_description(
            f"{TAKE[codec]} ! videoconvert ! video/x-raw,format=RGB ! appsink name=sink emit-signals=true sync=false", True)
        branch.get_by_name("sink").connect("new-sample", self.frame)
        self.pipeline.add(branch)
        branch.sync_state_with_parent()
        pad.link(branch.get_static_pad("sink"))

    def frame(self, sink):
        self.last = sink.emit("pull-sample")
        self.frame_count += 1
        self.wake()
        return Gst.FlowReturn.OK

    def offer(self, command):
        self.trickle = command["trickle"]
        if self.main is None:
            self.use(self.webrtc.emit("create-data-channel", "main", None))
        if "send" in command:
            self.film(command["send"], PAYLOAD_TYPES[command["send"]])
            transceiver = self.webrtc.emit("get-transceiver", 0)
            transceiver.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        if "receive" in command:
            codec = command["receive"]
            profile = ",packetization-mode=(string)1,profile-level-id=(string)42e01f" if codec == "H264" else ""
            caps = Gst.Caps.from_string(
                f"application/x-rtp,media=video,encoding-name={codec},payload={PAYLOAD_TYPES[codec]},clock-rate=90000{profile}")
            self.webrtc.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, caps)
        return self.describe("create-offer", GstWebRTC.WebRTCSDPType.OFFER)

    def answer(self, command):
        self.trickle = command["trickle"]
        if "send" in command:
            found = re.search(r"a=rtpmap:(\d+) " + command["send"] + "/", command["sdp"])
            self.film(command["send"], int(found.group(1)))
        self.set_description("set-remote-description", GstWebRTC.WebRTCSDPType.OFFER, command["sdp"])
        return self.describe("create-answer", GstWebRTC.WebRTCSDPType.ANSWER)

    def accept(self, command):
        self.set_description("set-remote-description", GstWebRTC.WebRTCSDPType.ANSWER, command["sdp"])
        return {}

    def candidate(self, command):
        self.webrtc.emit("add-ice-candidate", 0, command["candidate"])
        return {}

    def bulk(self, command):
        options = Gst.Structure.new_empty("options")
        options.set_value("ordered", command["ordered"])
        if command["maxRetransmits"] >= 0:
            options.set_value("max-retransmits", command["maxRetransmits"])
        channel = self.webrtc.emit("create-data-channel", command["label"], options)
        self.channels.append(channel)
        channel.connect("on-open", lambda _: self.wake())
        opened = GstWebRTC.WebRTCDataChannelState.OPEN
        self.wait_until(lambda: channel.get_property("ready-state") == opened)
        for i in range(command["count"]):
            channel.emit("send-data", GLib.Bytes.new(message(i, command["size"])))
        return {}

    def frames(self, command):
        self.wait_until(lambda: self.frame_count >= command["least"])
        structure = self.last.get_caps().get_structure(0)
        width, height = structure.get_value("width"), structure.get_value("height")
        buffer = self.last.get_buffer()
        data = buffer.extract_dup(0, buffer.get_size())
        stride = len(data) // height
        colours = []
        for x, y in QUARTERS:
            at = int(y * height) * stride + int(x * width) * 3
            colours.append(list(data[at : at + 3]))
        return {"frames": self.frame_count, "width": width, "height": height, "colours": colours}

    def close(self, _):
        self.closed = True
        if self.main is not None:
            self.main.emit("close")  # all the goodbye that there is: stopping the pipeline sends none
            time.sleep(0.3)
        self.pipeline.set_state(Gst.State.NULL)
        return {}


connections = {}


def run(command):
    reply = {"id": command["id"]}
    try:
        if command["cmd"] == "info":
            reply.update({"name": "GStreamer", "version": Gst.version_string(), "cannot": CANNOT})
        else:
            reply.update(getattr(connections[command["pc"]], command["cmd"])(command))
    except Exception as failure:  # whatever it is, the matrix wants to tell it
        reply["error"] = repr(failure)
    out(reply)


Gst.init(None)
loop = GLib.MainLoop()
threading.Thread(target=loop.run, daemon=True).start()
for line in sys.stdin:
    received = json.loads(line)
    if "pc" in received and received["pc"] not in connections:
        connections[received["pc"]] = Connection(received["pc"])
    if received["cmd"] == "frames":
        threading.Thread(target=run, args=(received,), daemon=True).start()
    else:
        run(received)
