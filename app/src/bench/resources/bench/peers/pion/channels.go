package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"math"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/datachannel"
	"github.com/pion/webrtc/v3"
)

const (
	pause = 4 << 20
	goOn  = 1 << 20
	look  = 64 << 10
)

func drain(raw datachannel.ReadWriteCloser) {
	buffer := make([]byte, 64<<10)
	for {
		if _, err := raw.Read(buffer); err != nil {
			raw.Close()
			return
		}
	}
}

func echo(raw datachannel.ReadWriteCloser) {
	buffer := make([]byte, 1<<20)
	for {
		n, err := raw.Read(buffer)
		if err != nil {
			return
		}
		if _, err = raw.Write(buffer[:n]); err != nil {
			return
		}
		atomic.AddInt64(&pingsEchoed, 1)
	}
}

func (e *end) receive(label string, raw datachannel.ReadWriteCloser) {
	words := strings.Split(label, "|")
	seconds, _ := strconv.ParseFloat(words[2], 64)
	var digest hash.Hash
	if words[3] == "1" {
		digest = sha256.New()
	}
	var mutex sync.Mutex
	var first, last time.Time
	var count, bytes, announced int64
	announced = -1
	done := false
	report := func(limited bool, took time.Duration) {
		done = true
		figures := object{
			"event": "received", "pc": e.name, "run": words[1], "count": count, "bytes": bytes,
			"seconds": took.Seconds(), "limited": limited,
		}
		if digest != nil {
			figures["sha256"] = hex.EncodeToString(digest.Sum(nil))
		}
		out(figures)
	}
	buffer := make([]byte, maxReceived)
	for {
		n, isString, err := raw.ReadDataChannel(buffer)
		if err != nil {
			return
		}
		mutex.Lock()
		if done {
			mutex.Unlock()
			continue
		}
		if isString {
			var text struct {
				End int64 `json:"end"`
			}
			if json.Unmarshal(buffer[:n], &text) == nil {
				announced = text.End
			}
		} else {
			last = time.Now()
			if count == 0 {
				first = last
				if seconds > 0 {
					time.AfterFunc(time.Duration(seconds*1e9), func() {
						mutex.Lock()
						defer mutex.Unlock()
						if !done {
							report(true, time.Since(first))
						}
					})
				}
			}
			count++
			bytes += int64(n)
			if digest != nil {
				digest.Write(buffer[:n])
			}
		}
		if count == announced {
			report(false, last.Sub(first))
		}
		mutex.Unlock()
	}
}

func send(c *command) (object, error) {
	e, err := c.known()
	if err != nil {
		return nil, err
	}
	if c.Size < 1 || c.Size > maxMessage || c.Bytes < int64(c.Size) {
		return nil, fmt.Errorf("size is from 1 to %d, and bytes no less", maxMessage)
	}
	verify := 0
	if c.Verify {
		verify = 1
	}
	ordered := c.Ordered == nil || *c.Ordered
	label := fmt.Sprintf("bulk|%v|%v|%d", c.Run, c.Seconds, verify)
	channel, err := e.pc.CreateDataChannel(label, &webrtc.DataChannelInit{Ordered: &ordered})
	if err != nil {
		return nil, err
	}
	low := make(chan struct{}, 1)
	channel.SetBufferedAmountLowThreshold(goOn)
	channel.OnBufferedAmountLow(func() {
		select {
		case low <- struct{}{}:
		default:
		}
	})
	channel.OnOpen(func() {
		raw, err := channel.Detach()
		if err != nil {
			failure(e.name, "send", err)
			return
		}
		go drain(raw)
		go e.pump(c, channel, raw, low)
	})
	return object{"ok": true}, nil
}

func (e *end) pump(c *command, channel *webrtc.DataChannel, raw datachannel.ReadWriteCloser, low <-chan struct{}) {
	pattern := make([]byte, c.Size+256)
	for i := range pattern {
		pattern[i] = byte(i)
	}
	count := c.Bytes / int64(c.Size)
	start := time.Now()
	var sent int64
	for sent < count && (c.Seconds == 0 || time.Since(start).Seconds() < c.Seconds+1) {
		for given := 0; given < look && sent < count; given += c.Size {
			from := int(sent & 255)
			message := pattern[from : from+c.Size]
			var index, kept [4]byte
			binary.BigEndian.PutUint32(index[:], uint32(sent))
			copy(kept[:], message)
			copy(message, index[:])
			_, err := raw.Write(message)
			copy(message, kept[:])
			if err != nil {
				failure(e.name, "send", err)
				return
			}
			sent++
		}
		for full := channel.BufferedAmount() >= pause; full; full = channel.BufferedAmount() > goOn {
			select {
			case <-low:
			case <-time.After(20 * time.Millisecond): // it may have been told before the wait began
			}
		}
	}
	if _, err := raw.WriteDataChannel([]byte(fmt.Sprintf(`{"end":%d}`, sent)), true); err != nil {
		failure(e.name, "send", err)
		return
	}
	out(object{"event": "sent", "pc": e.name, "run": fmt.Sprint(c.Run), "count": sent, "bytes": sent * int64(c.Size)})
}

func ping(c *command) (object, error) {
	e, err := c.known()
	if err != nil {
		return nil, err
	}
	if c.Size < 4 || c.Size > maxMessage || c.Count < 1 || c.Count > 1e6 {
		return nil, fmt.Errorf("size is from 4 to %d, count from 1 to 1000000", maxMessage)
	}
	init := &webrtc.DataChannelInit{}
	grace := 15000.0
	if c.Unreliable {
		ordered, none := false, uint16(0)
		init.Ordered, init.MaxRetransmits = &ordered, &none
		grace = 2000
	}
	if c.GraceMs != nil {
		grace = *c.GraceMs
	}
	settle := 500.0
	if c.SettleMs != nil {
		settle = *c.SettleMs
	}
	channel, err := e.pc.CreateDataChannel("ping", init)
	if err != nil {
		return nil, err
	}
	channel.OnOpen(func() {
		raw, err := channel.Detach()
		if err != nil {
			failure(e.name, "ping", err)
			return
		}
		go e.pings(c, raw, settle, grace)
	})
	return object{"ok": true}, nil
}

func (e *end) pings(c *command, raw datachannel.ReadWriteCloser, settle, grace float64) {
	time.Sleep(time.Duration(settle * 1e6))
	var mutex sync.Mutex
	sentAt := make([]time.Time, c.Count)
	times := map[uint32]float64{}
	complete := make(chan struct{})
	go func() {
		buffer := make([]byte, 1<<20)
		for {
			n, err := raw.Read(buffer)
			if err != nil {
				return
			}
			at := time.Now()
			index := uint32(math.MaxUint32)
			if n >= 4 {
				index = binary.BigEndian.Uint32(buffer)
			}
			mutex.Lock()
			if _, known := times[index]; !known && index < uint32(c.Count) && !sentAt[index].IsZero() {
				times[index] = at.Sub(sentAt[index]).Seconds() * 1000
				if len(times) == c.Count {
					close(complete)
				}
			}
			mutex.Unlock()
		}
	}()
	start := time.Now()
	message := make([]byte, c.Size)
	for i := 0; i < c.Count; i++ {
		time.Sleep(time.Until(start.Add(time.Duration(float64(i) * c.IntervalMs * 1e6))))
		binary.BigEndian.PutUint32(message, uint32(i))
		mutex.Lock()
		sentAt[i] = time.Now()
		mutex.Unlock()
		if _, err := raw.Write(message); err != nil {
			failure(e.name, "ping", err)
			return
		}
	}
	elapsed := 0.0
	select {
	case <-complete:
		elapsed = millis(start)
	case <-time.After(time.Duration(grace * 1e6)):
		elapsed = millis(start) - grace
	}
	raw.Close()
	mutex.Lock()
	defer mutex.Unlock()
	sorted := make([]float64, 0, len(times))
	for _, each := range times {
		sorted = append(sorted, each)
	}
	sort.Float64s(sorted)
	rank := func(percent float64) interface{} {
		if len(sorted) == 0 {
			return nil
		}
		return sorted[int(math.Max(0, math.Ceil(float64(len(sorted))*percent/100)-1))]
	}
	out(object{
		"event": "pings", "pc": e.name, "sent": c.Count, "received": len(sorted), "min": rank(0), "p50": rank(50),
		"p95": rank(95), "p99": rank(99), "max": rank(100), "elapsed": elapsed,
	})
}

func channels(c *command) (object, error) {
	e, err := c.known()
	if err != nil {
		return nil, err
	}
	if c.Count < 1 || c.Count > 1e6 {
		return nil, fmt.Errorf("count is from 1 to 1000000")
	}
	batch := c.Batch
	if batch < 1 {
		batch = c.Count
	}
	go e.batches(c.Count, batch)
	return object{"ok": true}, nil
}

// Waits until so many have come, or the time is up.
func await(reached <-chan struct{}, size int) int {
	limit := time.After(stepTime)
	for i := 0; i < size; i++ {
		select {
		case <-reached:
		case <-limit:
			return i
		}
	}
	return size
}

func (e *end) batches(count, batch int) {
	opened, closed := 0, 0
	openMs, closeMs := 0.0, 0.0
	for from := 0; from < count; from += batch {
		size := batch
		if count-from < size {
			size = count - from
		}
		isOpen, isClosed := make(chan struct{}, size), make(chan struct{}, size)
		raws := make(chan datachannel.ReadWriteCloser, size)
		start := time.Now()
		for i := 0; i < size; i++ {
			channel, err := e.pc.CreateDataChannel("chan", nil)
			if err != nil {
				failure(e.name, "channels", err)
				return
			}
			channel.OnOpen(func() {
				raw, err := channel.Detach()
				if err != nil {
					return
				}
				raws <- raw
				isOpen <- struct{}{}
			})
		}
		reached := await(isOpen, size)
		opened += reached
		openMs += millis(start)
		start = time.Now()
		for i := 0; i < reached; i++ {
			raw := <-raws
			raw.Close()
			// its reading ends when the other side has closed, too
			go func() {
				buffer := make([]byte, 1024)
				for {
					if _, err := raw.Read(buffer); err != nil {
						isClosed <- struct{}{}
						return
					}
				}
			}()
		}
		closed += await(isClosed, reached)
		closeMs += millis(start)
	}
	out(object{
		"event": "channels", "pc": e.name, "count": count, "batch": batch, "opened": opened, "closed": closed,
		"failed": count - closed, "openMs": openMs, "closeMs": closeMs,
	})
}
