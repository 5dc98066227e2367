// Lines in and out of a peer in Node.
const { createHash } = require('node:crypto');
const { createRequire } = require('node:module');
const readline = require('node:readline');
require('./peer.js');

// npm has installed beside this file
exports.load = name => {
  const find = createRequire(`${__dirname}/`);
  exports.version = require(`${__dirname}/node_modules/${name}/package.json`).version;
  return find(name);
};

exports.run = ({ name, maxMessage, RTCPeerConnection }) => {
  const obey = globalThis.makePeer({
    RTCPeerConnection,
    info: async () => ({ name, version: exports.version, maxMessage }),
    out: message => process.stdout.write(`${JSON.stringify(message)}\n`),
    hash: () => {
      const digest = createHash('sha256');
      return { update: bytes => digest.update(bytes), digest: () => digest.digest('hex') };
    },
  });
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', async line => {
    if (!await obey(line)) {
      process.exit(0);
    }
  });
  lines.on('close', () => process.exit(0));
};
