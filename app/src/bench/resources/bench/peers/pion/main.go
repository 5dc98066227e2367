// pion as a benchmark peer; docs/peer.md tells the contract.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v3"
)

const (
	// what its SCTP sends as one message
	maxMessage = 65536
	// what it is given to put a message of somebody else into
	maxReceived = 20 << 20
	stepTime    = 10 * time.Second
)

type object map[string]interface{}

type command struct {
	ID         interface{} `json:"id"`
	Cmd        string      `json:"cmd"`
	Pc         *string     `json:"pc"`
	Sdp        string      `json:"sdp"`
	Run        interface{} `json:"run"`
	Bytes      int64       `json:"bytes"`
	Size       int         `json:"size"`
	Ordered    *bool       `json:"ordered"`
	Seconds    float64     `json:"seconds"`
	Verify     bool        `json:"verify"`
	Count      int         `json:"count"`
	Batch      int         `json:"batch"`
	IntervalMs float64     `json:"intervalMs"`
	Unreliable bool        `json:"unreliable"`
	SettleMs   *float64    `json:"settleMs"`
	GraceMs    *float64    `json:"graceMs"`
}

type end struct {
	name     string
	pc       *webrtc.PeerConnection
	accepted atomic.Value
}

var (
	printing     sync.Mutex
	ends         = map[string]*end{}
	channelsSeen int64
	pingsEchoed  int64
	api          *webrtc.API
)

func out(message object) {
	line, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	printing.Lock()
	defer printing.Unlock()
	os.Stdout.Write(append(line, '\n'))
}

func failure(pc, cmd string, err interface{}) {
	out(object{"event": "error", "pc": pc, "cmd": cmd, "error": fmt.Sprint(err)})
}

func millis(from time.Time) float64 {
	return time.Since(from).Seconds() * 1000
}

func (c *command) name() string {
	if c.Pc == nil {
		return "0"
	}
	return *c.Pc
}

func (c *command) known() (*end, error) {
	if found := ends[c.name()]; found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("there is no pc %s", c.name())
}

func makeEnd(name string) (*end, error) {
	if ends[name] != nil {
		return nil, fmt.Errorf("pc %s is there already", name)
	}
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	made := &end{name: name, pc: pc}
	ends[name] = made
	pc.OnDataChannel(made.use)
	return made, nil
}

func (e *end) use(channel *webrtc.DataChannel) {
	atomic.AddInt64(&channelsSeen, 1)
	channel.OnOpen(func() {
		switch label := channel.Label(); {
		case label == "main":
			out(object{"event": "open", "pc": e.name, "side": "answer"})
		case label == "ping":
			raw, err := channel.Detach()
			if err != nil {
				failure(e.name, "ping", err)
				return
			}
			go echo(raw)
		case strings.HasPrefix(label, "bulk|"):
			raw, err := channel.Detach()
			if err != nil {
				failure(e.name, "send", err)
				return
			}
			go e.receive(label, raw)
		default:
			// a reset of the other side is answered only where somebody reads
			if raw, err := channel.Detach(); err == nil {
				go drain(raw)
			}
		}
	})
}

func (e *end) described(start time.Time, gathered <-chan struct{}) object {
	<-gathered
	return object{"sdp": e.pc.LocalDescription().SDP, "gatherMs": millis(start)}
}

func offer(c *command) (object, error) {
	start := time.Now()
	e, err := makeEnd(c.name())
	if err != nil {
		return nil, err
	}
	main, err := e.pc.CreateDataChannel("main", nil)
	if err != nil {
		return nil, err
	}
	main.OnOpen(func() {
		at := time.Now()
		out(object{
			"event": "open", "side": "offer", "pc": e.name, "ms": at.Sub(start).Seconds() * 1000,
			"sinceAccept": at.Sub(e.accepted.Load().(time.Time)).Seconds() * 1000,
		})
	})
	description, err := e.pc.CreateOffer(nil)
	if err != nil {
		return nil, err
	}
	gathered := webrtc.GatheringCompletePromise(e.pc)
	if err = e.pc.SetLocalDescription(description); err != nil {
		return nil, err
	}
	return e.described(start, gathered), nil
}

func answer(c *command) (object, error) {
	start := time.Now()
	e, err := makeEnd(c.name())
	if err != nil {
		return nil, err
	}
	if err = e.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: c.Sdp}); err != nil {
		return nil, err
	}
	description, err := e.pc.CreateAnswer(nil)
	if err != nil {
		return nil, err
	}
	gathered := webrtc.GatheringCompletePromise(e.pc)
	if err = e.pc.SetLocalDescription(description); err != nil {
		return nil, err
	}
	return e.described(start, gathered), nil
}

func accept(c *command) (object, error) {
	e, err := c.known()
	if err != nil {
		return nil, err
	}
	e.accepted.Store(time.Now())
	err = e.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: c.Sdp})
	return object{"ok": true}, err
}

func obey(c *command) (object, error) {
	switch c.Cmd {
	case "info":
		return object{"name": "pion", "version": "3.1", "maxMessage": maxMessage}, nil
	case "offer":
		return offer(c)
	case "answer":
		return answer(c)
	case "accept":
		return accept(c)
	case "send":
		return send(c)
	case "ping":
		return ping(c)
	case "channels":
		return channels(c)
	case "stat":
		return object{
			"channelsSeen": atomic.LoadInt64(&channelsSeen), "pingsEchoed": atomic.LoadInt64(&pingsEchoed), "pcs": len(ends),
		}, nil
	case "reset":
		for name, e := range ends {
			e.pc.Close()
			delete(ends, name)
		}
		return object{"ok": true}, nil
	case "quit":
		return object{"ok": true}, nil
	}
	return nil, fmt.Errorf("unknown command %q", c.Cmd)
}

func main() {
	settings := webrtc.SettingEngine{}
	settings.DetachDataChannels()
	api = webrtc.NewAPI(webrtc.WithSettingEngine(settings))
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		c := &command{}
		if err := json.Unmarshal(lines.Bytes(), c); err != nil {
			out(object{"id": c.ID, "error": err.Error()})
			continue
		}
		reply, err := obey(c)
		if err != nil {
			reply = object{"error": err.Error()}
		}
		reply["id"] = c.ID
		out(reply)
		if c.Cmd == "quit" {
			return
		}
	}
}
