// REST with Go's net/http: an address for each thing, HTTP's methods and status codes, JSON.
//
// Usage: go run rest.go [ADDRESS]
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
)

func main() {
	shop := append(os.Args, "http://127.0.0.1:8080")[1] + "/rest"

	// A user, by the address. encoding/json fills the fields by their names and skips the other members.
	var user struct {
		ID          int
		Name, Email string
	}
	call("GET", shop+"/users/1", "", &user)
	fmt.Printf("user %d: %s <%s>\n", user.ID, user.Name, user.Email)

	// A search. This is a page of up to 20 products; the next one is at `?after=` and the page's `next`.
	var page struct{ Items []struct{ Name string } }
	call("GET", shop+"/products?query=laptop", "", &page)
	fmt.Printf("found %d products, first %s\n", len(page.Items), page.Items[0].Name)

	// An order.
	var order struct {
		ID    int
		Lines []struct{ Quantity int }
		Total struct {
			Amount   int
			Currency string
		}
	}
	lines := `[{"product_id": 1, "quantity": 2}, {"product_id": 2, "quantity": 3}]`
	call("POST", shop+"/orders", `{"user_id": 1, "lines": `+lines+`}`, &order)
	cents := order.Total.Amount
	fmt.Printf("order %d: %d lines, %d.%02d %s\n", order.ID, len(order.Lines), cents/100, cents%100, order.Total.Currency)

	// An error: the status is 4xx or 5xx, and the body a problem document (RFC 9457).
	var problem struct{ Reason, Detail string }
	soldOut := `{"user_id": 1, "lines": [{"product_id": 10, "quantity": 1}]}`
	if status := call("POST", shop+"/orders", soldOut, &problem); status >= 400 {
		fmt.Printf("refused: %s: %s\n", problem.Reason, problem.Detail)
	}

	// Events, as the server sends them. `Last-Event-ID` is the cursor: 0 is the beginning of the log.
	request, _ := http.NewRequest("GET", shop+"/events", nil)
	request.Header = http.Header{"Accept": {"text/event-stream"}, "Last-Event-Id": {"0"}}
	stream := send(request)
	defer stream.Body.Close()
	for text := bufio.NewScanner(stream.Body); text.Scan(); {
		var event struct {
			Seq     int
			OrderID int `json:"order_id"`
			Status  string
		}
		if !strings.HasPrefix(text.Text(), "data: ") {
			continue
		}
		if err := json.Unmarshal(text.Bytes()[len("data: "):], &event); err != nil {
			log.Fatal(err)
		}
		if event.OrderID == order.ID {
			fmt.Printf("event %d: order %d is %s\n", event.Seq, event.OrderID, event.Status)
			return
		}
	}
}

// call sends a request, decodes the answer and returns its status.
func call(method, url, body string, answer any) int {
	request, _ := http.NewRequest(method, url, strings.NewReader(body))
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response := send(request)
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
		log.Fatal(err)
	}
	return response.StatusCode
}

func send(request *http.Request) *http.Response {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	return response
}
