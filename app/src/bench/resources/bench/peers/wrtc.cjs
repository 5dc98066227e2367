// libwebrtc in Node (@roamhq/wrtc).
const stdio = require('./stdio.cjs');
const { RTCPeerConnection } = stdio.load('@roamhq/wrtc');

stdio.run({ name: '@roamhq/wrtc', maxMessage: 262_144, RTCPeerConnection });
