package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"sort"
	"sync"
	"time"

	"github.com/pion/webrtc/v3"
)

const settled = 2 * time.Second

func message(index uint32, size int) []byte {
	data := make([]byte, size)
	for k := range data {
		data[k] = byte(int(index) + k)
	}
	binary.BigEndian.PutUint32(data, index)
	return data
}

func bulk(pc *webrtc.PeerConnection, cmd command) error {
	options := &webrtc.DataChannelInit{Ordered: &cmd.Ordered}
	if cmd.MaxRetransmits >= 0 {
		limit := uint16(cmd.MaxRetransmits)
		options.MaxRetransmits = &limit
	}
	channel, err := pc.CreateDataChannel(cmd.Label, options)
	if err != nil {
		return err
	}
	opened := make(chan struct{})
	channel.OnOpen(func() { close(opened) })
	<-opened
	for i := 0; i < cmd.Count; i++ {
		if err := channel.Send(message(uint32(i), cmd.Size)); err != nil {
			return err
		}
	}
	return nil
}

// collect takes in one transfer and tells what it came to.
func collect(pc string, channel *webrtc.DataChannel) {
	var lock sync.Mutex
	messages := map[uint32][]byte{}
	count := 0
	inOrder := true
	intact := true
	var timer *time.Timer
	report := func() {
		indexes := make([]int, 0, len(messages))
		for index := range messages {
			indexes = append(indexes, int(index))
		}
		sort.Ints(indexes)
		hash := sha256.New()
		for _, index := range indexes {
			hash.Write(messages[uint32(index)])
		}
		limit := -1
		if channel.MaxRetransmits() != nil {
			limit = int(*channel.MaxRetransmits())
		}
		out(object{"event": "received", "pc": pc, "label": channel.Label(), "count": count, "inOrder": inOrder,
			"intact": intact, "sha256": hex.EncodeToString(hash.Sum(nil)), "ordered": channel.Ordered(),
			"maxRetransmits": limit})
	}
	channel.OnMessage(func(received webrtc.DataChannelMessage) {
		lock.Lock()
		defer lock.Unlock()
		if timer != nil {
			timer.Stop()
		}
		index := binary.BigEndian.Uint32(received.Data)
		inOrder = inOrder && int(index) == count
		intact = intact && bytes.Equal(received.Data, message(index, len(received.Data)))
		count++
		messages[index] = received.Data
		if count == 64 {
			report()
			return
		}
		timer = time.AfterFunc(settled, func() {
			lock.Lock()
			defer lock.Unlock()
			report()
		})
	})
}
