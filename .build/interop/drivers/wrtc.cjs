// libwebrtc in Node (@roamhq/wrtc) as a peer of the matrix.
const stdio = require('./stdio.cjs');
const wrtc = stdio.load('@roamhq/wrtc');
require('./peer.js');

const WIDTH = 320;
const HEIGHT = 180;
const COLOURS = [[220, 40, 40], [40, 200, 60], [40, 70, 220], [230, 220, 60]];
const QUARTERS = [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]];
const { RTCVideoSource, RTCVideoSink, rgbaToI420, i420ToRgba } = wrtc.nonstandard;

function picture(mark) {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const isMark = y >= 88 && y < 92 && x >= mark && x < mark + 8;
      const colour = isMark ? [0, 0, 0] : COLOURS[(y < HEIGHT / 2 ? 0 : 2) + (x < WIDTH / 2 ? 0 : 1)];
      rgba.set([...colour, 255], (y * WIDTH + x) * 4);
    }
  }
  const frame = { width: WIDTH, height: HEIGHT, data: new Uint8ClampedArray(WIDTH * HEIGHT * 1.5) };
  rgbaToI420({ width: WIDTH, height: HEIGHT, data: rgba }, frame);
  return frame;
}

// A few, made once: the quarters stay, a mark between them moves.
const pictures = [0, 40, 80, 120, 160, 200].map(picture);

function source() {
  const video = new RTCVideoSource();
  let next = 0;
  setInterval(() => video.onFrame(pictures[next++ % pictures.length]), 66);
  return video.createTrack();
}

function sink(track) {
  let count = 0;
  let last;
  new RTCVideoSink(track).onframe = ({ frame }) => {
    count++;
    last = frame;
  };
  return {
    frames: async least => {
      while (count < least) {
        await new Promise(next => setTimeout(next, 20));
      }
      const { width, height } = last;
      const rgba = { width, height, data: new Uint8ClampedArray(width * height * 4) };
      i420ToRgba(last, rgba);
      const colours = QUARTERS.map(([x, y]) => {
        const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 4;
        return [...rgba.data.slice(at, at + 3)];
      });
      return { frames: count, width, height, colours };
    },
  };
}

const capabilities = wrtc.RTCRtpSender.getCapabilities('video').codecs;
const isCodec = codec => each => each.mimeType.toLowerCase() === `video/${codec.toLowerCase()}`;
const cannot = {};
for (const codec of ['VP8', 'VP9', 'H264', 'AV1']) {
  if (!capabilities.some(isCodec(codec))) {
    cannot[`send ${codec}`] = cannot[`receive ${codec}`] = `the libwebrtc of @roamhq/wrtc is built without ${codec}`;
  }
}

stdio.run(makePeer({
  RTCPeerConnection: wrtc.RTCPeerConnection,
  codecs: codec => capabilities.filter(each => isCodec(codec)(each) || each.mimeType === 'video/rtx'),
  source,
  sink,
  sha256: stdio.sha256,
  out: stdio.out,
  info: async () => ({ name: '@roamhq/wrtc', version: stdio.version, cannot }),
}));
