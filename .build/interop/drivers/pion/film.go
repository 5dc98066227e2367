package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v3"
	"github.com/pion/webrtc/v3/pkg/media"
)

const frameTime = 66 * time.Millisecond

// film is the video of one connection: pion has no codecs, so it sends the recordings, and what it receives it compares
// with them.
type film struct {
	lock   sync.Mutex
	frames int
	intact int
}

func newFilm() *film {
	return &film{}
}

func registerAV1(engine *webrtc.MediaEngine) error {
	feedback := []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}}
	return engine.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeAV1, ClockRate: 90000, RTCPFeedback: feedback},
		PayloadType:        45,
	}, webrtc.RTPCodecTypeVideo)
}

// units are the frames of a recording.
func units(codec string) ([][]byte, error) {
	names := map[string]string{
		"VP8": "quadrants.ivf", "VP9": "quadrants-vp9.ivf", "AV1": "quadrants-av1.ivf", "H264": "quadrants.h264",
	}
	data, err := os.ReadFile(filepath.Join(os.Getenv("NEARHAND_RECORDINGS"), names[codec]))
	if err != nil {
		return nil, err
	}
	var frames [][]byte
	if codec == "H264" {
		delimiter := []byte{0, 0, 0, 1, 9}
		for _, part := range bytes.Split(data, delimiter)[1:] {
			frames = append(frames, append(append([]byte{}, delimiter...), part...))
		}
		return frames, nil
	}
	for at := 32; at+12 <= len(data); {
		size := int(binary.LittleEndian.Uint32(data[at:]))
		frames = append(frames, data[at+12:at+12+size])
		at += 12 + size
	}
	return frames, nil
}

// add puts sections for video into the next offer.
func (f *film) add(pc *webrtc.PeerConnection, send string, receive string) error {
	if send != "" {
		return f.send(pc, send)
	}
	if receive != "" {
		_, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
		return err
	}
	return nil
}

func (f *film) send(pc *webrtc.PeerConnection, codec string) error {
	frames, err := units(codec)
	if err != nil {
		return err
	}
	capability := webrtc.RTPCodecCapability{MimeType: "video/" + codec}
	track, err := webrtc.NewTrackLocalStaticSample(capability, "film", "film")
	if err != nil {
		return err
	}
	sender, err := pc.AddTrack(track)
	if err != nil {
		return err
	}
	go func() {
		for {
			if _, _, err := sender.ReadRTCP(); err != nil {
				return
			}
		}
	}()
	go func() {
		for i := 0; pc.ConnectionState() != webrtc.PeerConnectionStateClosed; {
			time.Sleep(frameTime)
			if pc.ConnectionState() != webrtc.PeerConnectionStateConnected {
				continue
			}
			// every loop of the recording begins with a key frame
			if err := track.WriteSample(media.Sample{Data: frames[i%len(frames)], Duration: frameTime}); err != nil {
				fmt.Fprintln(os.Stderr, "film:", err)
			}
			i++
		}
	}()
	return nil
}

func depacketizer(codec string) func(*rtp.Packet) ([]byte, error) {
	switch codec {
	case "VP8":
		return func(packet *rtp.Packet) ([]byte, error) { return (&codecs.VP8Packet{}).Unmarshal(packet.Payload) }
	case "VP9":
		return func(packet *rtp.Packet) ([]byte, error) { return (&codecs.VP9Packet{}).Unmarshal(packet.Payload) }
	case "H264":
		h264 := &codecs.H264Packet{}
		return func(packet *rtp.Packet) ([]byte, error) { return h264.Unmarshal(packet.Payload) }
	case "AV1":
		return func(packet *rtp.Packet) ([]byte, error) {
			var av1 codecs.AV1Packet
			if _, err := av1.Unmarshal(packet.Payload); err != nil {
				return nil, err
			}
			return bytes.Join(av1.OBUElements, nil), nil
		}
	}
	return nil
}

// normal is what of a frame survives its way through packets: no start codes and delimiters in H.264, no sizes of OBUs
// and no delimiters in AV1.
func normal(codec string, frame []byte) string {
	switch codec {
	case "H264":
		var units []string
		for _, unit := range strings.Split(string(frame), "\x00\x00\x01") {
			unit = strings.TrimRight(unit, "\x00")
			if unit != "" && unit[0]&31 != 9 {
				units = append(units, unit)
			}
		}
		return strings.Join(units, "|")
	case "AV1":
		return string(withoutSizes(frame))
	}
	return string(frame)
}

func withoutSizes(frame []byte) []byte {
	var all []byte
	for len(frame) > 0 {
		header := 1 + int(frame[0]>>2&1)
		if frame[0]&2 == 0 {
			return append(all, frame...)
		}
		size, shift, at := 0, 0, header
		for {
			size |= int(frame[at]&127) << shift
			shift += 7
			at++
			if frame[at-1]&128 == 0 {
				break
			}
		}
		if frame[0]>>3&15 != 2 {
			all = append(all, frame[0]&^2)
			all = append(all, frame[1:header]...)
			all = append(all, frame[at:at+size]...)
		}
		frame = frame[at+size:]
	}
	return all
}

func (f *film) watch(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	codec := strings.TrimPrefix(track.Codec().MimeType, "video/")
	frames, err := units(codec)
	if err != nil {
		fmt.Fprintln(os.Stderr, "film:", err)
		return
	}
	known := map[string]bool{}
	for _, frame := range frames {
		known[normal(codec, frame)] = true
	}
	depacketize := depacketizer(codec)
	var frame []byte
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		part, err := depacketize(packet)
		if err != nil {
			fmt.Fprintln(os.Stderr, "film:", err)
		}
		frame = append(frame, part...)
		if packet.Marker {
			whole := frame
			if codec == "H264" || codec == "AV1" {
				whole = []byte(normalReceived(codec, frame))
			}
			f.lock.Lock()
			f.frames++
			if known[string(whole)] {
				f.intact++
			}
			f.lock.Unlock()
			frame = nil
		}
	}
}

// normalReceived does the same to a frame out of packets, in which AV1 has no sizes already.
func normalReceived(codec string, frame []byte) string {
	if codec == "AV1" {
		return string(frame)
	}
	return normal(codec, frame)
}

func (f *film) report(least int) object {
	for {
		f.lock.Lock()
		frames, intact := f.frames, f.intact
		f.lock.Unlock()
		if frames >= least {
			return object{"frames": frames, "intact": intact}
		}
		time.Sleep(20 * time.Millisecond)
	}
}
