// Frames into payloads of RTP packets and back, for stacks that carry packets and know no codecs; and the recordings.
const { readFileSync } = require('node:fs');
const path = require('node:path');

const MTU = 1100;
const NAMES = { VP8: 'quadrants.ivf', VP9: 'quadrants-vp9.ivf', AV1: 'quadrants-av1.ivf', H264: 'quadrants.h264' };
const H264_DELIMITER = 9;
const AV1_SEQUENCE_HEADER = 1;
const AV1_DELIMITER = 2;

function recording(codec) {
  const file = readFileSync(path.join(process.env.NEARHAND_RECORDINGS, NAMES[codec]));
  const frames = [];
  if (codec === 'H264') {
    const mark = Buffer.from([0, 0, 0, 1, H264_DELIMITER]);
    for (let at = 0; at >= 0;) {
      const next = file.indexOf(mark, at + 1);
      frames.push(file.subarray(at, next < 0 ? file.length : next));
      at = next;
    }
    return frames;
  }
  for (let at = 32; at + 12 <= file.length;) {
    const size = file.readUInt32LE(at);
    frames.push(file.subarray(at + 12, at + 12 + size));
    at += 12 + size;
  }
  return frames;
}

// The NAL units of an access unit, without delimiters.
function nalUnits(frame) {
  const units = [];
  let start = -1;
  for (let at = 0; at + 3 <= frame.length; at++) {
    if (frame[at] === 0 && frame[at + 1] === 0 && frame[at + 2] === 1) {
      if (start >= 0) {
        units.push(frame.subarray(start, frame[at - 1] === 0 ? at - 1 : at));
      }
      start = at + 3;
    }
  }
  units.push(frame.subarray(start));
  return units.filter(unit => (unit[0] & 31) !== H264_DELIMITER);
}

// The OBUs of a temporal unit, without sizes and delimiters.
function obus(frame) {
  const all = [];
  for (let at = 0; at < frame.length;) {
    const header = 1 + (frame[at] >> 2 & 1);
    let size = 0;
    let data = at + header;
    for (let shift = 0; ; shift += 7) {
      const byte = frame[data++];
      size += (byte & 127) * 2 ** shift;
      if (byte < 128) {
        break;
      }
    }
    const obu = Buffer.concat([frame.subarray(at, at + header), frame.subarray(data, data + size)]);
    obu[0] &= ~2;
    if ((obu[0] >> 3 & 15) !== AV1_DELIMITER) {
      all.push(obu);
    }
    at = data + size;
  }
  return all;
}

// What of a frame survives its way through packets.
const normal = {
  VP8: frame => frame,
  VP9: frame => frame,
  H264: frame => Buffer.concat(nalUnits(frame).flatMap(unit => [Buffer.from([0, 0, 1]), unit])),
  AV1: frame => Buffer.concat(obus(frame)),
};

function pieces(data, size = MTU) {
  const all = [];
  for (let at = 0; at < data.length; at += size) {
    all.push(data.subarray(at, at + size));
  }
  return all;
}

let pictureId = 0;

const packetize = {
  VP8: frame => pieces(frame).map((piece, i) => Buffer.concat([Buffer.from([i === 0 ? 0x10 : 0]), piece])),
  VP9: frame => {
    const inter = frame[0] & 4 ? 0x40 : 0;
    const id = pictureId++ & 0x7fff;
    const all = pieces(frame);
    return all.map((piece, i) => Buffer.concat([
      Buffer.from([0x80 | inter | (i === 0 ? 8 : 0) | (i === all.length - 1 ? 4 : 0), 0x80 | id >> 8, id & 255]), piece]));
  },
  H264: frame => nalUnits(frame).flatMap(unit => {
    if (unit.length <= MTU) {
      return [unit];
    }
    const all = pieces(unit.subarray(1));
    return all.map((piece, i) => Buffer.concat([
      Buffer.from([unit[0] & 0xe0 | 28, (i === 0 ? 0x80 : 0) | (i === all.length - 1 ? 0x40 : 0) | unit[0] & 31]), piece]));
  }),
  AV1: frame => {
    const units = obus(frame);
    const isNew = units.some(unit => (unit[0] >> 3 & 15) === AV1_SEQUENCE_HEADER);
    return units.flatMap(unit => {
      const all = pieces(unit);
      return all.map((piece, i) => [(i > 0 ? 0x80 : 0) | (i < all.length - 1 ? 0x40 : 0) | 0x10, piece]);
    }).map(([header, piece], i) => Buffer.concat([Buffer.from([header | (isNew && i === 0 ? 8 : 0)]), piece]));
  },
};

function vp9Data(payload) {
  const [isId, inter, layers, flexible, , , structure] = [7, 6, 5, 4, 3, 2, 1].map(bit => payload[0] >> bit & 1);
  let at = 1;
  if (isId) {
    at += payload[at] & 0x80 ? 2 : 1;
  }
  if (layers) {
    at += flexible ? 1 : 2;
  }
  if (flexible && inter) {
    while (payload[at++] & 1);
  }
  if (structure) {
    const [spatial, sizes, group] = [payload[at] >> 5, payload[at] >> 4 & 1, payload[at] >> 3 & 1];
    at += 1 + (sizes ? 4 * (spatial + 1) : 0);
    if (group) {
      for (let left = payload[at++]; left > 0; left--) {
        at += 1 + (payload[at] >> 2 & 3);
      }
    }
  }
  return payload.subarray(at);
}

function vp8Data(payload) {
  let at = 1;
  if (payload[0] & 0x80) {
    const extension = payload[at++];
    if (extension & 0x80) {
      at += payload[at] & 0x80 ? 2 : 1;
    }
    at += (extension & 0x40 ? 1 : 0) + (extension & 0x30 ? 1 : 0);
  }
  return payload.subarray(at);
}

function h264Data(payload) {
  const start = Buffer.from([0, 0, 1]);
  const type = payload[0] & 31;
  if (type === 24) {
    const units = [];
    for (let at = 1; at + 2 < payload.length;) {
      const size = payload.readUInt16BE(at);
      units.push(start, payload.subarray(at + 2, at + 2 + size));
      at += 2 + size;
    }
    return Buffer.concat(units);
  }
  if (type === 28) {
    return payload[1] & 0x80
      ? Buffer.concat([start, Buffer.from([payload[0] & 0xe0 | payload[1] & 31]), payload.subarray(2)])
      : payload.subarray(2);
  }
  return Buffer.concat([start, payload]);
}

function av1Data(payload) {
  const count = payload[0] >> 4 & 3;
  const parts = [];
  for (let at = 1, i = 1; at < payload.length; i++) {
    let size = payload.length - at;
    if (count === 0 || i < count) {
      size = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = payload[at++];
        size += (byte & 127) * 2 ** shift;
        if (byte < 128) {
          break;
        }
      }
    }
    parts.push(payload.subarray(at, at + size));
    at += size;
  }
  return Buffer.concat(parts);
}

const data = { VP8: vp8Data, VP9: vp9Data, H264: h264Data, AV1: av1Data };

// Puts frames together, and counts those that are ones of the recording.
class Receiver {
  constructor(codec) {
    this.codec = codec;
    this.known = new Set(recording(codec).map(frame => normal[codec](frame).toString('latin1')));
    this.parts = [];
    this.count = 0;
    this.intact = 0;
  }

  take({ payload, marker }) {
    this.parts.push(data[this.codec](payload));
    if (marker) {
      this.count++;
      if (this.known.has(Buffer.concat(this.parts).toString('latin1'))) {
        this.intact++;
      }
      this.parts = [];
    }
  }

  async frames(least) {
    while (this.count < least) {
      await new Promise(next => setTimeout(next, 20));
    }
    return { frames: this.count, intact: this.intact };
  }
}

// Plays the recording into `send(packet)`, once a frame time, for as long as the program runs.
function play(codec, { payloadType, ssrc }, send) {
  const frames = recording(codec);
  let sequence = 1000;
  let next = 0;
  setInterval(() => {
    const payloads = packetize[codec](frames[next % frames.length]);
    payloads.forEach((payload, i) => {
      const header = Buffer.alloc(12);
      header[0] = 0x80;
      header[1] = payloadType() | (i === payloads.length - 1 ? 0x80 : 0);
      header.writeUInt16BE(sequence++ & 0xffff, 2);
      header.writeUInt32BE(next * 5940, 4);
      header.writeUInt32BE(ssrc, 8);
      send(Buffer.concat([header, payload]));
    });
    next++;
  }, 66);
}

function parse(packet) {
  const extension = packet[0] & 0x10;
  let at = 12 + 4 * (packet[0] & 15);
  if (extension) {
    at += 4 + 4 * packet.readUInt16BE(at + 2);
  }
  const padding = packet[0] & 0x20 ? packet[packet.length - 1] : 0;
  return {
    payload: packet.subarray(at, packet.length - padding), marker: packet[1] >= 128, payloadType: packet[1] & 127,
  };
}

module.exports = { Receiver, play, parse };
