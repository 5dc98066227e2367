// A peer of the matrix for any program with the API of browsers; README.md tells the protocol.
//
// `platform` brings: RTCPeerConnection; sha256(bytes), a promise of hex digits; source(codec), a track to send;
// sink(track, pc), with frames(least), a promise of a report; info(), a promise; out(message), which writes a line.
(scope => {
  const SETTLED_MS = 2000;

  const delay = ms => new Promise(next => setTimeout(next, ms));

  function message(index, size) {
    const bytes = new Uint8Array(size);
    for (let k = 0; k < size; k++) {
      bytes[k] = index + k;
    }
    new DataView(bytes.buffer).setUint32(0, index);
    return bytes;
  }

  const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

  // Takes in one transfer and tells what it came to.
  class Collector {
    constructor(channel, pc, platform) {
      const [, , , count] = [...channel.label.split('|'), ''];
      this.wanted = Number(count) || 64;
      this.messages = new Map();
      this.count = 0;
      this.inOrder = true;
      this.intact = true;
      channel.binaryType = 'arraybuffer';
      channel.onmessage = event => {
        clearTimeout(this.timer);
        const bytes = new Uint8Array(event.data);
        const index = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
        this.inOrder &&= index === this.count;
        this.intact &&= same(bytes, message(index, bytes.length));
        this.count++;
        this.messages.set(index, bytes);
        if (this.count === this.wanted) {
          this.report(channel, pc, platform);
        } else {
          this.timer = setTimeout(() => this.report(channel, pc, platform), SETTLED_MS);
        }
      };
    }

    // -1: no limit, which old programs call 65535; undefined where the program does not tell
    static limit({ ordered, maxRetransmits }) {
      return ordered === undefined ? undefined : [undefined, null, 65535].includes(maxRetransmits) ? -1 : maxRetransmits;
    }

    async report(channel, pc, platform) {
      const parts = [...this.messages.keys()].sort((a, b) => a - b).map(index => this.messages.get(index));
      const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      platform.out({
        event: 'received', pc, label: channel.label, count: this.count, inOrder: this.inOrder, intact: this.intact,
        sha256: await platform.sha256(all), ordered: channel.ordered, maxRetransmits: Collector.limit(channel),
      });
    }
  }

  class Connection {
    constructor(name, platform) {
      this.name = name;
      this.platform = platform;
      this.early = [];
      const pc = this.pc = new platform.RTCPeerConnection({ iceServers: [] });
      pc.ondatachannel = event => this.use(event.channel);
      pc.onicecandidate = event => {
        if (this.trickle && event.candidate) {
          platform.out({ event: 'candidate', pc: name, candidate: event.candidate.candidate });
        }
      };
      pc.onconnectionstatechange = () => {
        platform.out({ event: 'state', pc: name, state: pc.connectionState });
        if (['closed', 'failed'].includes(pc.connectionState)) {
          platform.out({ event: 'closed', pc: name });
        }
      };
      pc.ontrack = event => {
        this.sink = platform.sink(event.track, pc, event);
      };
    }

    use(channel) {
      if (channel.label !== 'main') {
        new Collector(channel, this.name, this.platform);
        return;
      }
      const opened = () => this.platform.out({ event: 'open', pc: this.name });
      channel.onmessage = event => {
        const text = `${event.data}`;
        if (text.startsWith('ping ')) {
          channel.send(`pong ${text.slice(5)}`);
        }
      };
      channel.onclose = () => this.platform.out({ event: 'closed', pc: this.name });
      if (channel.readyState === 'open') {
        opened();
      } else {
        channel.onopen = opened;
      }
    }

    prefer(transceiver, codec) {
      const codecs = this.platform.codecs?.(codec) ?? [];
      if (codecs.length > 0) {
        transceiver.setCodecPreferences(codecs);
      }
    }

    async gathered() {
      while (!this.trickle && this.pc.iceGatheringState !== 'complete') {
        await delay(5);
      }
    }

    async describe(description) {
      await this.pc.setLocalDescription(description);
      await this.gathered();
      return { sdp: this.pc.localDescription.sdp };
    }

    async offer({ send, receive, restart, trickle }) {
      this.trickle = trickle;
      if (!this.offered) {
        this.offered = true;
        this.use(this.pc.createDataChannel('main'));
      }
      if (send) {
        const transceiver = this.pc.addTransceiver(this.platform.source(send), { direction: 'sendonly' });
        this.prefer(transceiver, send);
      }
      if (receive) {
        this.prefer(this.pc.addTransceiver('video', { direction: 'recvonly' }), receive);
      }
      return this.describe(await this.pc.createOffer(restart ? { iceRestart: true } : {}));
    }

    async remote(description) {
      await this.pc.setRemoteDescription(description);
      for (const candidate of this.early.splice(0)) {
        await this.pc.addIceCandidate(candidate);
      }
    }

    async answer({ sdp, send, trickle }) {
      this.trickle = trickle;
      await this.remote({ type: 'offer', sdp });
      if (send) {
        const transceiver = this.pc.getTransceivers().find(each => (each.receiver.track?.kind ?? each.kind) === 'video');
        await transceiver.sender.replaceTrack(this.platform.source(send));
        transceiver.direction = 'sendonly';
      }
      return this.describe(await this.pc.createAnswer());
    }

    async accept({ sdp }) {
      await this.remote({ type: 'answer', sdp });
      return {};
    }

    async candidate({ candidate, mid }) {
      const init = { candidate, sdpMid: mid, sdpMLineIndex: 0 };
      if (this.pc.remoteDescription) {
        await this.pc.addIceCandidate(init);
      } else {
        this.early.push(init);
      }
      return {};
    }

    async bulk({ label, count, size, ordered, maxRetransmits }) {
      const channel = this.pc.createDataChannel(label, maxRetransmits < 0 ? { ordered } : { ordered, maxRetransmits });
      if (channel.readyState !== 'open') {
        await new Promise(open => {
          channel.onopen = open;
        });
      }
      for (let i = 0; i < count; i++) {
        channel.send(message(i, size));
      }
      return {};
    }

    async frames({ least }) {
      while (!this.sink) {
        await delay(20);
      }
      return this.sink.frames(least);
    }

    async close() {
      this.pc.close();
      return {};
    }
  }

  scope.makePeer = platform => {
    const connections = new Map();
    const run = async command => {
      if (command.cmd === 'info') {
        return platform.info();
      }
      if (!connections.has(command.pc)) {
        connections.set(command.pc, new Connection(command.pc, platform));
      }
      return connections.get(command.pc)[command.cmd](command);
    };
    return async line => {
      const command = JSON.parse(line);
      try {
        platform.out({ id: command.id, ...await run(command) });
      } catch (failure) {
        platform.out({ id: command.id, error: `${failure?.stack ?? failure}`.split('\n').slice(0, 3).join(' ') });
      }
    };
  };
})(globalThis);
