// libdatachannel in Node (node-datachannel) as a peer of the matrix, by its own API, for the one of browsers that comes with
// it has no media. It has no codecs either: the recordings go out, and what comes is compared with them.
const stdio = require('./stdio.cjs');
const library = stdio.load('node-datachannel');
const { Receiver, play, parse } = require('./payload.cjs');
require('./peer.js');

const SSRC = 4711;
const PAYLOAD_TYPES = { VP8: 96, VP9: 98, H264: 102, AV1: 45 };

// The little of the browsers' API that peer.js needs.
class DataChannel {
  constructor(channel, options) {
    this.channel = channel;
    Object.assign(this, options);
    this.waiting = [];
    channel.onOpen(() => this.onopen?.());
    channel.onClosed(() => this.onclose?.());
    channel.onMessage(data => this.handler ? this.handler({ data }) : this.waiting.push(data));
  }

  set onmessage(handler) {
    this.handler = handler;
    this.waiting.splice(0).forEach(data => handler({ data }));
  }

  get label() {
    return this.channel.getLabel();
  }

  get readyState() {
    return this.channel.isOpen() ? 'open' : 'connecting';
  }

  send(data) {
    if (typeof data === 'string') {
      this.channel.sendMessage(data);
    } else {
      this.channel.sendMessageBinary(data);
    }
  }
}

// The codec that a description has a payload type for: {name, payloadType, profile}.
function codecs(sdp) {
  const found = [];
  for (const [, payloadType, name] of sdp.matchAll(/a=rtpmap:(\d+) (VP8|VP9|H264|AV1)\//g)) {
    const profile = sdp.match(new RegExp(`a=fmtp:${payloadType} (.*)\r\n`))?.[1];
    found.push({ name, payloadType: Number(payloadType), profile });
  }
  return found;
}

class Connection {
  constructor() {
    this.pc = new library.PeerConnection('peer', { iceServers: [], disableAutoNegotiation: true });
    this.pc.onDataChannel(channel => this.ondatachannel({ channel: new DataChannel(channel, {}) }));
    this.pc.onLocalCandidate((candidate, sdpMid) => this.onicecandidate({ candidate: { candidate, sdpMid } }));
    this.pc.onStateChange(state => {
      this.connectionState = state;
      this.onconnectionstatechange();
    });
    this.pc.onTrack(track => this.receive(track));
  }

  get iceGatheringState() {
    return this.pc.gatheringState();
  }

  get localDescription() {
    return this.pc.localDescription();
  }

  get remoteDescription() {
    return this.pc.remoteDescription();
  }

  createDataChannel(label, { ordered = true, maxRetransmits } = {}) {
    const options = { unordered: !ordered, ...maxRetransmits === undefined ? {} : { maxRetransmits } };
    return new DataChannel(this.pc.createDataChannel(label, options), { ordered, maxRetransmits });
  }

  async createOffer() {
    return { type: 'offer' };
  }

  async createAnswer() {
    return { type: 'answer' };
  }

  async setLocalDescription({ type }) {
    this.pc.setLocalDescription(type);
  }

  async setRemoteDescription({ type, sdp }) {
    this.pc.setRemoteDescription(sdp, type);
  }

  async addIceCandidate({ candidate, sdpMid }) {
    this.pc.addRemoteCandidate(candidate, sdpMid);
  }

  section(mid, direction, { name, payloadType, profile }) {
    const section = new library.Video(mid, direction);
    if (name === 'H264' && profile) {
      section.addH264Codec(payloadType, profile);
    } else {
      section[`add${name}Codec`](payloadType);
    }
    if (direction === 'SendOnly') {
      section.addSSRC(SSRC, 'film', 'film', 'film');
    }
    return this.pc.addTrack(section);
  }

  send(mid, codec) {
    const track = this.section(mid, 'SendOnly', codec);
    this.track = track; // must not be collected
    track.onOpen(() => play(codec.name, { payloadType: () => codec.payloadType, ssrc: SSRC }, packet => {
      if (track.isOpen()) {
        track.sendMessageBinary(packet);
      }
    }));
  }

  receive(track, codec = undefined) {
    this.track = track;
    let receiver;
    track.setMediaHandler(new library.RtcpReceivingSession());
    track.onMessage(message => {
      if (message[1] >= 192 && message[1] <= 223) {
        return; // RTCP
      }
      const packet = parse(message);
      if (!receiver) {
        const known = codec ?? codecs(this.pc.remoteDescription().sdp)
          .find(each => each.payloadType === packet.payloadType).name;
        receiver = new Receiver(known);
        this.ontrack({ track: receiver });
      }
      receiver.take(packet);
    });
  }

  addTransceiver(what, _) {
    if (what.send) {
      this.send('video', { name: what.send, payloadType: PAYLOAD_TYPES[what.send] });
    }
    return {
      setCodecPreferences: ([name]) => {
        if (!what.send) {
          this.receive(this.section('video', 'RecvOnly', { name, payloadType: PAYLOAD_TYPES[name] }), name);
        }
      },
    };
  }

  // The section of an offer that asks for a track.
  getTransceivers() {
    const { sdp } = this.pc.remoteDescription();
    const mid = sdp.slice(sdp.indexOf('m=video')).match(/a=mid:(.*)\r\n/)[1];
    return [{
      kind: 'video',
      receiver: {},
      sender: {
        replaceTrack: async ({ send }) => this.send(mid, codecs(sdp).find(each => each.name === send)),
      },
    }];
  }

  close() {
    this.pc.close();
  }
}

stdio.run(makePeer({
  RTCPeerConnection: Connection,
  codecs: codec => [codec],
  source: codec => ({ send: codec }),
  sink: receiver => receiver,
  sha256: stdio.sha256,
  out: stdio.out,
  info: async () => ({
    name: 'node-datachannel',
    version: `${stdio.version} (libdatachannel ${library.getLibraryVersion()})`,
    cannot: { restart: 'libdatachannel has no ICE restart' },
  }),
}));
