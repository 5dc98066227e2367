// A browser as a peer: lines go in by `peer(line)`, and come out of `next()`.
(() => {
  const lines = [];
  let waiting;

  // browsers hash only what they have as a whole
  const hash = () => {
    const parts = [];
    return {
      update: bytes => parts.push(bytes),
      digest: async () => {
        const whole = await new Blob(parts).arrayBuffer();
        return [...new Uint8Array(await crypto.subtle.digest('SHA-256', whole))]
          .map(byte => byte.toString(16).padStart(2, '0')).join('');
      },
    };
  };

  const obey = globalThis.makePeer({
    RTCPeerConnection,
    hash,
    // what browsers put up with in one message
    info: async () => ({ name: globalThis.peerName, version: globalThis.peerVersion, maxMessage: 262_144 }),
    out: message => {
      lines.push(JSON.stringify(message));
      waiting?.();
    },
  });

  globalThis.peer = line => { obey(line); };

  // All lines that have come, as soon as there is one.
  globalThis.next = async () => {
    if (lines.length === 0) {
      await new Promise(come => { waiting = come; });
    }
    return JSON.stringify(lines.splice(0));
  };
})();
