// Lines in and out of a driver that runs in Node, and the hash that browsers have by themselves.
const { createHash } = require('node:crypto');
const readline = require('node:readline');
const path = require('node:path');
const { readFileSync } = require('node:fs');

// The package, from the folder in which the matrix has installed it, and its version.
exports.load = (name, file = '') => {
  const folder = path.join(process.env.NEARHAND_NODE_MODULES, name);
  exports.version = JSON.parse(readFileSync(path.join(folder, 'package.json'))).version;
  return require(path.join(folder, file));
};

exports.out = message => process.stdout.write(`${JSON.stringify(message)}\n`);

exports.sha256 = async bytes => createHash('sha256').update(bytes).digest('hex');

exports.run = handle => {
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', handle);
  lines.on('close', () => process.exit(0));
};
