// SPDX-License-Identifier: GPL-3.0-or-later

// A Go program with objects, goroutines, and threads that are locked to them.
package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
)

var kept []*[16]int
var large [][]byte

func main() {
	for i := 0; i < 200000; i++ {
		kept = append(kept, &[16]int{i})
	}
	for i := 0; i < 10; i++ {
		block := make([]byte, 1<<20)
		for at := range block {
			block[at] = 1
		}
		large = append(large, block)
	}
	var made sync.WaitGroup
	for i := 0; i < 4; i++ {
		made.Add(1)
		go func() {
			runtime.LockOSThread()
			made.Done()
			select {}
		}()
	}
	made.Wait()
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
	runtime.KeepAlive(kept)
	runtime.KeepAlive(large)
}
