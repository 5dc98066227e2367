// What the test does inside a page of the browser. One peer connection; echoes whatever comes on any data channel, and
// shows the video track it receives.
(() => {
  const pc = new RTCPeerConnection();
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  video.playsInline = true;
  document.body.append(video);

  const echo = channel => {
    channel.binaryType = 'arraybuffer';
    channel.onmessage = event => channel.send(event.data);
  };
  pc.ondatachannel = event => echo(event.channel);
  pc.ontrack = event => {
    video.srcObject = event.streams[0] ?? new MediaStream([event.track]);
  };

  const fragment = sdp => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1];

  // A restart gathers anew, and says so only after its description is set: until then the state is the former one.
  const describe = async description => {
    const before = pc.localDescription;
    if (before && fragment(before.sdp) !== fragment(description.sdp)) {
      const begun = new Promise(next => {
        const look = () => {
          if (pc.iceGatheringState === 'gathering') {
            pc.removeEventListener('icegatheringstatechange', look);
            next();
          }
        };
        pc.addEventListener('icegatheringstatechange', look);
      });
      await pc.setLocalDescription(description);
      await begun;
    } else {
      await pc.setLocalDescription(description);
    }
    while (pc.iceGatheringState !== 'complete') {
      await new Promise(next => pc.addEventListener('icegatheringstatechange', next, { once: true }));
    }
    return pc.localDescription.sdp;
  };

  // btoa() takes a string, and the arguments of a call are limited
  const base64 = bytes => {
    let binary = '';
    for (let at = 0; at < bytes.length; at += 8192) {
      binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
    }
    return btoa(binary);
  };

  globalThis.peer = {
    offer: async () => {
      echo(pc.createDataChannel('main'));
      return describe(await pc.createOffer());
    },
    // An offer that restarts ICE.
    restart: async () => describe(await pc.createOffer({ iceRestart: true })),
    // An offer of what there is now.
    renegotiate: async () => describe(await pc.createOffer()),
    rollback: async () => {
      await pc.setLocalDescription({ type: 'rollback' });
      return '';
    },
    // Ends the section of the latest track of its own for good.
    stopSending: async () => {
      pc.getTransceivers().filter(transceiver => transceiver.sender.track).at(-1).stop();
      return '';
    },
    accept: async sdp => {
      await pc.setRemoteDescription({ type: 'answer', sdp });
      return '';
    },
    answer: async sdp => {
      await pc.setRemoteDescription({ type: 'offer', sdp });
      return describe(await pc.createAnswer());
    },
    // Asks to receive one video track in the next offer.
    wantVideo: async () => {
      pc.addTransceiver('video', { direction: 'recvonly' });
      return '';
    },
    // Offers a track of its own, of a canvas that is painted all the time.
    // A codec by its media type is sent when one is given, and then only that.
    sendVideo: async mimeType => {
      const canvas = document.createElement('canvas');
      canvas.width = 320;
      canvas.height = 240;
      const context = canvas.getContext('2d');
      let hue = 0;
      setInterval(() => {
        context.fillStyle = `hsl(${hue++ % 360} 80% 50%)`;
        context.fillRect(0, 0, canvas.width, canvas.height);
      }, 50);
      const stream = canvas.captureStream(20);
      const sender = pc.addTrack(stream.getVideoTracks()[0], stream);
      if (mimeType !== '') {
        const wanted = [mimeType.toLowerCase(), 'video/rtx'];
        const codecs = RTCRtpSender.getCapabilities('video').codecs.filter(codec =>
          wanted.includes(codec.mimeType.toLowerCase()));
        if (codecs.every(codec => codec.mimeType.toLowerCase() !== wanted[0])) {
          return 'unsupported';
        }
        pc.getTransceivers().find(transceiver => transceiver.sender === sender).setCodecPreferences(codecs);
      }
      return '';
    },
    // Offers a track of its own in one codec and several layers or several sizes: `encodings` as RTCRtpEncodingParameters.
    // Takes a track back in the same section.
    sendLayers: async ({ mimeType, width, height, encodings }) => {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext('2d');
      let hue = 0;
      setInterval(() => {
        context.fillStyle = `hsl(${hue++ % 360} 80% 50%)`;
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.fillStyle = 'white';
        context.fillRect((hue * 7) % width, (hue * 3) % height, 40, 40);
      }, 50);
      const stream = canvas.captureStream(20);
      const transceiver = pc.addTransceiver(stream.getVideoTracks()[0], {
        direction: 'sendrecv',
        streams: [stream],
        sendEncodings: encodings,
      });
      const wanted = [mimeType.toLowerCase(), 'video/rtx', 'video/red', 'video/ulpfec'];
      const codecs = RTCRtpSender.getCapabilities('video').codecs.filter(codec =>
        wanted.includes(codec.mimeType.toLowerCase()));
      if (codecs.every(codec => codec.mimeType.toLowerCase() !== wanted[0])) {
        return 'unsupported';
      }
      transceiver.setCodecPreferences(codecs);
      return '';
    },
    // What the statistics tell about each video stream that goes out, as JSON.
    sent: async () => JSON.stringify([...(await pc.getStats()).values()].filter(
      entry => entry.type === 'outbound-rtp' && entry.kind === 'video')),
    // Goes on with these encodings only, by their rid.
    activate: async rids => {
      const sender = pc.getSenders().find(one => one.track?.kind === 'video');
      const parameters = sender.getParameters();
      parameters.encodings.forEach(encoding => {
        encoding.active = rids.includes(encoding.rid);
      });
      await sender.setParameters(parameters);
      return '';
    },
    // Offers a tone.
    sendAudio: async () => {
      const context = new AudioContext();
      const tone = context.createOscillator();
      const sink = context.createMediaStreamDestination();
      tone.connect(sink);
      tone.start();
      pc.addTrack(sink.stream.getAudioTracks()[0], sink.stream);
      return '';
    },
    // Waits until a number of the statistics about what comes in has grown to a value.
    received: async ({ kind, name, least }) => {
      for (;;) {
        for (const entry of (await pc.getStats()).values()) {
          if (entry.type === 'inbound-rtp' && entry.kind === kind && entry[name] >= least) {
            return `${entry[name]}`;
          }
        }
        await new Promise(next => setTimeout(next, 50));
      }
    },
    // The next frame shown: {width, height, pixels: [[r, g, b], …]} at the given points, each from 0 to 1.
    frame: async points => {
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d');
      // just after the very first frame the element may still draw nothing at all, which leaves the canvas transparent
      do {
        await new Promise(shown => video.requestVideoFrameCallback(shown));
        canvas.width = video.videoWidth;
        canvas.height = video.videoHeight;
        context.drawImage(video, 0, 0);
      } while (context.getImageData(0, 0, 1, 1).data[3] === 0);
      const pixels = points.map(([x, y]) =>
        [...context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data].slice(0, 3));
      return JSON.stringify({ width: canvas.width, height: canvas.height, pixels });
    },
    // What is shown now: {width, height, rgba: base64}; nothing to see is a picture of no pixels.
    picture: async () => {
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d');
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      let rgba = new Uint8ClampedArray();
      if (canvas.width > 0 && canvas.height > 0) {
        context.drawImage(video, 0, 0);
        rgba = context.getImageData(0, 0, canvas.width, canvas.height).data;
      }
      return JSON.stringify({ width: canvas.width, height: canvas.height, rgba: base64(rgba) });
    },
    // Publishes or plays over HTTP as pages do (WHIP, WHEP): offers at once, sends its candidates when there is a session.
    signal: async ({ url, token }) => {
      const headers = { Authorization: `Bearer ${token}` };
      const found = [];
      let patch = async () => {};
      pc.onicecandidate = event => {
        if (event.candidate?.candidate) {
          found.push(event.candidate.candidate);
          patch();
        }
      };
      await pc.setLocalDescription();
      const offer = pc.localDescription.sdp;
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/sdp' },
        body: offer,
      });
      if (response.status !== 201) {
        throw new Error(`${response.status} ${await response.text()}`);
      }
      const session = new URL(response.headers.get('Location'), url).href;
      const line = start => offer.split('\r\n').find(text => text.startsWith(start));
      const head = ['a=group:', 'm=', 'a=mid:', 'a=ice-ufrag:', 'a=ice-pwd:'].map(line);
      await pc.setRemoteDescription({ type: 'answer', sdp: await response.text() });
      globalThis.peer.patched = [];
      patch = async () => {
        const lines = found.splice(0).map(candidate => `a=${candidate}`);
        if (lines.length > 0) {
          const changed = await fetch(session, {
            method: 'PATCH',
            headers: {
              ...headers,
              'Content-Type': 'application/trickle-ice-sdpfrag',
              'If-Match': response.headers.get('ETag'),
            },
            body: [...head, ...lines, ''].join('\r\n'),
          });
          globalThis.peer.patched.push(changed.status);
        }
      };
      globalThis.peer.hangUp = async () => {
        const ended = await fetch(session, { method: 'DELETE', headers });
        pc.close();
        return `${ended.status}`;
      };
      await patch();
      return session;
    },
    // What the server said to each request with candidates.
    patches: async () => `${globalThis.peer.patched}`,
    state: async () => pc.connectionState,
  };
})();
