// Makes the calls by Go's net/http, with its default settings.
//
// Usage: client ADDRESS CALLS ROUNDS [packed]
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

func main() {
	address, isPacked := os.Args[1], len(os.Args) > 4
	calls, err := os.ReadFile(os.Args[2])
	if err != nil {
		panic(err)
	}
	rounds, _ := strconv.Atoi(os.Args[3])
	for made := 0; made < rounds; made++ {
		for _, line := range strings.Split(strings.TrimRight(string(calls), "\n"), "\n") {
			fields := strings.Split(line, "\t")
			if times, _ := strconv.Atoi(fields[3]); made >= times {
				continue
			}
			status, text := send(fields[1], address+fields[2], fields[4], fields[5], isPacked)
			fmt.Println(fields[0] + "\t" + strconv.Itoa(status) + "\t" + strings.Join(strings.Fields(text), " "))
		}
	}
}

// send gives the status and the text, or 0 and what went wrong.
func send(method, url, headers, body string, isPacked bool) (int, string) {
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	if isPacked && body != "" {
		content = packed(body)
	}
	request, err := http.NewRequest(method, url, content)
	if err != nil {
		return 0, err.Error()
	}
	for _, header := range strings.Split(headers, " | ") {
		if name, value, found := strings.Cut(header, ": "); found {
			request.Header.Set(name, value)
		}
	}
	if isPacked && body != "" {
		request.Header.Set("Content-Encoding", "gzip")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error()
	}
	return response.StatusCode, string(text)
}

func packed(body string) *bytes.Buffer {
	var buffer bytes.Buffer
	writer := gzip.NewWriter(&buffer)
	io.WriteString(writer, body)
	writer.Close()
	return &buffer
}
