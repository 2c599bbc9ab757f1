// REST with Go's net/http: an address for each thing, HTTP's methods and status codes, JSON.
//
// Usage: go run rest.go [ADDRESS]
package main

import (
	"bufio"
	"encoding/json"
	"errors"
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
	check(call("GET", shop+"/users/1", "", &user))
	fmt.Printf("user %d: %s <%s>\n", user.ID, user.Name, user.Email)

	// A search. This is a page of up to 20 products; the next one is at `?after=` and the page's `next`.
	var page struct{ Items []struct{ Name string } }
	check(call("GET", shop+"/products?query=laptop", "", &page))
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
	check(call("POST", shop+"/orders", `{"user_id": 1, "lines": `+lines+`}`, &order))
	cents := order.Total.Amount
	fmt.Printf("order %d: %d lines, %d.%02d %s\n", order.ID, len(order.Lines), cents/100, cents%100, order.Total.Currency)

	// An error.
	var problem Problem
	soldOut := `{"user_id": 1, "lines": [{"product_id": 10, "quantity": 1}]}`
	if err := call("POST", shop+"/orders", soldOut, &order); errors.As(err, &problem) {
		fmt.Printf("refused: %s: %s\n", problem.Reason, problem.Detail)
	}

	// Events, as the server sends them. `Last-Event-ID` is the cursor: 0 is the beginning of the log.
	request, err := http.NewRequest("GET", shop+"/events", nil)
	check(err)
	request.Header = http.Header{"Accept": {"text/event-stream"}, "Last-Event-Id": {"0"}}
	stream, err := http.DefaultClient.Do(request)
	check(err)
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
		check(json.Unmarshal(text.Bytes()[len("data: "):], &event))
		if event.OrderID == order.ID {
			fmt.Printf("event %d: order %d is %s\n", event.Seq, event.OrderID, event.Status)
			return
		}
	}
}

// Problem is the body of a refusal (RFC 9457), whose status is 4xx or 5xx.
type Problem struct{ Reason, Detail string }

func (problem Problem) Error() string { return problem.Reason + ": " + problem.Detail }

// call sends a request and decodes the answer.
func call(method, url, body string, answer any) error {
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 400 {
		var problem Problem
		if err := json.NewDecoder(response.Body).Decode(&problem); err != nil {
			return err
		}
		return problem
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
