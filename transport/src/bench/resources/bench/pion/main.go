// Times of data channels between two pion connections of one process: "created offered" in milliseconds, a line each,
// from the making of the connections and from CreateOffer until the offerer's channel is open.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/pion/webrtc/v3"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func connect() (float64, float64) {
	created := time.Now()
	offerer, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	must(err)
	answerer, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	must(err)
	channel, err := offerer.CreateDataChannel("main", nil)
	must(err)
	opened := make(chan time.Time, 1)
	channel.OnOpen(func() { opened <- time.Now() })
	offered := time.Now()
	toAnswerer := make(chan webrtc.ICECandidateInit, 64)
	toOfferer := make(chan webrtc.ICECandidateInit, 64)
	offerer.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil {
			toAnswerer <- c.ToJSON()
		}
	})
	answerer.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil {
			toOfferer <- c.ToJSON()
		}
	})
	offer, err := offerer.CreateOffer(nil)
	must(err)
	must(offerer.SetLocalDescription(offer))
	must(answerer.SetRemoteDescription(offer))
	answer, err := answerer.CreateAnswer(nil)
	must(err)
	must(answerer.SetLocalDescription(answer))
	must(offerer.SetRemoteDescription(answer))
	for {
		select {
		case c := <-toAnswerer:
			must(answerer.AddICECandidate(c))
		case c := <-toOfferer:
			must(offerer.AddICECandidate(c))
		case at := <-opened:
			must(offerer.Close())
			must(answerer.Close())
			return at.Sub(created).Seconds() * 1000, at.Sub(offered).Seconds() * 1000
		case <-time.After(30 * time.Second):
			panic("no channel within 30 s")
		}
	}
}

func main() {
	count, err := strconv.Atoi(os.Args[1])
	must(err)
	for i := 0; i < count; i++ {
		created, offered := connect()
		fmt.Printf("%.3f %.3f\n", created, offered)
	}
}
