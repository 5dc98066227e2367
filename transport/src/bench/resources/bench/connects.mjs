// Times of data channels between two connections of libdatachannel in one process: "created offered" in milliseconds, a
// line each, from the making of the connections and from the first description until the offerer's channel is open.
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const library = require("node-datachannel");

// Descriptions and candidates of one end go to the other; a candidate that is told first waits for its description.
function pass(from, to) {
  let waiting = [];
  from.onLocalDescription((sdp, type) => {
    to.setRemoteDescription(sdp, type);
    waiting?.forEach(([candidate, mid]) => to.addRemoteCandidate(candidate, mid));
    waiting = undefined;
  });
  from.onLocalCandidate((candidate, mid) => {
    if (waiting) {
      waiting.push([candidate, mid]);
    } else {
      to.addRemoteCandidate(candidate, mid);
    }
  });
}

function connect() {
  return new Promise((resolve, reject) => {
    const created = performance.now();
    const offerer = new library.PeerConnection("offerer", { iceServers: [] });
    const answerer = new library.PeerConnection("answerer", { iceServers: [] });
    const limit = setTimeout(() => reject(new Error("no channel within 30 s")), 30_000);
    pass(offerer, answerer);
    pass(answerer, offerer);
    let remote;
    answerer.onDataChannel((channel) => { remote = channel; });
    const offered = performance.now();
    // the library makes and sets the offer with the first channel
    const channel = offerer.createDataChannel("main");
    channel.onOpen(() => {
      const now = performance.now();
      clearTimeout(limit);
      console.log(`${(now - created).toFixed(3)} ${(now - offered).toFixed(3)}`);
      setTimeout(() => {
        channel.close();
        remote?.close();
        offerer.close();
        answerer.close();
        setTimeout(resolve, 5);
      }, 5);
    });
  });
}

for (let i = 0; i < Number(process.argv[2]); i++) {
  await connect();
}
library.cleanup();
process.exit(0);
