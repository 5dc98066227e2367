// pion as a peer of the matrix; ../README.md tells the protocol.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/pion/webrtc/v3"
)

type command struct {
	ID             int    `json:"id"`
	Cmd            string `json:"cmd"`
	PC             string `json:"pc"`
	SDP            string `json:"sdp"`
	Candidate      string `json:"candidate"`
	Mid            string `json:"mid"`
	Label          string `json:"label"`
	Count          int    `json:"count"`
	Size           int    `json:"size"`
	Least          int    `json:"least"`
	Ordered        bool   `json:"ordered"`
	MaxRetransmits int    `json:"maxRetransmits"`
	Restart        bool   `json:"restart"`
	Trickle        bool   `json:"trickle"`
	Send           string `json:"send"`
	Receive        string `json:"receive"`
}

type object map[string]interface{}

var cannot = object{
	"send AV1": "pion 3.1's payloader writes a whole temporal unit as if it were one OBU",
}

var output sync.Mutex

func out(message object) {
	output.Lock()
	defer output.Unlock()
	line, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(line))
}

type connection struct {
	name    string
	pc      *webrtc.PeerConnection
	main    *webrtc.DataChannel
	trickle bool
	film    *film
}

func connect(name string) (*connection, error) {
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	if err := registerAV1(engine); err != nil {
		return nil, err
	}
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(engine)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	c := &connection{name: name, pc: pc, film: newFilm()}
	pc.OnDataChannel(c.use)
	pc.OnTrack(c.film.watch)
	pc.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		if c.trickle && candidate != nil {
			out(object{"event": "candidate", "pc": name, "candidate": candidate.ToJSON().Candidate})
		}
	})
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		out(object{"event": "state", "pc": name, "state": state.String()})
		if state == webrtc.PeerConnectionStateClosed || state == webrtc.PeerConnectionStateFailed {
			out(object{"event": "closed", "pc": name})
		}
	})
	return c, nil
}

func (c *connection) use(channel *webrtc.DataChannel) {
	if channel.Label() != "main" {
		collect(c.name, channel)
		return
	}
	c.main = channel
	channel.OnOpen(func() { out(object{"event": "open", "pc": c.name}) })
	channel.OnClose(func() { out(object{"event": "closed", "pc": c.name}) })
	channel.OnMessage(func(message webrtc.DataChannelMessage) {
		if text := string(message.Data); strings.HasPrefix(text, "ping ") {
			if err := channel.SendText("pong " + text[5:]); err != nil {
				fmt.Fprintln(os.Stderr, "pong:", err)
			}
		}
	})
}

func (c *connection) describe(description webrtc.SessionDescription) (object, error) {
	gathered := webrtc.GatheringCompletePromise(c.pc)
	if err := c.pc.SetLocalDescription(description); err != nil {
		return nil, err
	}
	if !c.trickle {
		<-gathered
	}
	return object{"sdp": c.pc.LocalDescription().SDP}, nil
}

func (c *connection) offer(cmd command) (object, error) {
	c.trickle = cmd.Trickle
	if c.main == nil {
		channel, err := c.pc.CreateDataChannel("main", nil)
		if err != nil {
			return nil, err
		}
		c.use(channel)
	}
	if err := c.film.add(c.pc, cmd.Send, cmd.Receive); err != nil {
		return nil, err
	}
	offer, err := c.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: cmd.Restart})
	if err != nil {
		return nil, err
	}
	return c.describe(offer)
}

func (c *connection) answer(cmd command) (object, error) {
	c.trickle = cmd.Trickle
	if cmd.Send != "" {
		// pion gives a track that is there already to the section of the offer that wants one
		if err := c.film.send(c.pc, cmd.Send); err != nil {
			return nil, err
		}
	}
	if err := c.remote(webrtc.SDPTypeOffer, cmd.SDP); err != nil {
		return nil, err
	}
	answer, err := c.pc.CreateAnswer(nil)
	if err != nil {
		return nil, err
	}
	return c.describe(answer)
}

func (c *connection) remote(kind webrtc.SDPType, sdp string) error {
	return c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: kind, SDP: sdp})
}

func (c *connection) run(cmd command) (object, error) {
	switch cmd.Cmd {
	case "offer":
		return c.offer(cmd)
	case "answer":
		return c.answer(cmd)
	case "accept":
		return object{}, c.remote(webrtc.SDPTypeAnswer, cmd.SDP)
	case "candidate":
		return object{}, c.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: cmd.Candidate, SDPMid: &cmd.Mid})
	case "bulk":
		return object{}, bulk(c.pc, cmd)
	case "frames":
		return c.film.report(cmd.Least), nil
	case "close":
		return object{}, c.pc.Close()
	}
	return nil, fmt.Errorf("unknown command %q", cmd.Cmd)
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if strings.Contains(dependency.Path, "pion/webrtc") {
				return dependency.Version
			}
		}
	}
	return os.Getenv("NEARHAND_VERSION")
}

func main() {
	var lock sync.Mutex
	connections := map[string]*connection{}
	find := func(name string) (*connection, error) {
		lock.Lock()
		defer lock.Unlock()
		if c, ok := connections[name]; ok {
			return c, nil
		}
		c, err := connect(name)
		if err == nil {
			connections[name] = c
		}
		return c, err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var cmd command
		if err := json.Unmarshal(lines.Bytes(), &cmd); err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		handle := func() {
			if cmd.Cmd == "info" {
				out(object{"id": cmd.ID, "name": "pion", "version": version(), "cannot": cannot})
				return
			}
			c, err := find(cmd.PC)
			reply := object{}
			if err == nil {
				reply, err = c.run(cmd)
			}
			if err != nil {
				reply = object{"error": err.Error()}
			}
			reply["id"] = cmd.ID
			out(reply)
		}
		if cmd.Cmd == "frames" {
			go handle()
		} else {
			handle()
		}
	}
}
