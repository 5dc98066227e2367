// An echo over data channels by pion, driven by JSON lines: {"id","cmd","sdp"} in, {"id","sdp"} or {"id","error"} out.
// It exits at the end of its input. With -tcp its only candidates are passive ones over TCP.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"

	"github.com/pion/webrtc/v3"
)

type command struct {
	ID  int    `json:"id"`
	Cmd string `json:"cmd"`
	SDP string `json:"sdp"`
}

type reply struct {
	ID    int    `json:"id"`
	SDP   string `json:"sdp,omitempty"`
	Error string `json:"error,omitempty"`
}

func echo(channel *webrtc.DataChannel) {
	channel.OnMessage(func(message webrtc.DataChannelMessage) {
		var err error
		if message.IsString {
			err = channel.SendText(string(message.Data))
		} else {
			err = channel.Send(message.Data)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "echo:", err)
		}
	})
}

func describe(pc *webrtc.PeerConnection, description webrtc.SessionDescription) (string, error) {
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(description); err != nil {
		return "", err
	}
	<-gathered
	return pc.LocalDescription().SDP, nil
}

func run(pc *webrtc.PeerConnection, c command) (string, error) {
	switch c.Cmd {
	case "offer":
		channel, err := pc.CreateDataChannel("main", nil)
		if err != nil {
			return "", err
		}
		echo(channel)
		offer, err := pc.CreateOffer(nil)
		if err != nil {
			return "", err
		}
		return describe(pc, offer)
	case "accept":
		return "", pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: c.SDP})
	case "answer":
		if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: c.SDP}); err != nil {
			return "", err
		}
		answer, err := pc.CreateAnswer(nil)
		if err != nil {
			return "", err
		}
		return describe(pc, answer)
	}
	return "", fmt.Errorf("unknown command %q", c.Cmd)
}

func main() {
	tcp := flag.Bool("tcp", false, "accept TCP connections, and use no UDP")
	flag.Parse()
	settings := webrtc.SettingEngine{}
	if *tcp {
		listener, err := net.Listen("tcp4", "0.0.0.0:0")
		if err != nil {
			panic(err)
		}
		settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
		settings.SetICETCPMux(webrtc.NewICETCPMux(nil, listener, 64))
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		panic(err)
	}
	pc.OnDataChannel(echo)
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		fmt.Fprintln(os.Stderr, "connection:", state)
	})
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var c command
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			continue
		}
		answer := reply{ID: c.ID}
		if sdp, err := run(pc, c); err != nil {
			answer.Error = err.Error()
		} else {
			answer.SDP = sdp
		}
		if err := out.Encode(answer); err != nil {
			break
		}
	}
	_ = pc.Close()
}
