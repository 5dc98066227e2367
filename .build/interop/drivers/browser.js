// What a browser brings to peer.js. Lines go in by `peer(line)`, and come out of `next()`.
(() => {
  const lines = [];
  let waiting;
  const QUARTERS = [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]];
  const COLOURS = ['#dc2828', '#28c83c', '#2846dc', '#e6dc3c'];

  const codecs = codec => RTCRtpSender.getCapabilities('video').codecs.filter(each =>
    [`video/${codec.toLowerCase()}`, 'video/rtx'].includes(each.mimeType.toLowerCase()));

  const hasCodec = (list, codec) => list.codecs.some(each => each.mimeType.toLowerCase() === `video/${codec.toLowerCase()}`);

  // Four quarters, and a mark between them that moves, so that there are frames to send.
  const source = () => {
    const canvas = document.createElement('canvas');
    canvas.width = 320;
    canvas.height = 180;
    const context = canvas.getContext('2d');
    let at = 0;
    setInterval(() => {
      QUARTERS.forEach(([x, y], quarter) => {
        context.fillStyle = COLOURS[quarter];
        context.fillRect((x - 0.25) * 320, (y - 0.25) * 180, 160, 90);
      });
      context.fillStyle = '#000';
      context.fillRect(at++ % 320, 88, 8, 4);
    }, 50);
    return canvas.captureStream(20).getVideoTracks()[0];
  };

  const sink = (track, pc) => {
    const video = document.createElement('video');
    video.muted = true;
    video.autoplay = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    document.body.append(video);
    const decoded = async () => {
      for (const entry of (await pc.getStats()).values()) {
        if (entry.type === 'inbound-rtp' && entry.kind === 'video') {
          return entry.framesDecoded ?? 0;
        }
      }
      return 0;
    };
    return {
      frames: async least => {
        let frames = 0;
        while (frames < least) {
          await new Promise(next => setTimeout(next, 50));
          frames = await decoded();
        }
        const canvas = document.createElement('canvas');
        const context = canvas.getContext('2d');
        do {
          await new Promise(next => setTimeout(next, 20));
          canvas.width = video.videoWidth;
          canvas.height = video.videoHeight;
          if (canvas.width > 0) {
            context.drawImage(video, 0, 0);
          }
        } while (canvas.width === 0 || context.getImageData(0, 0, 1, 1).data[3] === 0);
        const colours = QUARTERS.map(([x, y]) =>
          [...context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data].slice(0, 3));
        return { frames, width: canvas.width, height: canvas.height, colours };
      },
    };
  };

  globalThis.peer = makePeer({
    RTCPeerConnection,
    codecs,
    source,
    sink,
    sha256: async bytes => [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))]
      .map(byte => byte.toString(16).padStart(2, '0')).join(''),
    info: async () => {
      const cannot = {};
      for (const codec of ['VP8', 'VP9', 'H264', 'AV1']) {
        if (!hasCodec(RTCRtpReceiver.getCapabilities('video'), codec)) {
          cannot[`receive ${codec}`] = `this build has no ${codec}`;
        }
        if (!hasCodec(RTCRtpSender.getCapabilities('video'), codec)) {
          cannot[`send ${codec}`] = `this build has no ${codec}`;
        }
      }
      return { cannot };
    },
    out: message => {
      lines.push(JSON.stringify(message));
      waiting?.();
    },
  });

  // All lines that have come, as soon as there is one.
  globalThis.next = async () => {
    if (lines.length === 0) {
      await new Promise(come => {
        waiting = come;
      });
    }
    return JSON.stringify(lines.splice(0));
  };
})();
