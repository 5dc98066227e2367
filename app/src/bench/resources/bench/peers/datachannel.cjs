// libdatachannel in Node (node-datachannel), by its own API: the little of the browsers' that peer.js needs around it.
const stdio = require('./stdio.cjs');
const library = stdio.load('node-datachannel');

// its default; with more, its SCTP takes as much at once to send, and what is buffered there is not told
const MAX_MESSAGE = 262_144;

class Channel {
  constructor(channel) {
    this.channel = channel;
    this.label = channel.getLabel();
    this.early = [];
    this.state = channel.isOpen() ? 'open' : 'connecting';
    channel.onOpen(() => {
      this.state = 'open';
      this.onopen?.();
    });
    channel.onClosed(() => {
      this.state = 'closed';
      this.onclose?.();
    });
    channel.onBufferedAmountLow(() => this.onbufferedamountlow?.());
    channel.onMessage(data => this.handler ? this.handler({ data }) : this.early.push(data));
  }

  get readyState() {
    return this.state;
  }

  get bufferedAmount() {
    return this.channel.bufferedAmount();
  }

  set bufferedAmountLowThreshold(bytes) {
    this.channel.setBufferedAmountLowThreshold(bytes);
  }

  set onmessage(handler) {
    this.handler = handler;
    this.early.splice(0).forEach(data => handler({ data }));
  }

  send(data) {
    if (typeof data === 'string') {
      this.channel.sendMessage(data);
    } else {
      this.channel.sendMessageBinary(data);
    }
  }

  close() {
    this.channel.close();
  }
}

class Connection {
  constructor() {
    this.pc = new library.PeerConnection('peer', { iceServers: [], disableAutoNegotiation: true });
    this.pc.onDataChannel(channel => this.ondatachannel({ channel: new Channel(channel) }));
    this.pc.onGatheringStateChange(() => this.onicegatheringstatechange?.());
  }

  get iceGatheringState() {
    return this.pc.gatheringState();
  }

  get localDescription() {
    return this.pc.localDescription();
  }

  createDataChannel(label, { ordered = true, maxRetransmits } = {}) {
    const options = { unordered: !ordered, ...maxRetransmits === undefined ? {} : { maxRetransmits } };
    return new Channel(this.pc.createDataChannel(label, options));
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

  close() {
    this.pc.close();
  }
}

stdio.run({ name: 'node-datachannel', maxMessage: MAX_MESSAGE, RTCPeerConnection: Connection });
