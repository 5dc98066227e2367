// The contract of a benchmark peer (docs/peer.md) over the API of browsers. Runs in a page and in Node.
//
// makePeer({ RTCPeerConnection, info, out, hash }): info answers {name, version, maxMessage}; out takes a message; hash() is
// something with update(bytes) and a digest() that may be a promise. Returns what takes a line.
globalThis.makePeer = ({ RTCPeerConnection, info, out, hash }) => {
  const PAUSE = 4 << 20;
  const GO_ON = 1 << 20;
  const LOOK = 64 << 10;
  const LOOK_MS = 20;
  const STEP_MS = 10_000;
  const PERIOD = 256;

  const ends = new Map();
  const seen = { channels: 0, pings: 0 };
  const sleep = ms => new Promise(done => { setTimeout(done, ms); });
  const now = () => performance.now();
  const known = ({ pc }) => {
    const end = ends.get(pc);
    if (!end) {
      throw new Error(`there is no pc ${pc}`);
    }
    return end;
  };
  const within = (number, least, most, name) => {
    if (!(number >= least && number <= most)) {
      throw new Error(`${name} is from ${least} to ${most}`);
    }
    return number;
  };
  const failure = (pc, cmd, error) => out({ event: 'error', pc, cmd, error: String(error?.message ?? error) });
  const opened = channel => new Promise((done, refused) => {
    if (channel.readyState === 'open') {
      done();
      return;
    }
    setTimeout(() => refused(new Error('the channel does not open')), STEP_MS);
    channel.onopen = done;
  });
  const bytesOf = data => data instanceof ArrayBuffer
    ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

  function receive(pc, channel) {
    const [, run, seconds, verify] = channel.label.split('|');
    const limit = Number(seconds) * 1000;
    const digest = verify === '1' ? hash() : undefined;
    let count = 0;
    let bytes = 0;
    let first;
    let last;
    let announced = -1;
    let done = false;
    const report = async (limited, ms) => {
      done = true;
      const figures = { event: 'received', pc, run, count, bytes, seconds: ms / 1000, limited };
      if (digest) {
        figures.sha256 = await digest.digest();
      }
      out(figures);
    };
    channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }) => {
      if (done) {
        return;
      }
      if (typeof data === 'string') {
        announced = JSON.parse(data).end;
      } else {
        last = now();
        if (count++ === 0) {
          first = last;
          if (limit > 0) {
            setTimeout(() => done || report(true, now() - first), limit);
          }
        }
        bytes += data.byteLength;
        digest?.update(bytesOf(data).slice());
      }
      if (count === announced) {
        report(false, last - first);
      }
    };
  }

  function use(pc, end, channel) {
    seen.channels++;
    if (channel.label === 'main') {
      end.main = channel;
      opened(channel).then(() => out({ event: 'open', pc, side: 'answer' }), error => failure(pc, 'answer', error));
    } else if (channel.label === 'ping') {
      channel.binaryType = 'arraybuffer';
      channel.onmessage = ({ data }) => {
        channel.send(bytesOf(data));
        seen.pings++;
      };
    } else if (channel.label.startsWith('bulk|')) {
      receive(pc, channel);
    } else {
      end.others.add(channel); // it must not be collected
      channel.onclose = () => end.others.delete(channel);
    }
  }

  function make(pc) {
    if (ends.has(pc)) {
      throw new Error(`pc ${pc} is there already`);
    }
    const end = { connection: new RTCPeerConnection({ iceServers: [] }), others: new Set() };
    ends.set(pc, end);
    end.connection.ondatachannel = ({ channel }) => use(pc, end, channel);
    return end;
  }

  async function described({ connection }, start) {
    if (connection.iceGatheringState !== 'complete') {
      await new Promise(done => {
        connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && done();
        connection.onicecandidate = ({ candidate }) => candidate || done();
      });
    }
    return { sdp: connection.localDescription.sdp, gatherMs: now() - start };
  }

  function pumped(pc, channel, { run, size, seconds = 0 }, count) {
    const pattern = new Uint8Array(size + PERIOD).map((_, at) => at);
    let sent = 0;
    let start;
    let done = false;
    const sendOne = () => {
      const from = sent % PERIOD;
      const message = pattern.subarray(from, from + size);
      const kept = message.slice(0, 4);
      for (let at = 0; at < kept.length; at++) {
        message[at] = sent >>> (24 - 8 * at);
      }
      channel.send(message);
      message.set(kept);
      sent++;
    };
    const pump = () => {
      try {
        while (!done && channel.bufferedAmount < PAUSE) {
          for (let given = 0; given < LOOK && sent < count; given += size) {
            sendOne();
          }
          if (sent === count || seconds > 0 && now() - start > (seconds + 1) * 1000) {
            done = true;
            channel.send(`{"end":${sent}}`);
            out({ event: 'sent', pc, run, count: sent, bytes: sent * size });
          }
        }
      } catch (error) {
        done = true;
        failure(pc, 'send', error);
      }
    };
    channel.bufferedAmountLowThreshold = GO_ON;
    channel.onbufferedamountlow = pump;
    // one of them does not always tell
    const again = setInterval(() => {
      if (done) {
        clearInterval(again);
      } else if (start !== undefined && channel.bufferedAmount <= GO_ON) {
        pump();
      }
    }, LOOK_MS);
    opened(channel).then(() => {
      start = now();
      pump();
    }, error => failure(pc, 'send', error));
  }

  async function pings(pc, channel, { count, size, intervalMs = 0, settleMs = 500, graceMs }) {
    await opened(channel);
    await sleep(settleMs);
    const sentAt = [];
    const times = new Map();
    let complete;
    const all = new Promise(done => { complete = done; });
    channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }) => {
      const at = now();
      const bytes = bytesOf(data);
      const index = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
      if (sentAt[index] !== undefined && !times.has(index)) {
        times.set(index, at - sentAt[index]);
        if (times.size === count) {
          complete();
        }
      }
    };
    const start = now();
    const message = new Uint8Array(size);
    for (let i = 0; i < count; i++) {
      const rest = start + i * intervalMs - now();
      if (rest > 0) {
        await sleep(rest);
      }
      new DataView(message.buffer).setUint32(0, i);
      sentAt[i] = now();
      channel.send(message);
    }
    await Promise.race([all, sleep(graceMs)]);
    const sorted = [...times.values()].sort((a, b) => a - b);
    const rank = percent => sorted[Math.max(0, Math.ceil(sorted.length * percent / 100) - 1)] ?? null;
    out({
      event: 'pings', pc, sent: count, received: sorted.length, min: rank(0), p50: rank(50), p95: rank(95), p99: rank(99),
      max: rank(100), elapsed: now() - start - (times.size === count ? 0 : graceMs),
    });
    channel.close();
  }

  async function batches(pc, { connection }, { count, batch = count }) {
    const figures = { opened: 0, closed: 0, openMs: 0, closeMs: 0 };
    for (let from = 0; from < count; from += batch) {
      const size = Math.min(batch, count - from);
      const step = async (event, begin) => {
        let reached = 0;
        const start = now();
        let complete;
        const all = new Promise(done => { complete = done; });
        begin(() => ++reached === size && complete());
        await Promise.race([all, sleep(STEP_MS)]);
        figures[event] += reached;
        return now() - start;
      };
      const channels = [];
      figures.openMs += await step('opened', reached => {
        for (let i = 0; i < size; i++) {
          const channel = connection.createDataChannel('chan');
          channel.onopen = reached;
          channels.push(channel);
        }
      });
      figures.closeMs += await step('closed', reached => {
        for (const channel of channels) {
          channel.onclose = reached;
          channel.close();
        }
      });
    }
    out({ event: 'channels', pc, count, batch, failed: count - figures.closed, ...figures });
  }

  const commands = {
    info,
    offer: async ({ pc }) => {
      const start = now();
      const end = make(pc);
      end.main = end.connection.createDataChannel('main');
      end.main.onopen = () => out({
        event: 'open', side: 'offer', pc, ms: now() - start, sinceAccept: now() - end.accepted,
      });
      await end.connection.setLocalDescription(await end.connection.createOffer());
      return described(end, start);
    },
    accept: async command => {
      const end = known(command);
      end.accepted = now();
      await end.connection.setRemoteDescription({ type: 'answer', sdp: command.sdp });
      return { ok: true };
    },
    answer: async ({ pc, sdp }) => {
      const start = now();
      const end = make(pc);
      await end.connection.setRemoteDescription({ type: 'offer', sdp });
      await end.connection.setLocalDescription(await end.connection.createAnswer());
      return described(end, start);
    },
    send: async command => {
      const { pc, run, bytes, size, ordered = true, seconds = 0, verify = false } = command;
      const { connection } = known(command);
      within(size, 1, (await info()).maxMessage, 'size');
      within(bytes, size, 2 ** 44, 'bytes');
      const channel = connection.createDataChannel(`bulk|${run}|${seconds}|${verify ? 1 : 0}`, { ordered });
      pumped(pc, channel, command, Math.floor(bytes / size));
      return { ok: true };
    },
    ping: async command => {
      const { pc, unreliable = false } = command;
      const { connection } = known(command);
      within(command.size, 4, 1 << 20, 'size');
      within(command.count, 1, 1e6, 'count');
      const channel = connection.createDataChannel('ping', unreliable ? { ordered: false, maxRetransmits: 0 } : {});
      pings(pc, channel, { graceMs: unreliable ? 2000 : 15000, ...command }).catch(error => failure(pc, 'ping', error));
      return { ok: true };
    },
    channels: async command => {
      within(command.count, 1, 1e6, 'count');
      batches(command.pc, known(command), command).catch(error => failure(command.pc, 'channels', error));
      return { ok: true };
    },
    stat: async () => ({ channelsSeen: seen.channels, pingsEchoed: seen.pings, pcs: ends.size }),
    reset: async () => {
      ends.forEach(({ connection }) => connection.close());
      ends.clear();
      return { ok: true };
    },
    quit: async () => ({ ok: true }),
  };

  let last = Promise.resolve();
  const obey = async line => {
    let id = null;
    try {
      const command = JSON.parse(line);
      id = command.id ?? null;
      if (!Object.hasOwn(commands, command.cmd)) {
        throw new Error('unknown command');
      }
      out({ id, ...await commands[command.cmd]({ pc: '0', ...command }) });
      return command.cmd !== 'quit';
    } catch (error) {
      out({ id, error: String(error?.message ?? error) });
      return true;
    }
  };
  // one after the other
  return line => {
    last = last.then(() => obey(line));
    return last;
  };
};
