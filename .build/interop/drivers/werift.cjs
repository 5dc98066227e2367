// werift as a peer of the matrix. It has no codecs: the recordings go out, and what comes is compared with them.
const stdio = require('./stdio.cjs');
const werift = stdio.load('werift');
const { Receiver, play } = require('./payload.cjs');
require('./peer.js');

const feedback = [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }];
const video = (mimeType, parameters) =>
  new werift.RTCRtpCodecParameters({ mimeType, clockRate: 90000, rtcpFeedback: feedback, parameters });

class Connection extends werift.RTCPeerConnection {
  constructor() {
    super({
      iceServers: [],
      codecs: {
        video: [
          video('video/VP8'), video('video/VP9', 'profile-id=0'), video('video/AV1'),
          video('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'),
        ],
      },
    });
  }
}

function source(codec) {
  const track = new werift.MediaStreamTrack({ kind: 'video' });
  play(codec, { payloadType: () => 96, ssrc: 4711 }, packet => track.writeRtp(packet));
  return track;
}

function sink(track) {
  let receiver;
  track.onReceiveRtp.subscribe(({ header, payload }) => {
    receiver ??= new Receiver(track.codec.mimeType.split('/')[1].toUpperCase());
    receiver.take({ payload, marker: header.marker });
  });
  return {
    frames: async least => {
      while (!receiver) {
        await new Promise(next => setTimeout(next, 20));
      }
      return receiver.frames(least);
    },
  };
}

const cannot = {
  partial: 'werift announces an unordered channel with a limit of retransmissions as an ordered one'
    + ' (DCEP channel type 0x01 where RFC 8832 section 5.1 has 0x81)',
};

stdio.run(makePeer({
  RTCPeerConnection: Connection,
  source,
  sink,
  sha256: stdio.sha256,
  out: stdio.out,
  info: async () => ({ name: 'werift', version: stdio.version, cannot }),
}));
